"""The line a person would write about a relation, and the printed value that would fit."""

from collections.abc import Callable
from fractions import Fraction

from flows.judge.interval import Interval, point
from flows.judge.members import Members
from flows.judge.say import Line, line
from flows.judge.wording import amount_text, exact_text, numeral_of, short_text
from flows.record import Figure

_BOUNDS = frozenset({"subset", "cumulative", "open_list", "order"})
_ENOUGH_DECIMALS = 6
_ONE = Fraction(1)


def fits_text(members: Members, computed: Interval) -> str:
    """The results that would agree: one printed value, or the first and last of them, or an exact interval.

    Printed values are given in the unit of the result, to its last place: "6986", "[98.1, 98.2]", "[57, )".
    """
    figure = members.result
    if figure is None or figure.value is None or members.claim.kind == "range":
        return interval_text(computed)
    value, place = figure.value, figure.ulp or _ONE
    if figure.low is None or figure.high is None:
        return interval_text(computed)
    low = None if computed.low is None else _last_places(computed.low, figure.high, value, place, up=True)
    high = None if computed.high is None else _last_places(computed.high, figure.low, value, place, up=False)
    if low is not None and high is not None and low > high:
        return interval_text(computed)
    if low is not None and low == high:
        return exact_text(low)
    return interval_text(Interval(low, high))


