"""Rates that no word binds to their figures, but arithmetic does: taken last, of what the sentence has left.

A printed rate of three digits that the quotient of two figures beside it gives is no chance. Where the sentence
has only one pair that it could be of, one slip is allowed.
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from flows.relate.fits import is_within_a_slip, meets, printed, quotient
from flows.relate.levels import cue_before, is_increment
from flows.relate.reading import Item, Passage, alike

_GROWS = re.compile(r"增|降|涨|跌|升|减|同比|环比|比上|较|提高|回落|年均|拉动|贡献")
_SHARE = re.compile(r"[占比率面度]|比重|比例|进度|的")
_CONSTANT = re.compile(r"不变价|可比|实际|扣除|剔除|生产总值|增加值|GDP")
_PLANNED = re.compile(r"上年|去年|同期")
_WINDOW = 5


def relate_agreement(passage: Passage, bound: set[int]) -> None:
    """Shares and growth of the rates that are the result of no claim yet; `bound`: the starts of those that are."""
    for rate in passage.items:
        if rate.role != "rate" or rate.figure.unit != "%" or rate.start in bound or rate.figure.hedge:
            continue
        pool = [
            i for i in passage.items[max(0, rate.index - _WINDOW) : rate.index + 3]
            if i.role == "quantity" and i.figure.value and i.group == rate.group
        ]  # fmt: skip
        if _GROWS.search(rate.label):
            _increment_after(passage, rate, pool)
        elif _SHARE.search(rate.label):
            _share(passage, rate, pool)


def _share(passage: Passage, rate: Item, pool: Sequence[Item]) -> None:
    pairs = [(a, b) for a in pool for b in pool if a is not b and alike(a, b) and _is_larger(b, a)]
    pairs = [p for p in pairs if not any(i.index and _PLANNED.search(i.label) for i in p)]
    pairs.sort(key=lambda p: abs(p[0].index - rate.index) + abs(p[1].index - rate.index))
    chosen = next((p for p in pairs if _fits(rate, *p)), None)
    if chosen is not None and len(pairs) > 1 and _digits(rate) < 3:
        return
    if chosen is None and len(pairs) == 1 and _digits(rate) >= 3 and is_within_a_slip(rate, *pairs[0], 100):
        chosen = pairs[0]
    if chosen is not None:
        passage.reading.add("share", rate, chosen, [cue_before(passage, _SHARE, rate)], rule="share.agrees")


def _increment_after(passage: Passage, rate: Item, pool: Sequence[Item]) -> None:
    """同比增長6.9%，增收1.2億元: the increment told after its rate."""
    after = [i for i in pool if i.index == rate.index + 1 and is_increment(i)]
    before = [i for i in pool if i.index == rate.index - 1 and after and alike(i, after[0])]
    if not after or not before or _CONSTANT.search(passage.between(passage.span.start, rate.end)):
        return
    cue = cue_before(passage, _GROWS, rate)
    passage.reading.add("growth_from_increment", rate, [before[0], after[0]], [cue], rule="growth.increment_after")


def _fits(rate: Item, top: Item, whole: Item) -> bool:
    image = quotient(top, whole, 100)
    return image != (None, None) and meets(printed(rate), image)


def _is_larger(whole: Item, part: Item) -> bool:
    return (whole.figure.value or Fraction(0)) * whole.factor >= (part.figure.value or Fraction(0)) * part.factor


def _digits(rate: Item) -> int:
    return sum(1 for char in rate.figure.quote if char.isdigit())
