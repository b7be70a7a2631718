"""Dates: which comes first, and how many days lie between."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from flows.record import Figure, Span
from flows.relate.cues import cues, worded
from flows.relate.reading import Reading

_TO = re.compile(
    r"^[^，,;；。0-9]{0,6}?(?:至|到|起至|—|－|-|~|～)[^，,;；。0-9]{0,4}$|^[^，,;；。0-9]{0,8}[，,]?(?:直|延续|持续)?[至到]$"
)
_STARTS = worded(r"^[^，,;；。0-9]{0,6}?<date_span.starts>")
_ENDS = worded(r"^[^，,;；。0-9]{0,6}?<date_span.ends>")
_DAYS = cues("date_span", "span")
_EXCLUSIVE = worded(r"(?<!前)(?:<date_span.exclusive>)")  # 前后共20天 counts both
#: Words that some count the first day with and some do not.
_EITHER = cues("date_span", "either")

_DAY = re.compile(r"(?:(\d{1,2})月)?(\d{1,2})[日号號]")
_PERIOD = re.compile(r"(?:\d{4}年)?(\d{1,2})月(\d{1,2})[日号號]?(?:至|到|[-—–~～]+)(?:(\d{1,2})月)?(\d{1,2})[日号號]")
#: So many months earlier in the year, the second date is of the next: 12月28日至1月3日.
_NEXT_YEAR = 6


def relate_dates(reading: Reading) -> None:
    """date_order and date_span for pairs of complete dates in a sentence."""
    for figure in reading.dates:
        _days_of_period(reading, figure)
    days = [f for f in reading.dates if (f.period_start is not None or _month_day(f)) and _is_day_or_month(f)]
    for one, other in pairwise(days):
        between = reading.folded[one.end : other.start]
        if len(between) > 30 or re.search(r"[。;；\n]", between):
            continue
        after = reading.folded[other.end : other.end + 12]
        ranged = bool(_TO.match(between))
        staged = bool(_STARTS.match(between)) and bool(_ENDS.match(after))
        if not (ranged or staged):
            continue
        parameters = _without_year(one, other)
        if parameters is None:
            continue
        cue = Span(one.end, other.start) if ranged else Span(one.end, one.end + min(2, len(between)))
        if _is_day(one) and _is_day(other):
            _span_of_days(reading, [one, other], cue, parameters)
        elif _is_day(one) != _is_day(other) or not staged:
            continue
        crosses = bool(parameters) and parameters["first"][:4] != parameters["last"][:4]  # 12月28日至1月3日
        if _are_told(one, other) and not crosses:
            reading.add("date_order", None, [one, other], [cue], parameters=parameters, rule="date.order")


def _month_day(figure: Figure) -> tuple[int, int] | None:
    """Month and day of a date told without its year; month 0 where that is left out too."""
    match = _DAY.fullmatch(figure.quote)
    return (int(match.group(1) or 0), int(match.group(2))) if match else None


def _without_year(one: Figure, other: Figure) -> dict[str, str] | None:
    """The days of two dates told without a year, in years that serve; empty where their periods are known.

    None where they cannot be compared: the day after 28 February depends on the year.
    """
    if one.period_start is not None and other.period_start is not None:
        return {}
    first, last = _month_day(one), _month_day(other)
    if first is None or last is None or one.period_start is not None or other.period_start is not None or not first[0]:
        return None
    return _served(first, (last[0] or first[0], last[1]))


def _served(first: tuple[int, int], last: tuple[int, int]) -> dict[str, str] | None:
    later = first[0] - last[0] >= _NEXT_YEAR
    years = (2021, 2022) if later else (2021, 2021)
    if first <= (2, 29) < last and not later:
        return None
    days = [f"{year}-{month:02}-{day:02}" for year, (month, day) in zip(years, (first, last), strict=True)]
    try:
        for day in days:
            date.fromisoformat(day)
    except ValueError:
        return None
    return {"first": days[0], "last": days[1]}


def _days_of_period(reading: Reading, figure: Figure) -> None:
    """3月5日至11日，會期7天: one figure for the whole period."""
    match = _PERIOD.fullmatch(figure.quote)
    if match is None:
        return
    parameters: dict[str, str] | None = {}
    if figure.period_start is None:
        month, day, last_month, last_day = (int(group or 0) for group in match.groups())
        parameters = _served((month, day), (last_month or month, last_day))
    elif _is_day(figure):
        return
    if parameters is not None:
        _span_of_days(reading, [figure], None, parameters)


def _is_day(figure: Figure) -> bool:
    return figure.period_start == (figure.period_end or figure.period_start)


def _is_day_or_month(figure: Figure) -> bool:
    return _is_day(figure) or (_has(figure, "月") and not _has(figure, "日"))


def _are_told(one: Figure, other: Figure) -> bool:
    """Whole enough to be compared: the later may leave out the year, the earlier only where both do."""
    return _has(one, "年") == _has(other, "年") or _has(one, "年")


def _has(figure: Figure, mark: str) -> bool:
    return mark in figure.quote


def _span_of_days(reading: Reading, dates: Sequence[Figure], cue: Span | None, parameters: Mapping[str, str]) -> None:
    """會期7天 after the two dates, or the period, in the same sentence."""
    one, other = dates[0], dates[-1]
    for figure in _following(reading.numbers, other.end, other.end + 40):
        words = reading.folded[other.end : figure.start]
        if re.search(r"[。\n]", words):
            break
        if figure.unit in ("天", "日") and (match := _DAYS.search(words)):
            span = Span(other.end + match.start(), other.end + match.end())
            tail = reading.folded[figure.end : figure.end + 2]
            exclusive = bool(_EXCLUSIVE.search(words)) or tail.startswith("后")
            if _EITHER.search(words) and one.period_start and other.period_end:
                exclusive = figure.value == (other.period_end - one.period_start).days
            told = {**parameters, "inclusive": "false" if exclusive else "true"}
            reading.add("date_span", figure, dates, [cue, span], parameters=told, rule="date.span")
            return
    _told_before(reading, dates, cue, parameters)


def _told_before(reading: Reading, dates: Sequence[Figure], cue: Span | None, parameters: Mapping[str, str]) -> None:
    """為期16天的特展於12月20日至1月4日舉行: the days stand before the dates."""
    start = dates[0].start
    for figure in _following(reading.numbers, start - 24, start):
        words = reading.folded[max(figure.start - 4, 0) : figure.start]
        if figure.unit in ("天", "日") and (match := _DAYS.search(words)):
            if re.search(r"[。；;\n]", reading.folded[figure.end : start]):
                continue
            at = figure.start - len(words)
            span = Span(at + match.start(), at + match.end())
            told = {**parameters, "inclusive": "true"}
            reading.add("date_span", figure, dates, [cue, span], parameters=told, rule="date.span_before")
            return


def _following(numbers: Sequence[Figure], start: int, end: int) -> list[Figure]:
    first = bisect_left(numbers, start, key=lambda figure: figure.start)
    return [figure for figure in numbers[first : first + 40] if start <= figure.start < end]
