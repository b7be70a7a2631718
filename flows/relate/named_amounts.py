"""Totals and differences of amounts that are named: 甲、乙兩港區合計10.0萬, 支出比收入多1,101.7億元.

A name is what stands before the amount, or, of a list told with 分別, the name in its place before the list. Totals are
also told of the first or last so many (後兩個合共21.1萬). The amounts may be told sentences before.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from flows.record import Span
from flows.relate.averages import is_mean
from flows.relate.cues import cues, worded
from flows.relate.fits import adds_up, are_near, nearly_adds_up
from flows.relate.levels import EARLIER, is_increment
from flows.relate.reading import Item, Passage, alike

_TOTAL = worded(r"<sum.total>|<sum.added_up>|(?!<sum.no_joint>)(?<!公)共")
_JOIN = re.compile(r"[、和及与]|以及|连同|加上?")
_SO_MANY = worded(r"([首前头后末尾]?)([一二两三四五六七八九十2-9])<sum.so_many>")
#: Before a number: the last so many.
_LAST = frozenset("后末尾")
_DIGITS = "一二三四五六七八九十"
_YEARS = re.compile(r"((?:19|20)\d\d)年?(?:至|到|[-—–~～])+((?:19|20)\d\d)年")
_THAN = worded(
    r"([\u4e00-\u9fff\d]{0,10}?)(?<![同环])(?:比(?![重例率])|较)([\u4e00-\u9fff\d]{1,10}?)(<difference.apart>)[出了]?约?"
)
_NO_ONE = worded(r"<difference.no_name>|<time.before>")
_LESS = cues("difference", "fall")
_BACK = 2
#: What does not agree is a misprint where neither side is so many times the other.
_NEAR = Fraction(5, 4)
_NEAR_APART = Fraction(3, 2)


class _Named(NamedTuple):
    item: Item
    name: str


def relate_named_amounts(passage: Passage) -> None:
    """Totals and differences of named amounts that the sentence tells."""
    told: list[_Named] | None = None
    for item in passage.items:
        if item.role != "quantity" or not item.base:
            continue
        is_total = _TOTAL.search(item.label) is not None
        than = None if is_total else _THAN.fullmatch(item.label)
        if not is_total and than is None:
            continue
        if told is None:
            told = list(_named(passage))
        same = [n for n in told if n.item.start < item.start and alike(n.item, item)]
        if is_total:
            _total(passage, item, same)
        elif than is not None:
            _apart(passage, item, than, same)


def _named(passage: Passage) -> Iterator[_Named]:
    """The amounts of the sentence and those before it with their names, in order."""
    for back in range(_BACK, -1, -1):
        at = passage if not back else passage.beside(-back)
        if at is None:
            continue
        listed = _respective(at)
        for item in at.items:
            if item.role == "quantity" and item.base and not is_mean(item):
                yield _Named(item, listed.get(item.start) or item.label or item.tail)


def _respective(passage: Passage) -> dict[int, str]:
    """The names of the amounts of lists told with 分別: those before it, as many as amounts."""
    found: dict[int, str] = {}
    for first in passage.items:
        lead, told, _ = first.clause.partition("分别")
        if not told or (first.index and "分别" not in first.gap):
            continue
        run = [first]
        for item in passage.items[first.index + 1 :]:
            if not alike(item, first) or _JOIN.fullmatch(item.gap) is None:
                break
            run.append(item)
        years = _YEARS.search(passage.between(passage.span.start, first.start))
        if years is not None:
            names = [f"{year}年" for year in range(int(years.group(1)), int(years.group(2)) + 1)]
        else:
            names = [piece for piece in _JOIN.split(lead) if piece]
        if len(names) == len(run) > 1:
            found.update((item.start, name) for item, name in zip(run, names, strict=True))
    return found


def _total(passage: Passage, total: Item, same: Sequence[_Named]) -> None:
    """The sum of those that stand before the word of the total, or of the first or last so many."""
    cue = _TOTAL.search(total.label)
    if cue is None or total.start in passage.reading.results:
        return
    words = total.clause[: len(total.clause) - len(total.label) + cue.start()]
    for parts in _of_total(words, total, [n for n in same if not is_increment(n.item)]):
        weights = [1] * len(parts)
        made = sum((part.amount for part in parts), Fraction(0))
        if (
            adds_up(total, parts, weights)
            or nearly_adds_up(total, parts, weights)
            or are_near(made, total.amount, _NEAR)
        ):
            span = Span(total.start - len(total.label), total.start)
            if passage.reading.add("sum", total, parts, [span], rule="named.total"):
                passage.reading.bound.update((total.start, part.start) for part in parts)
            return


def _of_total(words: str, total: Item, same: Sequence[_Named]) -> Iterator[list[Item]]:
    told = _SO_MANY.search(words)
    names = [piece for piece in _JOIN.split(words[: told.start()] if told else words) if piece]
    if len(names) > 1:
        found = [_by_name(name, [n for n in same if not _TOTAL.search(n.item.label)]) for name in names]
        parts = [items[-1] for items in found if items]
        if len(parts) == len(names) == len({part.start for part in parts}):
            yield sorted(parts, key=lambda part: part.start)
    if told is None:
        return
    count = _DIGITS.find(told.group(2)) + 1 or (2 if told.group(2) == "两" else int(told.group(2)))
    listed = _last_list(total, same)
    if told.group(1) in _LAST:
        chosen = listed[-count:]
    elif told.group(1):
        chosen = listed[:count]
    else:
        chosen = listed if len(listed) == count else []
    if len(chosen) == count > 1:
        yield chosen


def _last_list(total: Item, same: Sequence[_Named]) -> list[Item]:
    """The amounts of the last list told before, joined by 、 and 和."""
    run: list[Item] = []
    for named in reversed(same):
        item = named.item
        if _TOTAL.search(item.label):
            if run:
                break
            continue
        if run and not (run[0].index == item.index + 1 and _JOIN.fullmatch(run[0].gap)):
            break
        run.insert(0, item)
    return run


def _by_name(name: str, same: Sequence[_Named]) -> list[Item]:
    """The amounts of the name, or of what it ends with."""
    found = [n.item for n in same if name in n.name]
    if not found:
        found = [n.item for n in same if n.name and len(n.name) < len(name) and n.name in name]
    return found or [n.item for n in same if len(name) > 2 and name[-2:] in n.name]


def _apart(passage: Passage, change: Item, than: "re.Match[str]", same: Sequence[_Named]) -> None:
    """What one that is named is more or less than another."""
    one, other, word = than.groups()
    dated = re.fullmatch(r"(?:19|20)\d\d年?", other) is not None
    if not dated and (_NO_ONE.search(other) or _NO_ONE.search(one)):
        return
    levels = [n for n in same if not is_increment(n.item) and not EARLIER.search(n.item.label)]
    others = [i for i in _by_name(other, levels) if not (one and one in i.label)]
    ones = _by_name(one, levels) if one else [n.item for n in levels[-1:]]
    pairs = [(a, b) for a, b in product(reversed(ones), reversed(others)) if a is not b]
    if not pairs or change.start in passage.reading.results:
        return
    if _LESS.search(word):
        pairs = [(b, a) for a, b in pairs]
    chosen = next((p for p in pairs if adds_up(p[0], [p[1], change], [1, 1])), None)
    if chosen is None:
        a, b = pairs[0]
        slips = nearly_adds_up(a, [b, change], [1, 1]) or are_near(a.amount - b.amount, change.amount, _NEAR_APART)
        chosen = (a, b) if slips else None
    if chosen is not None:
        span = Span(change.start - len(change.label), change.start)
        passage.reading.add("difference", change, chosen, [span], rule="named.apart")
