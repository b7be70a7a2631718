"""Printed figures outside a report: facts with a precision, means and percentages of whole counts."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from flows.judge.interval import Interval, point, total


class Fact(NamedTuple):
    """A printed number: decimal text and how many decimals it is good to (-3: thousands; None: exact)."""

    value: str
    decimals: int | None


class Summation(NamedTuple):
    """What comes of a summation: `consistent`, `inconsistent` or `inconsistent_duplicates`, and both
    intervals.
    """

    verdict: str
    stated: Interval | None
    computed: Interval | None


def fact_interval(fact: Fact, *, truncates: bool) -> Interval:
    """What the fact can mean: half a last place to either side, closed; or, cut off, one away from 0."""
    value = Fraction(fact.value)
    if fact.decimals is None:
        return point(value)
    ulp = Fraction(10) ** -fact.decimals
    if not truncates:
        return Interval(value - ulp / 2, value + ulp / 2)
    if value > 0:
        return Interval(value, value + ulp, True, False)
    if value < 0:
        return Interval(value - ulp, value, False, True)
    return Interval(-ulp, ulp, False, False)


def judge_summation(
    stated: Sequence[Fact], contributions: Sequence[tuple[Fraction, Sequence[Fact]]], *, truncates: bool
) -> Summation:
    """Whether a total is the weighted sum of its contributions (XBRL Calculations 1.1).

    Several facts for one item say the same thing: their intervals must have a number in common, and only what
    they have in common counts. Two values of the same precision never agree, though their intervals may touch
    at the tie between them: one number has one rounding. Raises ValueError where an item has no fact.
    """
    if any(_differ(facts) for facts in [stated, *(facts for _, facts in contributions)]):
        return Summation("inconsistent_duplicates", None, None)
    whole = _agreed(stated, truncates)
    parts = [(weight, _agreed(facts, truncates)) for weight, facts in contributions]
    if whole.is_empty or any(interval.is_empty for _, interval in parts):
        return Summation("inconsistent_duplicates", None, None)
    computed = total(interval.times(weight) for weight, interval in parts)
    return Summation("consistent" if whole.meets(computed) else "inconsistent", whole, computed)


def _agreed(facts: Sequence[Fact], truncates: bool) -> Interval:
    if not facts:
        raise ValueError("an item has no fact: give at least one")
    first, *rest = (fact_interval(fact, truncates=truncates) for fact in facts)
    for interval in rest:
        first = first.intersected(interval)
    return first


def _differ(facts: Sequence[Fact]) -> bool:
    """Whether two facts give different values at the same precision."""
    values: dict[int | None, Fraction] = {}
    return any(values.setdefault(fact.decimals, Fraction(fact.value)) != Fraction(fact.value) for fact in facts)


def possible_counts(stated: str, whole: int, *, items: int = 1, scale: int = 1) -> range:
    """The whole counts k with scale*k/(whole*items) printed as `stated` (decimal text), rounded either way at
    a tie.

    An empty range says that no count gives the printed mean (scale 1) or percentage (scale 100).
    Raises ValueError where the whole or the items are not positive.
    """
    if whole < 1 or items < 1:
        raise ValueError(f"whole is {whole}, items {items}: give positive whole numbers")
    interval = printed_interval(stated)
    assert interval.low is not None  # noqa: S101  plain rounding has both ends; for mypy
    assert interval.high is not None  # noqa: S101
    steps = Fraction(whole * items, scale)
    return range(ceil(interval.low * steps), floor(interval.high * steps) + 1)


def is_percent_of(stated: str, part: int, whole: int) -> bool:
    """Whether 100 part/whole can be printed as `stated` (decimal text). Raises ValueError where the whole is
    0.
    """
    if whole == 0:
        raise ValueError("whole is 0: a percentage of nothing has no value")
    return printed_interval(stated).contains(Fraction(100 * part, whole))


def printed_interval(text: str) -> Interval:
    """What plain decimal text can mean: half of its last printed place to either side, closed."""
    return fact_interval(Fact(text, len(text.partition(".")[2])), truncates=False)
