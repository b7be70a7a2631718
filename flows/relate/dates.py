"""Dates: which comes first, and how many days lie between."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from flows.record import Figure, Span
from flows.relate.cues import cues
from flows.relate.reading import Reading

_TO = re.compile(r"^[^，,;；。0-9]{0,6}?(?:至|到|起至|—|－|-|~|～)[^，,;；。0-9]{0,4}$")
_FROM = re.compile(r"(?:自|从|由)[^，,;；。0-9]{0,4}$")
_STARTS = re.compile(
    r"^[^，,;；。0-9]{0,6}?(?:开幕|开工|开始|动工|启动|开学|起飞|出发|召开|起|开展|立案|受理|签订|入院|发病)"
)
_ENDS = re.compile(
    r"^[^，,;；。0-9]{0,6}?(?:闭幕|竣工|结束|完工|完成|投产|建成|放假|抵达|到达|截止|止|办结|终止|出院|确诊)"
)
_DAYS = cues("date_span", "span")
_EXCLUSIVE = cues("date_span", "exclusive")
#: Words that some count the first day with and some do not.
_EITHER = cues("date_span", "either")


def relate_dates(reading: Reading) -> None:
    """date_order and date_span for pairs of complete dates in a sentence."""
    days = [f for f in reading.dates if f.period_start is not None and _is_day_or_month(f)]
    for one, other in pairwise(days):
        between = reading.folded[one.end : other.start]
        if len(between) > 30 or re.search(r"[。;；\n]", between):
            continue
        after = reading.folded[other.end : other.end + 12]
        ranged = bool(_TO.match(between))
        staged = bool(_STARTS.match(between)) and bool(_ENDS.match(after))
        if not (ranged or staged):
            continue
        cue = Span(one.end, other.start) if ranged else Span(one.end, one.end + min(2, len(between)))
        if _is_day(one) and _is_day(other):
            _span_of_days(reading, one, other, cue)
        elif _is_day(one) != _is_day(other) or not staged:
            continue
        if _are_told(one, other):
            reading.add("date_order", None, [one, other], [cue], rule="date.order")


def _is_day(figure: Figure) -> bool:
    return figure.period_start == (figure.period_end or figure.period_start)


def _is_day_or_month(figure: Figure) -> bool:
    return _is_day(figure) or (_has(figure, "月") and not _has(figure, "日"))


def _are_told(one: Figure, other: Figure) -> bool:
    """Whole enough to be compared: the later may leave out the year, the earlier only where both do."""
    return _has(one, "年") == _has(other, "年") or _has(one, "年")


def _has(figure: Figure, mark: str) -> bool:
    return mark in figure.quote


def _span_of_days(reading: Reading, one: Figure, other: Figure, cue: Span) -> None:
    """會期7天 after the two dates, in the same sentence."""
    numbers = _following(reading.numbers, other.end, other.end + 40)
    for figure in numbers:
        words = reading.folded[other.end : figure.start]
        if re.search(r"[。\n]", words):
            return
        if figure.unit in ("天", "日") and (match := _DAYS.search(words)):
            span = Span(other.end + match.start(), other.end + match.end())
            tail = reading.folded[figure.end : figure.end + 2]
            exclusive = bool(_EXCLUSIVE.search(words)) or tail.startswith("后")
            if _EITHER.search(words) and one.period_start and other.period_start:
                exclusive = figure.value == (other.period_start - one.period_start).days
            parameters = {"inclusive": "false" if exclusive else "true"}
            reading.add("date_span", figure, [one, other], [cue, span], parameters=parameters, rule="date.span")
            return


def _following(numbers: Sequence[Figure], start: int, end: int) -> list[Figure]:
    first = bisect_left(numbers, start, key=lambda figure: figure.start)
    return [figure for figure in numbers[first : first + 40] if start <= figure.start < end]
