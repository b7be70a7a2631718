"""What each kind of claim says of its figures: one rule a kind, in the table `RULES`.

A rule gives the interval of the stated result and the image of the operands in the same unit; the relation
holds where the two meet. What each kind means, and the order of its operands, stands in `flows.record.KINDS`.
"""

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from math import ceil, floor, lcm

from flows.judge.dates import date_order, date_span
from flows.judge.interval import Interval, point, total
from flows.judge.members import CannotTellError, Members, aligned, all_of, based, is_fall, signed
from flows.judge.say import line

#: More candidates, years or digits than this are not gone through: such a relation cannot be told.
_ENOUGH = 5_000
_WITH_COUNTS = 6  # two rates, and the part and the whole of each
Pair = tuple[Interval, Interval]
Rule = Callable[[Members], Pair]


def _all_in_one_unit(m: Members) -> tuple[Interval, list[Interval]]:
    if m.result is None:
        return m.r, aligned(m.operands, m.o)
    first, *rest = aligned([m.result, *m.operands], [m.r, *m.o])
    return first, rest


def _weighted(m: Members) -> Pair:
    """r = sum w[i] o[i]. A figure that stands twice is one number, so its weights add up first."""
    r, o = _all_in_one_unit(m)
    merged: dict[str, tuple[Fraction, Interval]] = {}
    for name, weight, interval in zip(m.claim.operands, m.weights, o, strict=True):
        merged[name] = (merged[name][0] + weight if name in merged else weight, interval)
    return r, total(interval.times(weight) for weight, interval in merged.values())


def _open_list(m: Members) -> Pair:
    r, o = _all_in_one_unit(m)
    whole = total(interval.times(weight) for weight, interval in zip(m.weights, o, strict=True))
    return r, _at_least([*o, whole])


def _at_least(parts: list[Interval]) -> Interval:
    """The numbers not below some member of each part: what a whole can be."""
    bounded = [part for part in parts if part.low is not None]
    if not bounded:
        return Interval(None, None)
    low = max(part.low for part in bounded if part.low is not None)
    return Interval(low, None, all(part.low_closed for part in bounded if part.low == low), True)


def _subset(m: Members) -> Pair:
    r, o = _all_in_one_unit(m)
    return r, _at_least(o)


def _complement(m: Members) -> Pair:
    return point(all_of(m.operands)), total(aligned(m.operands, m.o))


def _difference(m: Members) -> Pair:
    r, o = _all_in_one_unit(m)
    gap = o[0].minus(o[1])
    return r, gap.absolute() if m.is_set("absolute") else gap


def _pp_change(m: Members) -> Pair:
    """Printed rates; a rate told as a fall is negative beside one told as a rise.

    Where the counts behind both rates are given too (part and whole of the new rate, then of the old one), the
    points may as well have been reckoned from them, before the rates were rounded: either reading will do.
    """
    if m.result is None:
        raise CannotTellError("no_rate")
    r, *o = aligned([m.result, *m.operands[:2]], [m.r, *m.o[:2]])
    if is_fall(m.operands[0]) != is_fall(m.operands[1]):
        o = [signed(interval, figure) for interval, figure in zip(o, m.operands, strict=False)]
    sign = m.number("sign", 1)
    printed = o[0].minus(o[1]).times(sign)
    if len(m.o) != _WITH_COUNTS or r.meets(printed):
        return r, printed
    now, before = (m.o[at].divided(m.o[at + 1]) for at in (2, 4))
    if now is None or before is None:
        return r, printed
    reckoned = now.minus(before).times(sign * _percent_scale(m))
    return r, reckoned if r.meets(reckoned) else printed


def _percent_scale(m: Members) -> Fraction:
    """How many of the result's unit make one: 100 for %, 1000 for per mille, 10 for 成, 1 for 倍."""
    unit = m.result.unit if m.result is not None else ""
    return m.number("scale", {"‰": 1000, "成": 10, "倍": 1}.get(unit, 100))


def granted_scale(m: Members) -> Fraction:
    """The scale of a quotient of this kind: that of percentages for shares and growth, otherwise 1 unless
    given.
    """
    return _percent_scale(m) if m.claim.kind in ("share", "growth") else m.number("scale", 1)


def _granularity_scale(m: Members) -> Fraction:
    """As for shares; a mean of whole counts (2.37人) is no percentage."""
    if m.result is not None and m.result.unit and m.result.cls != "percent" and m.result.unit != "%":
        return m.number("scale", 1000 if m.result.unit == "‰" else 1)
    return _percent_scale(m)


def _quotient(m: Members) -> Interval:
    top, bottom = aligned(m.operands[:2], m.o[:2])
    return _divided(m, top, bottom)


def _divided(m: Members, top: Interval, bottom: Interval) -> Interval:
    quotient = top.divided(bottom)
    if quotient is None:
        raise CannotTellError("divisor", quote=m.operands[1].quote or line("of_the_claim"))
    return quotient


