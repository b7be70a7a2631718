"""Lists that do not add up but say that they leave nothing out: 共收到126條，採納83條，部分採納29條，未採納40條.

Whoever misprints a part of a whole leaves the words as they are. So the row of amounts right after a whole is weighed:
what is left or denied at its end closes it, words that open a whole list, a whole that is told as one, parts that are
told alike, a slip that explains it, a small gap speak for it; words of an open list against it. Enough of that, and it
is claimed as a sum, which the judge then finds broken.
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from flows.record import Span
from flows.relate.cues import cues, worded
from flows.relate.equations import Told, amounts_of, is_long
from flows.relate.fits import adds_up, are_near, nearly_adds_up
from flows.relate.heads import is_closed, is_complementary
from flows.relate.levels import EARLIER, is_increment, is_whole_of_share
from flows.relate.reading import Item, Passage, Reading, alike, counters

_WHOLE = cues("sum", "whole")
_OPENS_WHOLE = worded(r"<sum.respectively>|分为|分[^，,;；。0-9]{0,2}[:：]|由|[按从][^，,;；:：。0-9]{1,12}?[分看划]")
_OPENS = worded(r"<sum.introduces>|<subset.part_of>|[:：(]|[中里][，,]")
_TAKES_APART = worded(r"\s*(?:<subset.part_of>|[按从分][^，,;；:：。0-9]{1,12}?[分看划])")
_OPEN = worded(r"<open_list.not_all>|<sum.remainder>|^等")
_OPEN_END = re.compile(r"[^，,;；。、0-9]{0,4}等")
_PART_OF = cues("subset", "part_of")
_DENIED = worded(r"<sum.denied>([\u4e00-\u9fff]{2})")
_ENDS = worded(r"<sum.total>|累计|同期|<growth.against>")
_PAIR = 2
#: A whole of fewer last places than this proves nothing.
_LEAST = 30
_ENOUGH = 4
_NEAR = Fraction(5, 4)
_CLOSE = Fraction(51, 50)
_NAME = 10
#: Figures further on than this are not asked.
_NEAR_BY = 16
_JOINS = frozenset("、和及与")


def relate_stated(reading: Reading, passages: Sequence[Passage]) -> None:
    """Sums of the lists of each of `passages` that state to be whole, where no claim explains the whole."""
    told = Told(reading)
    for passage in passages:
        amounts = amounts_of(passage)
        for at, whole in enumerate(amounts):
            if whole.start in told.by_result or not is_long(whole) or is_increment(whole):
                continue
            if EARLIER.search(whole.label):
                continue
            row = _row(passage, whole, amounts[at + 1 : at + _NEAR_BY])
            if len(row) < _PAIR or any(told.binds(part) for part in row):
                continue
            if _weight(passage, whole, row) >= _ENOUGH:
                span = Span(whole.end, row[0].start)
                for claim in told.broken_within(whole, row):  # 採納 less 部分採納 is not what is left of the whole
                    reading.withdraw(claim)
                if reading.add("sum", whole, row, [span], rule="stated.list"):
                    reading.bound.update((whole.start, part.start) for part in row)


def _row(passage: Passage, whole: Item, following: Sequence[Item]) -> list[Item]:
    """The amounts of one unit right after the whole, in its own part of the sentence, or in the next sentence where
    it is the last of its own."""
    following = [i for i in following if i.group == whole.group]
    beside = next((i for i in following if i.depth == whole.depth), whole)
    if _is_joined(whole) or _is_joined(beside):
        return []  # 確診病例24例和無症狀感染者734例，其中…: parts of two wholes
    own = [i for i in following if _is_part(passage, i, whole)]
    if not own and (after := passage.beside(1)) is not None and _TAKES_APART.match(after.text):
        own = [i for i in amounts_of(after) if i.group == after.items[0].group and _is_part(after, i, whole)]
    if len(own) < _PAIR:
        return []
    row = own[:1]
    for one, other in pairwise(own):
        between = passage.between(one.end, other.start)
        if (
            other.base != row[0].base
            or _ENDS.search(other.label)
            or _PART_OF.search(other.gap)
            or _OPEN_END.match(between)
        ):
            break
        row.append(other)
    return row


def _is_joined(item: Item) -> bool:
    """Whether it is told as one of several: 確診24例（含轉歸2例）和無症狀734例."""
    at = item.gap.rfind(")") + 1
    return item.index > 0 and item.gap[at : at + 1] in _JOINS


def _is_part(passage: Passage, item: Item, whole: Item) -> bool:
    if item.depth != whole.depth or not (alike(item, whole) or _are_counted(item, whole)):
        return False
    if item.amount >= whole.amount or is_increment(item) or EARLIER.search(item.label):
        return False
    return not is_whole_of_share(passage, item)


def _are_counted(one: Item, other: Item) -> bool:
    return one.figure.unit in counters() and other.figure.unit in counters()


def _weight(passage: Passage, whole: Item, row: Sequence[Item]) -> int:
    """What speaks for the row as all of the whole, less what speaks against it."""
    lead = passage.between(whole.end, row[0].start)
    end = passage.between(row[-1].end, row[-1].end + 6)
    if _OPEN.search(lead) or _OPEN_END.match(end):
        return 0
    weights = [1] * len(row)
    made = sum((part.amount for part in row), Fraction(0))
    if not are_near(made, whole.amount, _NEAR):
        return 0
    agrees = 2 * adds_up(whole, row, weights) or nearly_adds_up(whole, row, weights, _LEAST)
    weight = 2 * (is_closed(row) or is_complementary(row) or _ends_denied(row))
    weight += 2 * bool(_OPENS_WHOLE.search(lead)) or bool(_OPENS.search(lead))
    weight += bool(_WHOLE.search(whole.label))
    weight += _are_told_alike(passage, row)
    weight += agrees + are_near(made, whole.amount, _CLOSE)
    return weight - 2 * (not alike(whole, row[0]) and not re.search("[中里][，,]", lead))


def _ends_denied(row: Sequence[Item]) -> bool:
    """Whether the last of the row is what the ones before it are not: 採納, 部分採納, 未採納."""
    denied = _DENIED.search(row[-1].words)
    return denied is not None and any(denied.group(1) in part.words for part in row[:-1])


def _are_told_alike(passage: Passage, row: Sequence[Item]) -> bool:
    """Whether nothing but a name stands before each: no clause, no other figure."""
    return all(
        other.index == one.index + 1 and _is_bare(one, other) and 0 < len(other.label or other.tail) <= _NAME
        for one, other in pairwise(row)
    )


def _is_bare(one: Item, other: Item) -> bool:
    """Whether there is one mark between the words after the one and those before the other."""
    return len(other.gap) <= len(one.tail) + len(other.label) + 1
