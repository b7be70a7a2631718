"""The frequent kinds on whole numbers: the same verdicts as the rational engine, many times faster.

Every end is held as a whole number of 1/SCALE, so comparing is integer arithmetic. A claim with anything out of
the ordinary (a missing figure, an end that is unbounded or no multiple of 1/SCALE, differing units, fractional
weights, a divisor that may be 0) is left to the rational engine: `judged` then gives None. That both always
agree is tested on random claims.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from fractions import Fraction

from flows.judge.interval import Interval
from flows.record import Claim, Figure, Verdict

#: Twelve decimals, as in the warehouse, and half of them.
SCALE = 2 * 10**12
#: 1/denominator in units of 1/SCALE, for the denominators that occur.
_STEPS = {denominator: SCALE // denominator for power in range(13) for denominator in (10**power, 2 * 10**power)}
_PERCENT_SCALES = {"‰": 1000, "成": 10, "倍": 1}
_ONE = Fraction(1)

#: low, high, whether each is closed, and the unit. A plain tuple: it is made for every figure.
Ends = tuple[int, int, bool, bool, str]
#: From low/low_of to high/high_of, without end where high_of is 0; whether each end is closed.
_Image = tuple[int, int, int, int, bool, bool]
_Rule = Callable[[Claim, Ends, Sequence[Ends]], _Image | None]


class OnIntegers(Verdict):
    """A verdict whose computed ends are made into fractions when they are asked for: most never are."""

    __slots__ = ("image",)
    image: _Image

    @property
    def computed_low(self) -> Fraction | None:  # type: ignore[override]
        return _exact(self.image[0], self.image[1])

    @property
    def computed_high(self) -> Fraction | None:  # type: ignore[override]
        return _exact(self.image[2], self.image[3]) if self.image[3] else None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Verdict):
            return NotImplemented
        return all(getattr(self, field.name) == getattr(other, field.name) for field in fields(Verdict))

    __hash__ = None  # type: ignore[assignment]  # as of every verdict


_new = OnIntegers.__new__


class Scaled(dict[str, Ends | None]):
    """Figures by name on whole numbers, each brought there when first asked for; None for one without such
    ends."""

    def __init__(self, figures: Mapping[str, Figure]) -> None:
        super().__init__()
        self.figures = figures

    def __missing__(self, name: str) -> Ends | None:
        figure = self.figures.get(name)
        ends = self[name] = None if figure is None else _ends(figure)
        return ends


def _ends(figure: Figure) -> Ends | None:
    low, high = figure.low, figure.high
    if low is None or high is None:
        if low is not None or high is not None or figure.value is None:
            return None
        low = high = figure.value
        below = above = _on_scale(low)
        return None if below is None else (below, below, True, True, figure.unit)
    numerator, denominator = low.as_integer_ratio()
    step = _STEPS.get(denominator)
    below = numerator * step if step is not None else _on_scale(low)
    if high is low:
        above = below
    else:
        numerator, denominator = high.as_integer_ratio()
        step = _STEPS.get(denominator)
        above = numerator * step if step is not None else _on_scale(high)
    if below is None or above is None:
        return None
    return below, above, figure.low_closed, figure.high_closed, figure.unit


def _on_scale(value: Fraction) -> int | None:
    number, rest = divmod(value.numerator * SCALE, value.denominator)
    return None if rest else number


def judged(claim: Claim, scaled: Scaled) -> OnIntegers | None:
    """The verdict on a claim of `KINDS_ON_INTEGERS`, without `fits` and `message`; None to leave it."""
    names = claim.operands
    r = scaled[claim.result]
    o = [scaled[name] for name in names]
    if r is None or None in o or not o:
        return None
    image = _IMAGES[claim.kind](claim, r, o)  # type: ignore[arg-type]  # None is not among them
    if image is None:
        return None
    figure = scaled.figures[claim.result]
    if figure.direction == "down" and claim.kind == "growth":
        return None
    low, low_of, high, high_of, low_closed, high_closed = image
    r_low, r_high, r_low_closed, r_high_closed, _ = r
    stated_low = figure.low if figure.low is not None else figure.value
    stated_high = figure.high if figure.high is not None else figure.value

    # how far the stated interval reaches above the image's low end and below its high end
    over = r_high - low if low_of == SCALE else r_high * low_of - low * SCALE
    holds = over > 0 or (over == 0 and r_high_closed and low_closed)
    touches = over == 0
    if high_of:
        under = high - r_low if high_of == SCALE else high * SCALE - r_low * high_of
        holds = holds and (under > 0 or (under == 0 and r_low_closed and high_closed))
        touches = (touches or under == 0) and (r_low != r_high or low * high_of != high * low_of)
    else:
        under = 0
        if touches and r_low == r_high:
            touches = any(ends[0] != ends[1] for ends in o)  # type: ignore[index]
    verdict = _new(OnIntegers)
    verdict.verdict = "holds" if holds else "broken"
    verdict.stated_low, verdict.stated_high, verdict.image = stated_low, stated_high, image
    verdict.gap_ulp = None
    verdict.flags = ["boundary"] if touches else []
    verdict.fits = verdict.message = verdict.reason = verdict.message_zh = verdict.reason_zh = ""
    if holds:
        return verdict
    place = figure.ulp or _ONE
    gap, gap_of = (-over, low_of) if over <= 0 else (max(-under, 0), high_of)
    scale = 1 if gap_of == SCALE else SCALE
    verdict.gap_ulp = _exact(gap * place.denominator, gap_of * scale * place.numerator)
    if _holds_if_truncated(claim, scaled, r, o):  # type: ignore[arg-type]
        verdict.flags.append("only_if_truncated")
    if claim.scope_doubt:
        verdict.verdict, verdict.reason = "cannot_tell", claim.scope_doubt
    return verdict


def image_as_printed(claim: Claim, scaled: Scaled) -> Interval | None:
    """What the operands of a claim that was `judged` make as they are printed, without what rounding or a hedge leaves
    open; None to leave it."""
    printed = [_printed(name, scaled) for name in (claim.result, *claim.operands)]
    image = None if None in printed else _IMAGES[claim.kind](claim, printed[0], printed[1:])  # type: ignore[arg-type]
    if image is None:
        return None
    low, low_of, high, high_of, low_closed, high_closed = image
    return Interval(_exact(low, low_of), _exact(high, high_of) if high_of else None, low_closed, high_closed)


def holds_as_printed(claim: Claim, scaled: Scaled) -> bool:
    """Whether the printed numbers themselves, each among those it can mean, satisfy a claim of `KINDS_ON_INTEGERS`; a
    quotient need only lie where its result can. False also where that is left to the rational engine."""
    printed = []
    for name in (claim.result, *claim.operands):
        ends, of_print = scaled[name], _printed(name, scaled)
        if ends is None or of_print is None or not _meets(ends, (of_print[0], SCALE, of_print[0], SCALE, True, True)):
            return False
        printed.append(of_print)
    if not claim.operands:
        return False
    stated = printed[0]
    if claim.kind in _QUOTIENTS:
        divisor = scaled[claim.operands[-1]]
        if divisor is None or divisor[0] <= 0 or scaled.figures[claim.result].direction == "down":
            return False
        stated = scaled[claim.result] or stated
    image = _IMAGES[claim.kind](claim, stated, printed[1:])
    return image is not None and _meets(stated, image)


def _printed(name: str, scaled: Scaled) -> Ends | None:
    """The printed value alone."""
    ends = scaled[name]
    if ends is None:
        return None
    value = scaled.figures[name].value
    if value is None:
        return None
    numerator, denominator = value.as_integer_ratio()
    step = _STEPS.get(denominator)
    number = numerator * step if step is not None else _on_scale(value)
    return None if number is None else (number, number, True, True, ends[4])


def _holds_if_truncated(claim: Claim, scaled: Scaled, r: Ends, o: Sequence[Ends]) -> bool:
    """Whether cutting digits off, instead of rounding, explains the difference."""
    if r[0] == r[1] and all(low == high for low, high, *_ in o):
        return False
    figures = scaled.figures
    cut = _truncated(r, figures[claim.result])
    parts = [_truncated(ends, figures[name]) for ends, name in zip(o, claim.operands, strict=True)]
    image = _IMAGES[claim.kind](claim, cut, parts)
    return image is not None and _meets(cut, image)


def _meets(r: Ends, image: _Image) -> bool:
    """Whether the stated interval and the image have a number in common."""
    low, low_of, high, high_of, low_closed, high_closed = image
    gap = r[1] * low_of - low * SCALE
    if gap < 0 or (gap == 0 and not (r[3] and low_closed)):
        return False
    if high_of == 0:
        return True
    gap = high * SCALE - r[0] * high_of
    return gap > 0 or (gap == 0 and r[2] and high_closed)


def _truncated(ends: Ends, figure: Figure) -> Ends:
    """The ends if further digits were cut off; the same for a count or a hedged figure."""
    low, high, _, _, unit = ends
    place, value, ulp = high - low, figure.value, figure.ulp
    if place == 0 or value is None or ulp is None or place * ulp.denominator != ulp.numerator * SCALE:
        return ends
    middle = (low + high) // 2
    if middle * value.denominator != value.numerator * SCALE:
        return ends
    if middle > 0:
        return middle, middle + place, True, False, unit
    if middle < 0:
        return middle - place, middle, False, True, unit
    return -place, place, False, False, unit


def _exact(number: int, of: int) -> Fraction:
    """number/of; whole numbers without a search for a common divisor."""
    whole, rest = divmod(number, of)
    return Fraction(number, of) if rest else Fraction(whole)


def _weighted(claim: Claim, r: Ends, o: Sequence[Ends]) -> _Image | None:
    weights, names = claim.weights, claim.operands
    if len(set(names)) < len(names):
        return None
    if not weights:
        low = high = 0
        low_closed = high_closed = True
        unit = r[4]
        for below, above, below_closed, above_closed, own_unit in o:
            if own_unit != unit:
                return None
            low += below
            high += above
            if not below_closed:
                low_closed = False
            if not above_closed:
                high_closed = False
        return low, SCALE, high, SCALE, low_closed, high_closed
    whole = [weight.numerator for weight in weights if weight.denominator == 1]
    return _added(r, o, whole) if len(whole) == len(o) else None


def _difference(claim: Claim, r: Ends, o: Sequence[Ends]) -> _Image | None:
    if len(o) != 2 or claim.weights or "absolute" in claim.parameters:
        return None
    return _added(r, o, (1, -1))


def _added(r: Ends, o: Sequence[Ends], weights: Sequence[int]) -> _Image | None:
    low = high = 0
    low_closed = high_closed = True
    unit = r[4]
    for (below, above, below_closed, above_closed, own_unit), weight in zip(o, weights, strict=True):
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
    if len(o) != 1 or claim.parameters or claim.weights:
        return None
    low, high, low_closed, high_closed, unit = o[0]
    return (low, SCALE, high, SCALE, low_closed, high_closed) if unit == r[4] else None


def _at_least(claim: Claim, r: Ends, o: Sequence[Ends]) -> _Image | None:
    """What a whole, or a later cumulative figure, can be: not below any of the parts."""
    if claim.weights:
        return None
    if len(o) == 1:
        low, _, low_closed, _, unit = o[0]
        return (low, SCALE, 0, 0, low_closed, True) if unit == r[4] else None
    if any(ends[4] != r[4] for ends in o):
        return None
    low = max(ends[0] for ends in o)
    return low, SCALE, 0, 0, all(ends[2] for ends in o if ends[0] == low), True


def _share(claim: Claim, r: Ends, o: Sequence[Ends]) -> _Image | None:
    return _quotient(claim, r, o, shift=False)


def _growth(claim: Claim, r: Ends, o: Sequence[Ends]) -> _Image | None:
    return _quotient(claim, r, o, shift=True)


def _quotient(claim: Claim, r: Ends, o: Sequence[Ends], *, shift: bool) -> _Image | None:
    """scale * a / b, or scale * (a - b) / b, for a that is not negative and b that is above 0."""
    if claim.parameters:
        given = claim.parameters.get("scale", "")
        if len(claim.parameters) > 1 or not (given.isascii() and given.isdigit()):
            return None
        scale = int(given)
    else:
        scale = _PERCENT_SCALES.get(r[4], 100)
    if len(o) != 2 or claim.weights:
        return None
    (a_low, a_high, a_low_closed, a_high_closed, a_unit), (b_low, b_high, b_low_closed, b_high_closed, b_unit) = o
    if a_low < 0 or b_low <= 0 or a_unit != b_unit or scale == 0:
        return None
    low_closed, high_closed = a_low_closed and b_high_closed, a_high_closed and b_low_closed
    if a_low == 0:  # 0 divided by anything is 0: the open end of b does not open it
        low_closed = a_low_closed
        if a_high == 0:
            high_closed = a_high_closed
    if shift:
        return scale * (a_low - b_high), b_high, scale * (a_high - b_low), b_low, low_closed, high_closed
    return scale * a_low, b_high, scale * a_high, b_low, low_closed, high_closed


_IMAGES: Mapping[str, _Rule] = {
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
_QUOTIENTS = frozenset({"share", "growth"})
