"""Relations between calendar dates, exact by the calendar."""

from datetime import date, timedelta
from fractions import Fraction

from flows.judge.interval import Interval, point
from flows.judge.members import CannotTellError, Members
from flows.judge.say import line
from flows.record import Figure

_DAYS = frozenset({"", "天", "日"})
_WEEKS = frozenset({"周", "星期", "週", "個星期"})
_MONTHS = frozenset({"月", "個月", "个月"})
_YEARS = frozenset({"年", "周年", "週年"})


def date_order(m: Members) -> tuple[Interval, Interval]:
    """o[0] <= o[1], in days since year 1: a day of the first period is not after a day of the second."""
    first, last = _ends(m)
    return point(first.toordinal()), Interval(None, Fraction(last.toordinal()))


def date_span(m: Members) -> tuple[Interval, Interval]:
    """r = days (weeks, months, years) from the beginning of o[0] to the end of o[1], both counted if
    inclusive.
    """
    start, end = _ends(m)
    inclusive = m.is_set("inclusive", default=True)
    unit = m.result.unit if m.result is not None else ""
    days = (end - start).days + inclusive
    if unit in _DAYS:
        return m.r, point(days)
    if unit in _WEEKS:
        return m.r, point(Fraction(days, 7))
    # A month or a year is whole from a day to the day before the same day.
    after = end + timedelta(days=int(inclusive))
    if unit in _MONTHS | _YEARS and after.day == start.day:
        months = (after.year - start.year) * 12 + after.month - start.month
        return m.r, point(months if unit in _MONTHS else Fraction(months, 12))
    raise CannotTellError("span_of_days", days=days, unit=unit)


def _ends(m: Members) -> tuple[date, date]:
    """The first day of the first period and the last of the last; days told without a year stand among the
    parameters, in a year that serves.
    """
    first, last = m.claim.parameters.get("first", ""), m.claim.parameters.get("last", "")
    if first and last:
        try:
            return date.fromisoformat(first), date.fromisoformat(last)
        except ValueError:
            raise CannotTellError("bad_number", name="first, last", text=f"{first}, {last}") from None
    return _period(m.operands[0])[0], _period(m.operands[-1])[1]


def _period(figure: Figure) -> tuple[date, date]:
    start = figure.period_start or figure.as_of
    end = figure.period_end or figure.as_of or start
    if start is None or end is None:
        raise CannotTellError("no_date", quote=figure.quote or line("a_date"))
    return start, end