def _last_places(end: Fraction, leeway: Fraction, value: Fraction, place: Fraction, *, up: bool) -> Fraction:
    """The first printed number (the last, if not `up`) whose leeway, `leeway - value`, reaches `end`: whole places."""
    if leeway is not value and leeway != value:
        end = end - (leeway - value)
    number, of = end.as_integer_ratio()
    step, parts = place.as_integer_ratio()
    number, of = number * parts, of * step
    count = -(-number // of) if up else number // of
    return Fraction(count * step) if parts == 1 else Fraction(count * step, parts)


def interval_text(interval: Interval) -> str:
    """Such as [98.1, 98.2], (799, 800] or [57, ) for one without a higher end; a point is its number."""
    if interval.is_point and interval.low is not None:
        return exact_text(interval.low)
    low = "" if interval.low is None else exact_text(interval.low)
    high = "" if interval.high is None else exact_text(interval.high)
    opening = "[" if interval.low is not None and interval.low_closed else "("
    closing = "]" if interval.high is not None and interval.high_closed else ")"
    return f"{opening}{low}, {high}{closing}"


def message(
    members: Members, stated: Interval, computed: Interval, plainly: Callable[[], Interval | None], verdict: str
) -> Line:
    """One line, such as "21 + 362 + 2170 + 4433 = 6986 ✓", in every language the wording knows.

    `plainly` gives the image of the printed values themselves, without rounding or hedges; None where it cannot be
    had. A relation that may not apply (its scope is in doubt) is marked "?" where it does not hold.
    """
    kind, holds = members.claim.kind, verdict == "holds"
    mark = {"holds": "✓", "broken": "✗"}.get(verdict, "?")
    if kind in _SENTENCES:
        return _SENTENCES[kind](members, stated.meets(computed), mark, computed)
    left = _LEFT[kind](members)
    if kind in _BOUNDS:
        gap = stated.distance(computed)
        if gap and not holds:
            return line("bound_passed", left=left, mark=mark, gap=_amount(gap, members))
        return line("bound", left=left, mark=mark)
    plain = plainly()
    found = plain if plain is not None and plain.is_point else computed
    value = found.low if found.low is not None else found.high
    if value is None:
        return line("anything", left=left, mark=mark)
    return _compared(members, left, (stated, computed), value, exact=found.is_point, mark=mark)


def _compared(
    members: Members,
    left: str | Line,
    intervals: tuple[Interval, Interval],
    value: Fraction,
    *,
    exact: bool,
    mark: str,
) -> Line:
    """What was computed beside what was printed."""
    stated, computed = intervals
    unit, result, holds = _unit(members), members.result, mark == "✓"
    if result is None:  # shares that make a whole
        found = short_text(value, _ENOUGH_DECIMALS) + unit
        whole = stated.low if stated.low is not None else value
        if holds:
            return line("agrees", left=left, found=found)
        gap = exact_text(abs(value - whole))
        return line("whole_differs", left=left, found=found, mark=mark, whole=exact_text(whole), gap=gap)
    shown, printed = _amount(value, members), _printed(result) + unit
    found = shown + ("" if exact or "…" in shown else "…")
    if holds and exact and stated.is_point and stated.low == value:
        return line("agrees", left=left, found=found + unit)
    if holds and exact and result.value == value and stated.low is not None and stated.high is not None:
        return line("agrees", left=left, found=printed)
    found += f" {unit}" if unit and found.endswith("…") else unit
    if holds:
        return line("agrees_rounded", left=left, found=found, printed=printed)
    middle = stated.low if stated.is_point else None
    if middle is None and result.value is not None and stated.low is not None and stated.high is not None:
        middle = (stated.low + stated.high) / 2
    gap_to = stated.distance(computed) if middle is None else abs(value - middle)
    if not gap_to:
        return line("differs_by_end", left=left, found=found, mark=mark, printed=printed)
    return line("differs", left=left, found=found, mark=mark, printed=printed, gap=_amount(gap_to, members))


def _amount(value: Fraction, members: Members) -> str:
    """A computed value as the result prints its numbers; plainly where base units were compared."""
    if members.result is None or _is_based(members):
        return short_text(value, _ENOUGH_DECIMALS)
    return amount_text(value, members.result)


def _is_based(members: Members) -> bool:
    """Whether the members were brought to base units, so that computed values are not in the printed unit."""
    result = members.result
    if result is None or members.claim.kind in (
        "share",
        "growth",
        "ratio",
        "multiple",
        "unit_equal",
        "granularity",
    ):
        return False
    return (
        bool(result.base_unit)
        and result.base_value != result.value
        and any(operand.unit != result.unit for operand in members.operands)
    )


def _unit(members: Members) -> str:
    figure = members.result or (members.operands[0] if members.operands else None)
    return figure.unit if figure is not None and figure.unit in ("%", "‰", "倍") else ""


def _shown(figure: Figure) -> str:
    if figure.cls == "date":
        return figure.quote or (figure.period_start.isoformat() if figure.period_start else "?")
    return numeral_of(figure) or (exact_text(figure.value) if figure.value is not None else "?")


def _printed(figure: Figure) -> str:
    """The printed numeral, with a sign for a hedge that leaves one side without end."""
    if figure.high is None and figure.low is not None:
        return ("≥ " if figure.low_closed else "> ") + _shown(figure)
    if figure.low is None and figure.high is not None:
        return ("≤ " if figure.high_closed else "< ") + _shown(figure)
    return _shown(figure)


def _added(members: Members) -> str:
    text = ""
    for operand, weight in zip(members.operands, members.weights, strict=True):
        sign = ("-" if weight < 0 else "") if not text else " - " if weight < 0 else " + "
        times = "" if abs(weight) == 1 else f"{exact_text(abs(weight))} × "
        text += f"{sign}{times}{_shown(operand)}"
    return text


def _joined(members: Members, sign: str) -> str:
    return sign.join(_shown(operand) for operand in members.operands)


def _part_of_whole(members: Members) -> str:
    if members.is_set("left"):
        return f"1 - {_joined(members, ' / ')}"
    if not members.is_set("rest"):
        return _joined(members, " / ")
    part = _shown(members.operands[0])
    return f"{part} / ({part} + {_shown(members.operands[1])})"


def _less(members: Members) -> str:
    text = _joined(members, " - ")
    return f"|{text}|" if members.is_set("absolute") else text


def _points(members: Members) -> str:
    first, second = (_shown(operand) for operand in members.operands[:2])
    return f"{second} - {first}" if members.number("sign", 1) < 0 else f"{first} - {second}"


def _parts(members: Members) -> str:
    whole = _shown(members.result) if members.result is not None else "?"
    return f"{', '.join(_shown(operand) for operand in members.operands)} ≤ {whole}"


def _from_increment(members: Members) -> str:
    level, change = (_shown(operand) for operand in members.operands[:2])
    return f"{change} / ({level} - {change})"


def _yearly(members: Members) -> str:
    return f"({_joined(members, ' / ')})^(1/{members.claim.parameters.get('years', '?')}) - 1"


def _times_over(members: Members) -> str | Line:
    minus = members.number("minus", 0)
    ratio = _joined(members, " / ")
    if members.is_set("doublings"):
        return line("doublings", ratio=ratio)
    return f"{ratio} - {minus}" if minus else ratio


def _converted(members: Members) -> str:
    factor = members.claim.parameters.get("factor", "1")
    first = f"{_shown(members.operands[0])}{members.operands[0].unit}"
    return first if factor == "1" else f"{first} × {factor}"


def _changed(members: Members) -> str:
    change = members.number("change", 0)
    return _shown(members.operands[0]) + (f" {'-' if change < 0 else '+'} {exact_text(abs(change))}" if change else "")


_LEFT: dict[str, Callable[[Members], str | Line]] = {
    "sum": _added,
    "stock_identity": _added,
    "net_flow": _added,
    "contribution": _added,
    "complement": _added,
    "open_list": lambda m: f"{_added(m)} ≤ {_shown(m.result) if m.result is not None else '?'}",
    "subset": _parts,
    "cumulative": lambda m: f"{_shown(m.result) if m.result is not None else '?'} ≥ {_joined(m, ', ')}",
    "order": lambda m: _joined(m, " > "),
    "difference": _less,
    "pp_change": _points,
    "share": _part_of_whole,
    "ratio": lambda m: _joined(m, " / "),
    "average": lambda m: _joined(m, " / "),
    "multiple": _times_over,
    "product": lambda m: _joined(m, " × "),
    "growth": lambda m: f"{_joined(m, ' / ')} - 1",
    "growth_from_increment": _from_increment,
    "average_growth": _yearly,
    "unit_equal": _converted,
    "duplicate": _changed,
    "restatement": _changed,
}


def _within(m: Members, _: bool, mark: str, __: Interval) -> Line:
    low, high = m.claim.parameters.get("low", ""), m.claim.parameters.get("high", "")
    return line("range", low=low or "-∞", shown=_result(m) + _unit(m), high=high or "∞", mark=mark)


def _amid(m: Members, holds: bool, mark: str, _: Interval) -> Line:
    shown = [_shown(operand) for operand in m.operands]
    return line("between" if holds else "not_between", shown=_result(m), list=shown, mark=mark)


def _counted(m: Members, holds: bool, mark: str, _: Interval) -> Line:
    key = "whole_number" if holds else "no_whole_number"
    return line(key, shown=_result(m) + _unit(m), whole=_shown(m.operands[0]), mark=mark)


def _in_order(m: Members, holds: bool, mark: str, _: Interval) -> Line:
    first, second = (_shown(operand) for operand in m.operands[:2])
    return line("date_order" if holds else "date_order_broken", first=first, second=second, mark=mark)


def _days(m: Members, holds: bool, mark: str, computed: Interval) -> Line:
    unit = m.result.unit if m.result is not None else ""
    if len(m.operands) == 1:
        found = "" if computed.low is None else short_text(computed.low, 1) + unit
        key = "date_period" if holds or not found else "date_period_broken"
        return line(key, period=_shown(m.operands[0]), found=found, shown=_result(m) + unit, mark=mark)
    first, second = (_shown(operand) for operand in m.operands[:2])
    if holds or computed.low is None:
        return line("date_span", first=first, second=second, shown=_result(m) + unit, mark=mark)
    found = short_text(computed.low, 1) + unit
    return line("date_span_broken", first=first, second=second, found=found, shown=_result(m) + unit, mark=mark)


def _result(m: Members) -> str:
    return _shown(m.result) if m.result is not None else "?"


_SENTENCES: dict[str, Callable[[Members, bool, str, Interval], Line]] = {
    "range": _within,
    "between": _amid,
    "granularity": _counted,
    "date_order": _in_order,
    "date_span": _days,
}


def as_printed(figure: Figure) -> Interval:
    """The printed value alone, without what rounding or a hedge leaves open."""
    return point(figure.value) if figure.value is not None else Interval(None, None)
