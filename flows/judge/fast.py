"""The frequent kinds on whole numbers: the same verdicts as the rational engine, many times faster.

Every end is held as a whole number of 1/SCALE. A claim with anything out of the ordinary (a missing figure,
an end that is unbounded or no multiple of 1/SCALE, differing units, fractional weights, a divisor that may be
0) is left to the rational engine: `judged` then gives None. That both always agree is tested on random
claims.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from flows.record import Claim, Figure, Verdict

#: Twelve decimals, as in the warehouse, and half of them.
SCALE = 2 * 10**12
_PERCENT_SCALES = {"‰": 1000, "成": 10, "倍": 1}
_ONE = Fraction(1)


class Ends(NamedTuple):
    """A figure's interval as whole numbers of 1/SCALE, and what a verdict repeats of it."""

    low: int
    high: int
    low_closed: bool
    high_closed: bool
    unit: str
    figure: Figure
    exact_low: Fraction
    exact_high: Fraction


#: The image of the operands as fractions of whole numbers: from low/low_of to high/high_of, without end where
#: high_of is 0; whether each end is closed.
_Image = tuple[int, int, int, int, bool, bool]


def scaled(figure: Figure) -> Ends | None:
    """The figure on whole numbers; None where it has no such ends."""
    low, high = figure.low, figure.high
    low_closed, high_closed = figure.low_closed, figure.high_closed
    if low is None or high is None:
        if low is not None or high is not None or figure.value is None:
            return None
        low = high = figure.value
        low_closed = high_closed = True
    below = _on_scale(low)
    above = below if high is low else _on_scale(high)
    if below is None or above is None:
        return None
    return Ends(below, above, low_closed, high_closed, figure.unit, figure, low, high)


def _on_scale(value: Fraction) -> int | None:
    numerator, denominator = value.as_integer_ratio()
    if denominator == 1:
        return numerator * SCALE
    number, rest = divmod(numerator * SCALE, denominator)
    return None if rest else number


def judged(claim: Claim, r: Ends, o: Sequence[Ends]) -> Verdict | None:
    """The verdict on a claim of `KINDS_ON_INTEGERS`, without `fits` and `message`; None to leave it."""
    image_of = _IMAGES[claim.kind]
    image = image_of(claim, r, o)
    if image is None:
        return None
    low, low_of, high, high_of, _, _ = image
    c_low, c_high = low * SCALE, high * SCALE
    r_high = r.high * low_of
    computed_low = r.exact_low if r.low * low_of == c_low else _exact(low, low_of)
    if high_of == 0:  # no end above
        computed_high = None
        touches = r_high == c_low and not (r.low == r.high and all(ends.low == ends.high for ends in o))
    else:
        touches = r_high == c_low or r.low * high_of == c_high
        if low * high_of == high * low_of:
            computed_high = computed_low
            touches = touches and r.low != r.high
        else:
            computed_high = r.exact_high if r.high * high_of == c_high else _exact(high, high_of)
    holds = _meets(r, image)
    verdict = Verdict("holds" if holds else "broken", r.exact_low, r.exact_high, computed_low, computed_high)
    if touches:
        verdict.flags.append("boundary")
    if not holds:
        if r_high <= c_low:
            gap, gap_of = c_low - r_high, low_of
        else:
            gap, gap_of = max(r.low * high_of - high * SCALE, 0), high_of
        place = r.figure.ulp or _ONE
        verdict.gap_ulp = _exact(gap * place.denominator, gap_of * SCALE * place.numerator)
        if _holds_if_truncated(claim, r, o, image_of):
            verdict.flags.append("only_if_truncated")
        if claim.scope_doubt:
            verdict.verdict, verdict.reason = "cannot_tell", claim.scope_doubt
    return verdict


def _meets(r: Ends, image: _Image) -> bool:
    """Whether the stated interval and the image have a number in common."""
    low, low_of, high, high_of, low_closed, high_closed = image
    gap = r.high * low_of - low * SCALE
    if gap < 0 or (gap == 0 and not (r.high_closed and low_closed)):
        return False
    if high_of == 0:
        return True
    gap = high * SCALE - r.low * high_of
    return gap > 0 or (gap == 0 and r.low_closed and high_closed)


def _holds_if_truncated(
    claim: Claim, r: Ends, o: Sequence[Ends], image_of: Callable[[Claim, Ends, Sequence[Ends]], _Image | None]
) -> bool:
    """Whether cutting digits off, instead of rounding, explains the difference."""
    if r.low == r.high and all(ends.low == ends.high for ends in o):
        return False
    cut = _truncated(r)
    image = image_of(claim, cut, [_truncated(ends) for ends in o])
    return image is not None and _meets(cut, image)