def _share(m: Members) -> Pair:
    if m.is_set("left"):
        return m.r, point(Fraction(1)).minus(_quotient(m)).times(_percent_scale(m))
    if not m.is_set("rest"):
        return m.r, _quotient(m).times(_percent_scale(m))
    part, rest = aligned(m.operands[:2], m.o[:2])
    # a / (a + b) = 1 / (1 + b / a): each of the two stands there once, so its ends are those of the box
    one = point(Fraction(1))
    return m.r, _divided(m, one, _divided(m, rest, part).plus(one)).times(_percent_scale(m))


def _ratio(m: Members) -> Pair:
    return m.r, _quotient(m).times(m.number("scale", 1))


def _multiple(m: Members) -> Pair:
    quotient = _quotient(m)
    if not m.is_set("doublings"):
        return m.r, quotient.shifted(-m.number("minus", 0))
    # 翻一番 is a rounded count of doublings: anything nearer to one than to none or two.
    half = Fraction(1, 2)
    r = m.r.plus(Interval(-half, half)) if m.r.is_point else m.r
    return r, preimage(quotient, _power_of_two_compared, r)


def _power_of_two_compared(x: Fraction, target: Fraction) -> int:
    """The sign of 2^x - target, by whole powers: 2^(p/q) against t is 2^p against t^q."""
    left, right = Fraction(2) ** x.numerator, target**x.denominator
    return (left > right) - (left < right)


def _growth(m: Members) -> Pair:
    if m.result is None:
        raise CannotTellError("no_rate")
    change = _quotient(m).shifted(-1).times(_percent_scale(m))
    return signed(m.r, m.result), change


def _growth_from_increment(m: Members) -> Pair:
    """The image of d / (a - d): for an old level above 0 it rises with d and, for d > 0, falls with a."""
    if m.result is None:
        raise CannotTellError("no_rate")
    level, increment = aligned(m.operands[:2], m.o[:2])
    increment = signed(increment, m.operands[1])
    old = level.minus(increment)
    if old.low is None or old.low <= 0:
        raise CannotTellError("level_before")
    # d / (a - d) = 1 / (a/d - 1) = a / (a - d) - 1, so its extremes lie at corners of the box.
    corners = []
    for d, d_closed in ((increment.low, increment.low_closed), (increment.high, increment.high_closed)):
        for a, a_closed in ((level.low, level.low_closed), (level.high, level.high_closed)):
            if d is None or a is None:
                raise CannotTellError("no_bound")
            # where d is 0 the level does not matter, so an open end of it is no reason to leave the corner
            # out
            corners.append((d / (a - d), d_closed and (a_closed or d == 0)))
    low = min(value for value, _ in corners)
    high = max(value for value, _ in corners)
    image = Interval(low, high, any(c for v, c in corners if v == low), any(c for v, c in corners if v == high))
    return signed(m.r, m.result), image.times(_percent_scale(m))


def _average_growth(m: Members) -> Pair:
    """(1 + r/100)^years = o[0] / o[1], compared by exact powers; no root is taken."""
    years, scale = m.number("years", 0), _percent_scale(m)
    if years < 1 or years.denominator != 1:
        raise CannotTellError("no_years")
    if m.result is None:
        raise CannotTellError("no_rate")
    if years > _ENOUGH // 10:
        raise CannotTellError("too_large")
    quotient = _quotient(m)

    def compared(x: Fraction, target: Fraction) -> int:
        power = max(1 + x / scale, Fraction(0)) ** int(years)
        return (power > target) - (power < target)

    r = signed(m.r, m.result)
    return r, preimage(quotient, compared, r)


def _average(m: Members) -> Pair:
    r, top, bottom = _in_base_if_mixed(m)
    return r, _divided(m, top, bottom).times(m.number("scale", 1))


def _in_base_if_mixed(m: Members) -> list[Interval]:
    figures = [*([m.result] if m.result is not None else []), *m.operands]
    return based(figures, [*([m.r] if m.result is not None else []), *m.o])


def _product(m: Members) -> Pair:
    r, first, *rest = _in_base_if_mixed(m)
    for interval in rest:
        first = first.multiplied(interval)
    return r, first.times(m.number("scale", 1))


def _granularity(m: Members) -> Pair:
    """Some whole k of a whole number n gives the printed share: the share k/n nearest to the printed one.

    Where n itself has leeway, any whole n of its interval may serve; an n with steps finer than the printed
    share's leeway always does.
    """
    scale, whole = _granularity_scale(m), m.o[0]
    if whole.low is None or m.r.low is None or m.r.high is None:
        raise CannotTellError("share_bound")
    middle, width = (m.r.low + m.r.high) / 2, m.r.high - m.r.low
    least = max(1, floor(whole.low) if whole.contains(Fraction(floor(whole.low))) else floor(whole.low) + 1)
    if whole.high is None:
        most = None
    else:
        most = ceil(whole.high) if whole.contains(Fraction(ceil(whole.high))) else ceil(whole.high) - 1
        if most < least:
            raise CannotTellError("no_whole", quote=m.operands[0].quote)
    return m.r, _nearest_share(m.r, middle, width, scale, (least, most))


