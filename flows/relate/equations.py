"""Sums that hold among the amounts of a paragraph whatever words stand between them: 不過夜旅客171.1萬人次，佔54.5%；
留宿旅客142.6萬人次, of 313.8萬人次 told a sentence before.

Rules bind a whole and its parts by the words between them, and a hand that nobody foresaw puts other words there. That
a figure is made up of those that stand in a row after it or before it, to three digits and more, is no chance,
whatever the words are. So each figure that no claim explains is tried with the rows there are, and the chance that one
of so many agrees must be small. A sum by words that does not agree gives way to one of the same whole that does.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import lcm
from typing import NamedTuple

from flows.record import Claim, Span
from flows.relate.averages import is_mean
from flows.relate.cues import cues
from flows.relate.fits import bounds, meets, weighted
from flows.relate.heads import BALANCE
from flows.relate.levels import EARLIER, is_increment
from flows.relate.reading import PEOPLE, Item, Passage, Reading

#: So many sentences back in the paragraph the other side of a sum may stand.
_BACK = 2
#: Amounts of one unit further back than this are not asked.
_NEAR = 14
_MOST_PARTS = 8
#: What the trials of a whole may come to, all together, as the chance that figures without relation agree: where a
#: word of a whole or of parts speaks for it, and where none does.
_CHANCE = Fraction(1, 16)
#: A whole of fewer last places than this has no less a chance.
_LEAST = 32
_CHANCE_WITHOUT_WORDS = Fraction(1, 80)
_WHOLE = cues("sum", "whole")
#: Names of peers are told alike: 甲隊得74分，乙隊得68分，丙隊得142分.
_NAME_OF_PEER = 3
_PLANNED = cues("sum", "planned")
_PART_OF = cues("subset", "part_of")
LINEAR = frozenset({"sum", "stock_identity", "net_flow", "difference", "contribution"})
#: What joins the figures of a list: no row begins in the midst of one.
_JOINS = frozenset("、和及与")
#: Marks that end a part of a sentence.
_PARTS_OF_TEXT = frozenset("；;")
_PAIR = 2
_ANY_PERSON = "人"
_ONE = Fraction(1)


class Amount(NamedTuple):
    """An amount with its bounds in whole numbers of a small part of its unit: many sums are asked."""

    item: Item
    low: int
    high: int
    is_head: bool  # the first of its kind in its sentence, in its part of one, or behind a word that opens a list


class Row(NamedTuple):
    """Amounts side by side that may make up a whole, in order, and the bounds of what they make."""

    parts: tuple[Item, ...]
    low: int
    high: int


def relate_equations(reading: Reading, passages: Sequence[Passage]) -> None:
    """Sums among the amounts of each of `passages` and the sentences before it in its paragraph."""
    told = Told(reading)
    for passage in passages:
        for amounts in _of_a_unit(passage, told):
            _relate(passage, amounts, told)


class Told:
    """What the claims so far say of a figure."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.by_result: dict[int, list[Claim]] = {}
        self.by_part: dict[int, list[Claim]] = {}
        for claim in reading.claims:
            if claim.kind in LINEAR and claim.result:
                self.add(claim)

    @cached_property
    def items(self) -> dict[int, Item]:
        return {item.start: item for passage in self.reading.passages for item in passage.items}

    def add(self, claim: Claim) -> None:
        self.by_result.setdefault(_start(claim.result), []).append(claim)
        for name in claim.operands:
            self.by_part.setdefault(_start(name), []).append(claim)

    def binds(self, part: Item) -> bool:
        """Whether a claim that agrees makes the figure a part."""
        return any(self.holds(claim) for claim in self.by_part.get(part.start, ()))

    def broken_within(self, whole: Item, row: Sequence[Item]) -> list[Claim]:
        """Claims that do not agree, of figures of the list alone."""
        members = {whole.start, *(part.start for part in row)}
        claims = [claim for start in sorted(members) for claim in self.by_result.get(start, ())]
        return [c for c in claims if {_start(name) for name in c.operands} <= members and not self.holds(c)]

    def broken(self, whole: Item) -> list[Claim]:
        return [claim for claim in self.by_result.get(whole.start, ()) if not self.holds(claim)]

    def is_explained(self, whole: Item) -> bool:
        return any(self.holds(claim) for claim in self.by_result.get(whole.start, ()))

    def holds(self, claim: Claim) -> bool:
        """Whether it agrees; so it does where a member is no amount of the prose."""
        members = [self.items.get(_start(name)) for name in (claim.result, *claim.operands)]
        if None in members:
            return True
        whole, *parts = [item for item in members if item is not None]
        weights = [int(weight) for weight in claim.weights] or [1] * len(parts)
        if claim.kind == "difference":
            weights = [1, -1]
        return meets(bounds(whole), weighted(parts, weights))


