"""Whether printed figures could agree, or would but for one slip: for choosing operands.

A text often leaves open which figures a total or a share is about. The reading that agrees is taken; failing
that the one that a single slip (a wrong digit, two swapped, one added) would make agree. The verdict on the
chosen claim is the judge's; here open and closed ends make no difference.
"""

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from flows.relate.reading import Item

Bounds = tuple[Fraction | None, Fraction | None]
_ZERO = Fraction(0)
#: How many of its unit a share of all is.
RATE_SCALES = {"%": 100, "‰": 1000, "成": 10}


def meets(a: Bounds, b: Bounds) -> bool:
    return not (
        (a[1] is not None and b[0] is not None and _is_below(a[1], b[0]))
        or (b[1] is not None and a[0] is not None and _is_below(b[1], a[0]))
    )


def _is_below(one: Fraction, other: Fraction) -> bool:
    """`one < other`, in whole numbers: asked for every pair that could be related."""
    (above, below), (over, under) = one.as_integer_ratio(), other.as_integer_ratio()
    return above * under < over * below


def bounds(item: Item) -> Bounds:
    return item.low, item.high


def are_near(one: Fraction, other: Fraction, most: Fraction) -> bool:
    """Whether neither is more than so many times the other."""
    return one <= most * other and other <= most * one


def mean_bounds(mean: Item) -> Bounds:
    """The bounds of a mean: printed as a whole count (日均152人次) it is rounded all the same."""
    if mean.low is None or mean.low != mean.high:
        return bounds(mean)
    half = (mean.figure.ulp or 1) * mean.factor / 2
    return mean.low - half, mean.low + half


def weighted(parts: Sequence[Item], weights: Sequence[int]) -> Bounds:
    """The bounds of the weighted sum of the parts."""
    total: Bounds = (_ZERO, _ZERO)
    for part, weight in zip(parts, weights, strict=True):
        total = plus(total, part, weight)
    return total


def plus(total: Bounds, part: Item, weight: int = 1) -> Bounds:
    """The bounds of a sum with one more part."""
    low, high = (part.low, part.high) if weight > 0 else (part.high, part.low)
    if weight == 1 and total[0] is _ZERO and total[1] is _ZERO:
        return low, high  # the first part: nothing to add it to
    if weight != 1:
        low = None if low is None else low * weight
        high = None if high is None else high * weight
    if low is high and low is not None and total[0] is total[1] and total[0] is not None:
        exact = total[0] + low  # counts are exact: one sum instead of two
        return exact, exact
    return (
        None if total[0] is None or low is None else total[0] + low,
        None if total[1] is None or high is None else total[1] + high,
    )


def adds_up(whole: Item, parts: Sequence[Item], weights: Sequence[int]) -> bool:
    return meets(bounds(whole), weighted(parts, weights))


def nearly_adds_up(whole: Item, parts: Sequence[Item], weights: Sequence[int], least_whole: int = 30) -> bool:
    """Whether one slip in one of the figures would make the sum agree.

    Any two small numbers are one slip apart, so wholes below `least_whole` last places prove nothing.
    """
    value = whole.figure.value
    if value is None or abs(value) < least_whole * (whole.figure.ulp or 1):
        return False
    low, high = weighted(parts, weights)
    if _slipped_into(whole, low, high):
        return True
    if low is None or high is None or whole.low is None or whole.high is None:
        return False
    for part, weight in zip(parts, weights, strict=True):
        if part.low is None or part.high is None:
            continue
        own = (part.low, part.high) if weight > 0 else (part.high, part.low)
        least = (whole.low - high + weight * own[1]) / weight
        most = (whole.high - low + weight * own[0]) / weight
        if _slipped_into(part, min(least, most), max(least, most)):
            return True
    return False


def _slipped_into(item: Item, low: Fraction | None, high: Fraction | None) -> bool:
    """Whether a number between the ends, in base units, could have been misprinted as the item."""
    step = (item.figure.ulp or 1) * item.factor
    least = None if low is None else ceil(low / step)
    most = None if high is None else floor(high / step)
    if least is not None and (most is not None and least > most):
        return False
    counts = _slip_counts(item)
    if not counts:
        return False
    at = 0 if least is None else bisect_left(counts, least)
    return at < len(counts) and (most is None or counts[at] <= most)


def _slip_counts(item: Item) -> tuple[int, ...]:
    figure = item.figure
    if figure.value is None or figure.value < 0:
        return ()
    count = figure.value / (figure.ulp or 1)
    return _slipped(str(count.numerator)) if count.denominator == 1 else ()


@lru_cache(maxsize=4096)
def _slipped(digits: str) -> tuple[int, ...]:
    """The numbers one slip away: a digit changed or dropped, or swapped with its neighbour; in order."""
    found: set[str] = set()
    for i, digit in enumerate(digits):
        found.update(digits[:i] + other + digits[i + 1 :] for other in "0123456789" if other != digit)
        found.add(digits[:i] + digits[i + 1 :])
        if i + 1 < len(digits):
            found.add(digits[:i] + digits[i + 1] + digit + digits[i + 2 :])
    return tuple(sorted({int(text) for text in found if text} - {int(digits)}))


def is_slip_of(printed_item: Item, value: Fraction) -> bool:
    """Whether one slip could have turned `value`, in base units and rounded, into the printed figure."""
    half = (printed_item.figure.ulp or 1) * printed_item.factor / 2
    return _slipped_into(printed_item, value - half, value + half)


def is_slip_in_print(rate: Item, image: Bounds) -> bool:
    """Whether one slip could have turned what is reckoned, in the unit printed, into the rate."""
    half = (rate.figure.ulp or 1) / Fraction(2)
    low, high = image
    return _slipped_into(rate, None if low is None else low - half, None if high is None else high + half)


def is_far_above(part: Item, whole: Item) -> bool:
    """Whether the part is more than twice the whole, and no slip in one of the two would make it less."""
    if part.low is None or whole.high is None or part.low <= 2 * whole.high:
        return False
    return not (_slipped_into(part, None, whole.high) or _slipped_into(whole, part.low, None))


def quotient(top: Item, bottom: Item, scale: Fraction | int = 1, shift: int = 0) -> Bounds:
    """scale * (top / bottom - shift) in base units; unbounded where the divisor may be 0."""
    if top.low is None or top.high is None or bottom.low is None or bottom.high is None:
        if top.figure.value is not None and bottom.figure.value:
            middle = (top.figure.value * top.factor / (bottom.figure.value * bottom.factor) - shift) * scale
            return (None, middle) if top.low is None else (middle, None)
        return None, None
    if bottom.low <= 0:
        return None, None
    is_exact = top.low is top.high and bottom.low is bottom.high  # counts: one division instead of two
    least = top.low / bottom.high
    most = least if is_exact else top.high / bottom.low
    if shift:
        least, most = least - shift, most - shift
    return least * scale, most * scale


def is_within_a_slip(rate: Item, top: Item, whole: Item, scale: Fraction | int) -> bool:
    """Whether one slip in one of the three would make the rate the share of top in whole."""
    image = quotient(top, whole, scale)
    if None not in image and is_slip_in_print(rate, image):
        return True
    least, most = printed(rate)
    if least is None or most is None or least <= 0 or top.low is None or whole.low is None:
        return False
    if top.high is None or whole.high is None:
        return False
    return _slipped_into(top, whole.low * least / scale, whole.high * most / scale) or _slipped_into(
        whole, top.low * scale / most, top.high * scale / least
    )


def printed(item: Item) -> Bounds:
    """The bounds as printed, not in base units."""
    return item.figure.low, item.figure.high
