"""Rates whose name says what they are of what (`seeds/vocabulary/named_rates.csv`): 城鎮化率, 資產負債率."""

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from flows.record.vocabulary import vocabulary, words
from flows.relate.levels import EARLIER, is_increment
from flows.relate.reading import Item, Passage, alike, counters, similarity

#: A quotient further from the printed rate than this is of another scope, not a misprint.
_REACH = Fraction(3, 2)
_HALF = Fraction(1, 2)
#: How many of its unit make one: 現金短債比1.40倍.
_SCALES = {"%": 100, "": 100, "倍": 1}


class NamedRate(NamedTuple):
    """The names of a rate, and the words of its part and its whole."""

    names: re.Pattern[str]
    part: re.Pattern[str]
    whole: re.Pattern[str]


@lru_cache(maxsize=1)
def _named_rates() -> tuple[NamedRate, ...]:
    return tuple(
        NamedRate(*(re.compile("|".join(map(re.escape, words(row[column])))) for column in ("rate", "part", "whole")))
        for row in vocabulary("named_rates")
    )


@lru_cache(maxsize=1)
def _any_name() -> "re.Pattern[str]":
    return re.compile("|".join(rate.names.pattern for rate in _named_rates()))


def part_and_whole(passage: Passage, rate: Item) -> tuple[Item, Item] | None:
    """The two figures that the rate's name asks for, where one of each is told here or in the next sentence."""
    name = _any_name().search(rate.label)
    if name is None or rate.figure.unit not in _SCALES:
        return None
    named = next(known for known in _named_rates() if known.names.search(name.group()))
    part = _only(named.part, passage.items, rate) or _just_before(named.part, passage.items, rate)
    if part is None:
        return None
    others = [i for i in passage.items if i is not part]
    whole = (
        _only(named.whole, others, rate)
        or _only_in(passage.beside(-1), named, rate)
        or _largest(named.whole, others, part)
        or _in_next(passage, named, rate)
    )
    counted = whole is not None and {part.figure.unit, whole.figure.unit} <= counters()
    if whole is None or not (alike(part, whole) or counted):
        return None
    of_whom = rate.label[: name.start()]
    if of_whom and similarity(of_whom, part.label + whole.label) < _HALF:
        return None  # 城鎮居民食品支出8,352元，農村居民恩格爾係數32.4%
    return (part, whole) if is_plausible(rate, part, whole, _SCALES[rate.figure.unit]) else None


def _only(pattern: "re.Pattern[str]", items: Sequence[Item], rate: Item) -> Item | None:
    """The one level among the items that the words name."""
    told = [
        i for i in items
        if i.role == "quantity" and i.group == rate.group and i.depth == rate.depth
        and pattern.search(i.label) and not EARLIER.search(i.label) and not is_increment(i)
    ]  # fmt: skip
    return told[0] if len(told) == 1 else None


def _just_before(pattern: "re.Pattern[str]", items: Sequence[Item], rate: Item) -> Item | None:
    """Of several the one that the rate follows: 甲得3,104票，得票率54.3%，乙得2,612票."""
    return _only(pattern, items[rate.index - 1 : rate.index], rate) if rate.index else None


def _only_in(passage: Passage | None, named: NamedRate, rate: Item) -> Item | None:
    """The whole told once in the sentence before."""
    if passage is None:
        return None
    told = [i for i in passage.items if i.role == "quantity" and not i.depth and named.whole.search(i.label)]
    told = [i for i in told if not EARLIER.search(i.label) and not is_increment(i)]
    return told[0] if len(told) == 1 else None


def _largest(pattern: "re.Pattern[str]", items: Sequence[Item], part: Item) -> Item | None:
    """Of several in any part of the sentence the largest, where it is told first: 常住人口, 鄉村常住人口."""
    told = [i for i in items if pattern.search(i.label) and alike(i, part)]
    told = [i for i in told if not EARLIER.search(i.label) and not is_increment(i)]
    value = [i.amount for i in told]
    return told[0] if told and value[0] == max(value) else None


def _in_next(passage: Passage, named: NamedRate, rate: Item) -> Item | None:
    following = passage.beside(1)
    return None if following is None or rate.group else _only(named.whole, following.items, rate)


def is_plausible(rate: Item, part: Item, whole: Item, scale: int) -> bool:
    """Whether the printed rate is near enough to that of the two for a misprint; `scale` is 100 for percent."""
    printed, top, bottom = rate.figure.value, part.figure.value, whole.figure.value
    if not printed or not top or not bottom:
        return False
    reckoned = scale * top * part.factor / (bottom * whole.factor)
    return reckoned <= printed * _REACH and printed <= reckoned * _REACH
