"""Counts since a beginning, told at two times of one text, never fall: 【二季度末】累計…；【三季度末】累計….

The two are told by the same words, each after a time of its own. Where one sentence tells the earlier, what came and
what it came to, the sum says more, and this is said beside it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from flows.record import Claim
from flows.relate.cues import cues, worded
from flows.relate.reading import Item, Passage, Reading, alike

_COUNTED_UP = cues("cumulative", "counted_up")
_EVER = cues("cumulative", "ever")
_NO_NAME = worded(r"<net_flow.no_name>|<cumulative.when>|【.*?】|[^\u4e00-\u9fff]")
_UNTIL = worded(r"<cumulative.until>")
#: A day, a month that is over, a span of months, a quarter or half: the month and day that it ends with.
_TIMES = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)年)?(?:(?P<month>\d{1,2})月(?:份)?(?:(?P<day>\d{1,2})[日号])?"
    r"|前(?P<months>[一二两三四五六七八九十]{1,2}|\d{1,2})个?月|(?P<quarters>[前第]?[一二两三四1-4])个?季度?|(?P<half>上半年)|(?P<all>全年|年末|年底))"
)
_DIGITS = "一二三四五六七八九十"
_LEAST_NAME = 3
_END_OF_MONTH = 31
_OF_SUM = 2


class _Level(NamedTuple):
    """A count and the time it is told at: year, month and day, each 0 where it is not told."""

    item: Item
    name: str
    time: tuple[int, int, int]


def relate_cumulatives(reading: Reading, passages: Sequence[Passage]) -> None:
    """Cumulative claims of counts told again at a later time, and of those a sum leads from one to the other."""
    levels: list[_Level] = []
    for passage in passages:
        if _EVER.search(passage.text) is not None:
            levels.extend(_levels(passage))
    for at, later in enumerate(levels):
        for earlier in reversed(levels[:at]):
            if _is_same(earlier, later) and _is_before(earlier.time, later.time):
                cue = reading.cue(_COUNTED_UP, later.item.start - len(later.item.clause), later.item.start)
                reading.add("cumulative", later.item, [earlier.item], [cue], rule="cumulative.later")
                break
    _of_sums(reading, passages)


def _levels(passage: Passage) -> Iterator[_Level]:
    for item in passage.items:
        if item.role != "quantity" or not _EVER.search(item.label):
            continue
        name = _NO_NAME.sub("", item.label)
        times = list(_TIMES.finditer(passage.between(passage.span.start, item.start)))
        if len(name) >= _LEAST_NAME and times:
            yield _Level(item, name, _time(times[-1]))


def _time(told: "re.Match[str]") -> tuple[int, int, int]:
    year = int(told["year"] or 0)
    if told["month"]:
        return year, int(told["month"]), int(told["day"] or _END_OF_MONTH)
    if told["months"]:
        return year, _number(told["months"]), _END_OF_MONTH
    if told["quarters"]:
        return year, 3 * _number(told["quarters"].lstrip("前第")), _END_OF_MONTH
    return year, 6 if told["half"] else 12, _END_OF_MONTH


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    if word == "两":
        return 2
    return _DIGITS.find(word) + 1 if len(word) == 1 else 10 + _DIGITS.find(word[1]) + 1


def _is_same(one: _Level, other: _Level) -> bool:
    return one.name == other.name and alike(one.item, other.item) and one.item.depth == other.item.depth


def _is_before(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    """Whether the one time is before the other, of one year: many a count begins anew with the next."""
    return (one[0] == other[0] or not (one[0] and other[0])) and one[1:] < other[1:]


def _of_sums(reading: Reading, passages: Sequence[Passage]) -> None:
    """截至上週日已接種32,418人次，本週再接種1,905人次，累計34,323人次: the count now is not below the one before."""
    items = {item.start: item for passage in passages for item in passage.items}
    for claim in [c for c in reading.claims if c.kind in ("sum", "net_flow") and len(c.operands) == _OF_SUM]:
        whole, *parts = [items.get(start) for start in _starts(claim)]
        if whole is None or None in parts or not _EVER.search(whole.label) or any(w < 0 for w in claim.weights):
            continue
        before = [part for part in parts if part is not None and _UNTIL.search(part.clause)]
        if len(before) == 1:
            cue = reading.cue(_EVER, whole.start - len(whole.label), whole.start)
            reading.add("cumulative", whole, before, [cue], rule="cumulative.of_sum")


def _starts(claim: Claim) -> list[int]:
    return [int(name.rpartition("#")[2]) for name in (claim.result, *claim.operands)]