def _truncated(ends: Ends) -> Ends:
    """The ends if further digits were cut off; the same for a count or a hedged figure."""
    low, high, _, _, unit, figure, exact_low, exact_high = ends
    place, value, ulp = high - low, figure.value, figure.ulp
    if place == 0 or value is None or ulp is None or place * ulp.denominator != ulp.numerator * SCALE:
        return ends
    middle = (low + high) // 2
    if middle * value.denominator != value.numerator * SCALE:
        return ends
    if middle > 0:
        return Ends(middle, middle + place, True, False, unit, figure, exact_low, exact_high)
    if middle < 0:
        return Ends(middle - place, middle, False, True, unit, figure, exact_low, exact_high)
    return Ends(-place, place, False, False, unit, figure, exact_low, exact_high)


def _exact(number: int, of: int) -> Fraction:
    """number/of; whole numbers without a search for a common divisor."""
    whole, rest = divmod(number, of)
    return Fraction(number, of) if rest else Fraction(whole)


def _weighted(claim: Claim, r: Ends, o: Sequence[Ends]) -> _Image | None:
    weights, names = claim.weights, claim.operands
    if weights:
        if len(weights) != len(o):
            return None
        whole = [weight.numerator for weight in weights if weight.denominator == 1]
        if len(whole) != len(o):
            return None
    else:
        whole = [1] * len(o)
    if not o or len(set(names)) < len(names):
        return None
    return _added(r, o, whole)


def _difference(claim: Claim, r: Ends, o: Sequence[Ends]) -> _Image | None:
    if len(o) != 2 or "absolute" in claim.parameters:
        return None
    return _added(r, o, (1, -1))


def _added(r: Ends, o: Sequence[Ends], weights: Sequence[int]) -> _Image | None:
    low = high = 0
    low_closed = high_closed = True
    unit = r.unit
    for (below, above, below_closed, above_closed, own_unit, *_), weight in zip(o, weights, strict=True):
        if own_unit != unit:
            return None
        if weight > 0:
            low += weight * below
            high += weight * above
            low_closed = low_closed and below_closed
            high_closed = high_closed and above_closed
        elif weight < 0:
            low += weight * above
            high += weight * below
            low_closed = low_closed and above_closed
            high_closed = high_closed and below_closed
    return low, SCALE, high, SCALE, low_closed, high_closed


def _same(claim: Claim, r: Ends, o: Sequence[Ends]) -> _Image | None:
    if len(o) != 1 or claim.parameters or o[0].unit != r.unit:
        return None
    ends = o[0]
    return ends.low, SCALE, ends.high, SCALE, ends.low_closed, ends.high_closed


def _at_least(claim: Claim, r: Ends, o: Sequence[Ends]) -> _Image | None:
    """What a whole, or a later cumulative figure, can be: not below any of the parts."""
    if not o or any(ends.unit != r.unit for ends in o):
        return None
    low = max(ends.low for ends in o)
    return low, SCALE, 0, 0, all(ends.low_closed for ends in o if ends.low == low), True


def _share(claim: Claim, r: Ends, o: Sequence[Ends]) -> _Image | None:
    return _quotient(claim, r, o, shift=False)


def _growth(claim: Claim, r: Ends, o: Sequence[Ends]) -> _Image | None:
    return None if r.figure.direction == "down" else _quotient(claim, r, o, shift=True)


def _quotient(claim: Claim, r: Ends, o: Sequence[Ends], *, shift: bool) -> _Image | None:
    """scale * a / b, or scale * (a - b) / b, for a that is not negative and b that is above 0."""
    scale = _PERCENT_SCALES.get(r.unit, 100)
    if claim.parameters:
        given = claim.parameters.get("scale", "")
        if len(claim.parameters) > 1 or not given.isdigit():
            return None
        scale = int(given)
    if len(o) != 2:
        return None
    a, b = o
    if a.low < 0 or b.low <= 0 or a.unit != b.unit:
        return None
    low_closed, high_closed = a.low_closed and b.high_closed, a.high_closed and b.low_closed
    if a.low == 0:  # 0 divided by anything is 0: the open end of b does not open it
        low_closed = a.low_closed
        if a.high == 0:
            high_closed = a.high_closed
    if shift:
        return scale * (a.low - b.high), b.high, scale * (a.high - b.low), b.low, low_closed, high_closed
    return scale * a.low, b.high, scale * a.high, b.low, low_closed, high_closed


_IMAGES: Mapping[str, Callable[[Claim, Ends, Sequence[Ends]], _Image | None]] = {
    "sum": _weighted,
    "stock_identity": _weighted,
    "net_flow": _weighted,
    "contribution": _weighted,
    "difference": _difference,
    "duplicate": _same,
    "restatement": _same,
    "subset": _at_least,
    "cumulative": _at_least,
    "share": _share,
    "growth": _growth,
}

KINDS_ON_INTEGERS = frozenset(_IMAGES)