def _nearest_share(
    r: Interval, middle: Fraction, width: Fraction, scale: Fraction, wholes: tuple[int, int | None]
) -> Interval:
    """The point scale*k/n nearest to `r` over the n of `wholes`, first and last (None: no end)."""
    least, most = wholes
    if width == 0:  # a share printed exactly: n must be a multiple of the reduced denominator
        step = (middle / scale).denominator
        multiple = -(-least // step) * step
        candidates = [multiple] if most is None or multiple <= most else [least, most]
    else:
        enough = ceil(scale / width) + 1
        last = max(least, enough) if most is None else min(most, max(least, enough))
        if last - least > _ENOUGH:
            raise CannotTellError("too_large")
        candidates = list(range(least, last + 1))
    part = middle / scale
    nearest: Fraction | None = None
    for n in candidates:
        down = part.numerator * n // part.denominator
        for k in (down, down + 1):
            share = scale * Fraction(k, n)
            if r.contains(share):
                return point(share)
            if nearest is None or abs(share - middle) < abs(nearest - middle):
                nearest = share
    return point(nearest if nearest is not None else middle)


def _range(m: Members) -> Pair:
    if m.result is None:
        raise CannotTellError("no_result")
    return m.r, Interval(m.bound("low"), m.bound("high"))


def _order(m: Members) -> Pair:
    """o[0] > o[1]: some member of the first is above some member of the second."""
    o = aligned(m.operands, m.o)
    strict = m.is_set("strict", default=True)
    return o[0], Interval(o[1].low, None, o[1].low_closed and not strict)


def _between(m: Members) -> Pair:
    r, o = _all_in_one_unit(m)
    hull = o[0]
    for interval in o[1:]:
        hull = hull.hull(interval)
    return r, hull


def _unit_equal(m: Members) -> Pair:
    """r = factor o[0], in the printed units' values; without a factor the units' own factors serve."""
    if "factor" in m.claim.parameters:
        return m.r, m.o[0].times(m.number("factor", 1))
    r, o = _all_in_one_unit(m)
    return r, o[0]


def _same(m: Members) -> Pair:
    """The result and every operand have one value in common: on a line that is so where every two of them do."""
    r, o = _all_in_one_unit(m)
    others = [interval.shifted(m.number("change", 0)) for interval in o]
    farthest = max(others, key=r.distance)
    if not r.meets(farthest):
        return r, farthest
    apart = next(((a, b) for a, b in combinations(others, 2) if not a.meets(b)), None)
    if apart is not None and r.meets(apart[0]):
        return r.intersected(apart[0]), apart[1]
    common = others[0]
    for interval in others[1:]:
        common = common.intersected(interval) if common.meets(interval) else interval
    return r, common


def preimage(image: Interval, compared: Callable[[Fraction, Fraction], int], beside: Interval) -> Interval:
    """The x whose rising function lies in `image`, as far as `beside` can tell.

    `compared(x, target)` is the sign of f(x) - target. The ends are roots, mostly irrational: each is moved
    outward to the next point of a grid that holds both ends of `beside`, and is open there. So it meets
    `beside` exactly when the true interval does.
    """
    ends = [end for end in (beside.low, beside.high) if end is not None]
    grid = Fraction(1, 100 * lcm(*(end.denominator for end in ends)))
    if grid.denominator > _ENOUGH * 1000 or any(abs(end) > _ENOUGH for end in ends):
        raise CannotTellError("too_large")

    def below(target: Fraction) -> tuple[Fraction, bool]:
        """The last grid point with f(x) <= target, and whether it is equal there."""
        low, high = -1, 1
        while compared(low * grid, target) > 0:
            low *= 2
        while compared(high * grid, target) <= 0:
            high *= 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if compared(middle * grid, target) <= 0 else (low, middle)
        return low * grid, compared(low * grid, target) == 0

    if image.high is not None and image.high <= 0:
        raise CannotTellError("levels")
    low, low_closed, high, high_closed = None, True, None, True
    if image.low is not None and image.low > 0:
        low, exact = below(image.low)
        low_closed = exact and image.low_closed
    if image.high is not None:
        high, exact = below(image.high)
        high, high_closed = (high, image.high_closed) if exact else (high + grid, False)
    return Interval(low, high, low_closed, high_closed)


RULES: dict[str, Rule] = {
    "sum": _weighted,
    "open_list": _open_list,
    "share": _share,
    "granularity": _granularity,
    "complement": _complement,
    "stock_identity": _weighted,
    "net_flow": _weighted,
    "cumulative": _subset,
    "difference": _difference,
    "growth": _growth,
    "growth_from_increment": _growth_from_increment,
    "average_growth": _average_growth,
    "pp_change": _pp_change,
    "contribution": _weighted,
    "average": _average,
    "product": _product,
    "multiple": _multiple,
    "ratio": _ratio,
    "subset": _subset,
    "range": _range,
    "order": _order,
    "between": _between,
    "unit_equal": _unit_equal,
    "duplicate": _same,
    "restatement": _same,
    "date_order": date_order,
    "date_span": date_span,
}
