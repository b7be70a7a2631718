"""Figures whose names say what makes up what, where no word does (`seeds/vocabulary/named_sums.csv`).

資產 is 負債 and 所有者權益; those for, against and abstaining are all who voted; 稅後淨利 is 稅前淨利 less 所得稅. Each
must be told once, close together; where they do not agree, they must nearly.
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from flows.record import Span
from flows.record.vocabulary import vocabulary
from flows.relate.cues import cues
from flows.relate.fits import adds_up, are_near, nearly_adds_up
from flows.relate.levels import EARLIER, is_increment
from flows.relate.reading import Item, Passage, addable, counters

#: Figures that do not agree are of one scope where neither side is so many times the other.
_NEAR = Fraction(5, 4)
#: A mean, a growth, a plan are no part of it.
_NO_PART = cues("sum", "no_named_part")


class NamedSum(NamedTuple):
    """The words before a whole and before each of its parts; `weights` are 1 for what is added, -1 for what is not."""

    whole: re.Pattern[str]
    parts: list[re.Pattern[str]]
    weights: list[int]
    cue: re.Pattern[str]


@lru_cache(maxsize=1)
def _named_sums() -> tuple[NamedSum, ...]:
    return tuple(_named_sum(row) for row in vocabulary("named_sums"))


def _named_sum(row: dict[str, str]) -> NamedSum:
    added, taken = ([words for words in row[column].split(";") if words] for column in ("parts", "less"))
    parts = [re.compile(rf"(?:{part})[^，,;；。0-9]{{0,8}}$") for part in (*added, *taken)]
    weights = [1] * len(added) + [-1] * len(taken)
    return NamedSum(
        re.compile(rf"(?:{row['whole']})[^，,;；。0-9]{{0,8}}$"), parts, weights, re.compile((taken or added)[-1])
    )


@lru_cache(maxsize=1)
def _any_cue() -> "re.Pattern[str]":
    return re.compile("|".join(dict.fromkeys(named.cue.pattern for named in _named_sums())))


def relate_named_sums(passage: Passage) -> None:
    """Sums and differences of what is told here by name; the whole may stand in the sentence before."""
    if _any_cue().search(passage.text) is None:
        return
    for named in _named_sums():
        if named.cue.search(passage.text):
            _relate(passage, named)


def _relate(passage: Passage, named: NamedSum) -> None:
    parts: list[Item] = []
    for pattern in named.parts:
        told = _told(passage.items, pattern)
        if len(told) != 1 and -1 in named.weights and (previous := passage.beside(-1)) is not None and not told:
            told = _told(previous.items, pattern)
        if len(told) != 1 or told[0] in parts:
            return
        parts.append(told[0])
    whole = _whole(passage, named, parts)
    if whole is None:
        return
    reading = passage.reading
    cue = Span(whole.start - len(whole.label), whole.start)
    if named.weights == [1, -1]:
        added = reading.add("difference", whole, parts, [cue], rule="difference.named_sum")
    else:
        weights = named.weights if -1 in named.weights else ()
        added = reading.add("sum", whole, parts, [cue], weights=weights, rule="sum.named")
    if added:
        reading.bound.update((whole.start, part.start) for part in parts)


def _told(items: Sequence[Item], pattern: "re.Pattern[str]") -> list[Item]:
    return [
        i for i in items
        if i.role == "quantity" and pattern.search(i.label)
        and not EARLIER.search(i.label) and not is_increment(i) and not _NO_PART.search(i.label)
    ]  # fmt: skip


def _whole(passage: Passage, named: NamedSum, parts: Sequence[Item]) -> Item | None:
    previous = passage.beside(-1)
    for items in (passage.items, previous.items if previous is not None else ()):
        wholes = [i for i in _told(items, named.whole) if i not in parts and all(_may_add(i, part) for part in parts)]
        near = [whole for whole in wholes if _is_near(whole, parts, named.weights)]
        if wholes:
            return near[0] if len(near) == 1 else None
    return None


def _may_add(whole: Item, part: Item) -> bool:
    """`addable`, or both counted: 61,740人 voted, 60,988張 of the votes are valid."""
    return addable(whole, part) or (whole.figure.unit in counters() and part.figure.unit in counters())


def _is_near(whole: Item, parts: Sequence[Item], weights: Sequence[int]) -> bool:
    if adds_up(whole, parts, weights) or nearly_adds_up(whole, parts, weights):
        return True
    value = whole.amount
    total = sum((p.amount * w for p, w in zip(parts, weights, strict=True)), Fraction(0))
    return value > 0 and are_near(value, total, _NEAR)
