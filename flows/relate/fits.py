"""Whether printed figures could agree, and whether one slip of the pen would make them: for choosing operands.

A text often leaves open which figures a total or a share is about. The reading that agrees is taken; failing that
the one that a single slip (a wrong digit, two digits swapped, one dropped or added) would make agree. The verdict on the
chosen claim is the judge's; here open and closed ends make no difference.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeVar

from flows.relate.reading import Item

T = TypeVar("T")
Bounds = tuple[Fraction | None, Fraction | None]


def meets(a: Bounds, b: Bounds) -> bool:
    return not (
        (a[1] is not None and b[0] is not None and a[1] < b[0])
        or (b[1] is not None and a[0] is not None and b[1] < a[0])
    )


def bounds(item: Item) -> Bounds:
    return item.low, item.high


def weighted(parts: Sequence[Item], weights: Sequence[int]) -> Bounds:
    low: Fraction | None = Fraction(0)
    high: Fraction | None = Fraction(0)
    for part, weight in zip(parts, weights, strict=True):
        ends = (part.low, part.high) if weight > 0 else (part.high, part.low)
        low = None if low is None or ends[0] is None else low + weight * ends[0]
        high = None if high is None or ends[1] is None else high + weight * ends[1]
    return low, high


def adds_up(whole: Item, parts: Sequence[Item], weights: Sequence[int]) -> bool:
    return meets(bounds(whole), weighted(parts, weights))


def nearly_adds_up(whole: Item, parts: Sequence[Item], weights: Sequence[int]) -> bool:
    """Whether one slip in one of the figures would make the sum agree; small numbers prove nothing."""
    value = whole.figure.value
    if value is None or abs(value * whole.factor) < 30:
        return False
    total = sum(
        (p.figure.value * p.factor * w for p, w in zip(parts, weights, strict=True) if p.figure.value is not None),
        Fraction(0),
    )
    target = value * whole.factor
    low, high = weighted(parts, weights)
    if any(meets((v, v), (low, high)) for v in slips(whole)):
        return True
    for part, weight in zip(parts, weights, strict=True):
        if part.figure.value is None:
            continue
        own = part.figure.value * part.factor
        for v in slips(part):
            moved = total + weight * (v - own)
            slack = _slack(whole, parts)
            if abs(moved - target) <= slack:
                return True
    return False


def _slack(whole: Item, parts: Sequence[Item]) -> Fraction:
    """Half the leeway of all figures together, in base units."""
    slack = Fraction(0)
    for item in (whole, *parts):
        if item.low is not None and item.high is not None:
            slack += (item.high - item.low) / 2
    return slack


def slips(item: Item) -> list[Fraction]:
    """Values in base units that one slip could have turned into the printed one."""
    figure = item.figure
    if figure.value is None or figure.value < 0:
        return []
    ulp = figure.ulp or Fraction(1)
    count = figure.value / ulp
    if count.denominator != 1:
        return []
    digits = str(count.numerator)
    found = set()
    for i, digit in enumerate(digits):
        found.update(digits[:i] + other + digits[i + 1 :] for other in "0123456789" if other != digit)
        found.add(digits[:i] + digits[i + 1 :])
        if i + 1 < len(digits):
            found.add(digits[:i] + digits[i + 1] + digit + digits[i + 2 :])
    return [Fraction(int(text)) * ulp * item.factor for text in found if text]


def quotient(top: Item, bottom: Item, scale: Fraction | int = 1, shift: int = 0) -> Bounds:
    """scale * (top / bottom - shift) in base units; unbounded where the divisor may be 0."""
    if top.low is None or top.high is None or bottom.low is None or bottom.high is None:
        if top.figure.value is not None and bottom.figure.value:
            middle = (top.figure.value * top.factor / (bottom.figure.value * bottom.factor) - shift) * scale
            return (None, middle) if top.low is None else (middle, None)
        return None, None
    if bottom.low <= 0:
        return None, None
    return (top.low / bottom.high - shift) * scale, (top.high / bottom.low - shift) * scale


def printed(item: Item) -> Bounds:
    """The bounds as printed, not in base units."""
    return item.figure.low, item.figure.high


def first_fitting(candidates: Sequence[T], fits: Callable[[T], bool]) -> T | None:
    """The first candidate that fits."""
    return next((candidate for candidate in candidates if fits(candidate)), None)