def _start(name: str) -> int:
    return int(name.rpartition("#")[2])


def _of_a_unit(passage: Passage, claims: Told) -> Iterator[list[Amount]]:
    """The amounts of each unit, in order, of the sentence and those before it; at least one is the sentence's own."""
    classes: dict[str, list[Item]] = {}
    heads: set[int] = set()
    for back in range(_BACK, -1, -1):
        at = passage if not back else passage.beside(-back)
        if at is None:
            continue
        seen: set[str] = set()
        for item in amounts_of(at):
            unit = _ANY_PERSON if item.base in PEOPLE else item.base
            classes.setdefault(unit, []).append(item)
            if unit not in seen or item.gap[:1] in _PARTS_OF_TEXT or _PART_OF.search(item.gap):
                heads.add(item.start)
                seen.add(unit)
    for told in classes.values():
        if len(told) > _PAIR and told[-1].start >= passage.span.start:
            told = told[-_NEAR:]
            if any(_may_be_whole(item, claims) for item in told):
                yield list(_in_whole_numbers(told, heads))


def _in_whole_numbers(items: Sequence[Item], heads: set[int]) -> Iterator[Amount]:
    ends = [(i, i.low.as_integer_ratio(), i.high.as_integer_ratio()) for i in items if i.low is not None and i.high]
    part = lcm(*(end[1] for _, low, high in ends for end in (low, high)))
    for item, (low, below), (high, under) in ends:
        yield Amount(item, low * (part // below), high * (part // under), item.start in heads)


def amounts_of(passage: Passage) -> list[Item]:
    """The exact amounts of the sentence, in order."""
    kept = passage.reading.amounts
    if passage.index not in kept:
        kept[passage.index] = [item for item in passage.items if is_amount(item)]
    return kept[passage.index]


def is_amount(item: Item) -> bool:
    """Whether the figure is an exact amount of something: no mean, no plan, nothing hedged."""
    figure = item.figure
    return (
        item.role == "quantity"
        and bool(item.base)
        and figure.value is not None
        and figure.value > 0
        and not figure.hedge
        and not is_mean(item)
        and not _PLANNED.search(item.label)
    )


def _relate(passage: Passage, amounts: Sequence[Amount], told: Told) -> None:
    wholes = [a for a in amounts if _may_be_whole(a.item, told)]
    reading, start = passage.reading, passage.span.start
    pools = list(_pools(amounts))
    for whole in wholes:
        is_own = whole.item.start >= start
        for after in (True, False):  # a whole may end one list and head the next
            rows = [r for r in _rows(whole, pools, after=after) if is_own or r.parts[-1].start >= start]
            chosen = _chosen(whole, rows)
            if chosen is None:
                continue
            for claim in told.broken(whole.item):
                reading.withdraw(claim)
            if reading.add("sum", whole.item, chosen.parts, [_cue(whole.item)], rule="equation.sum"):
                reading.bound.update((whole.item.start, part.start) for part in chosen.parts)
                told.add(reading.claims[-1])


def _may_be_whole(item: Item, told: Told) -> bool:
    return is_long(item) and not told.is_explained(item) and not is_increment(item)


def is_long(item: Item) -> bool:
    """Whether it has last places enough for a row to agree by no chance."""
    (value, below), (ulp, under) = ((end or _ONE).as_integer_ratio() for end in (item.figure.value, item.figure.ulp))
    return value * under >= _LEAST * ulp * below


def _rows(whole: Amount, pools: Sequence[Sequence[Amount]], *, after: bool) -> Iterator[Row]:
    """Rows that begin right after the whole, or at the head of a later part of the text; or that end before it."""
    seen: set[tuple[int, ...]] = set()
    start = whole.item.start
    for pool in pools:
        if after:
            following = [a for a in pool if a.item.start > start]
            for at, first in enumerate(following):
                if not at or first.is_head:
                    yield from _grown(whole, following[at : at + _MOST_PARTS], seen)
        else:
            before = [a for a in pool if a.item.start < start]
            yield from _grown(whole, before[: -_MOST_PARTS - 1 : -1], seen)


def _pools(amounts: Sequence[Amount]) -> Iterator[list[Amount]]:
    """All amounts but changes; without what stands in brackets; without the parts of a part."""
    levels = [a for a in amounts if not is_increment(a.item) and not BALANCE.search(a.item.label)]
    yield levels
    now = [a for a in levels if not EARLIER.search(a.item.label)]
    if len(now) < len(levels):  # 上年同期 is beside this year's, 上年結轉 is a part
        yield (levels := now)
    if any(a.item.depth for a in levels):
        yield [a for a in levels if not a.item.depth]
    within = {b.item.start for a, b in pairwise(levels) if b.low < a.low and _PART_OF.search(b.item.gap)}
    if within:
        yield [a for a in levels if a.item.start not in within]
        yield list(_without_lists(levels))


def _without_lists(levels: Sequence[Amount]) -> Iterator[Amount]:
    """The levels without what follows 其中, up to the next part of the text."""
    is_within = False
    for amount in levels:
        opens = _PART_OF.search(amount.item.gap) is not None
        is_within = opens or (is_within and not amount.is_head)
        if not is_within:
            yield amount


def _grown(whole: Amount, pool: Sequence[Amount], seen: set[tuple[int, ...]]) -> Iterator[Row]:
    """The row of the first two, three and more of the pool, as long as they are no more than the whole."""
    low = high = 0
    for count, part in enumerate(pool, start=1):
        low, high = low + part.low, high + part.high
        if low > whole.high:
            return
        if count < _PAIR:
            continue
        parts = [a.item for a in pool[:count]]
        if len(parts) > 1 and parts[0].start > parts[1].start:
            parts.reverse()
        key = tuple(item.start for item in parts)
        if key not in seen and parts[0].gap[:1] not in _JOINS:
            seen.add(key)
            yield Row(tuple(parts), low, high)


def _chosen(whole: Amount, rows: Sequence[Row]) -> Row | None:
    """The first row that makes the whole, where that is no chance."""
    for row in rows:
        if row.high < whole.low or row.low > whole.high or _are_peers(whole.item, row):
            continue
        most = _CHANCE if _speaks(whole.item, row) else _CHANCE_WITHOUT_WORDS
        if len(rows) * _chance(whole, row) <= most:
            return row
    return None


def _speaks(whole: Item, row: Row) -> bool:
    """Whether a word says that the one is a whole, or the others parts."""
    return _WHOLE.search(whole.label) is not None or _PART_OF.search(row.parts[0].gap) is not None


def _are_peers(whole: Item, row: Row) -> bool:
    """Whether the whole is one more of a list of things that are told alike."""
    beside = {row.parts[0].index - 1, row.parts[-1].index + 1}
    if whole.index not in beside or _speaks(whole, row):
        return False
    ending = whole.label[-1:]
    names = [item.label.lstrip("和及与") for item in (whole, *row.parts)]
    same = all(name.endswith(ending) for name in names) and bool(ending)
    shared = 1
    while same and all(
        len(n) > shared and n[-shared - 1] == whole.label[-shared - 1 : len(whole.label) - shared] for n in names
    ):
        shared += 1
    return same and all(len(name) - shared <= _NAME_OF_PEER for name in names)


def _chance(whole: Amount, row: Row) -> Fraction:
    """How much of the numbers up to the whole would agree."""
    value, ulp = whole.item.figure.value, whole.item.figure.ulp
    middle = (whole.low + whole.high) / Fraction(2)
    step = middle * (ulp or 1) / value if value else middle
    return (max(Fraction(whole.high - whole.low), Fraction(step)) + row.high - row.low) / whole.high


def _cue(whole: Item) -> Span | None:
    return Span(whole.start - len(whole.label), whole.start) if whole.label else None
