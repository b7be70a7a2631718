"""Years that words name without a number: the year a report calls 今年, and those of a five-year plan."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from flows.place.dates import Period, whole_year
from flows.record import Figure

_REVIEWED = re.compile(r"[^，。；\n]{0,12}?(?:回顾|总结)")
#: “十四五”时期: the fourteenth five-year plan, 2021 to 2025.
PLAN = r"(?:十[一二三四五六七]五|[一二三四五六七八九十]五)[”」』\"]?(?:时期|期间|以来|末(?!端)|规划期|计划期)"
_PLAN_NAME = re.compile(r"(.{1,2})五(?!五)")
_FIRST_OF_THIRD = 1966


def this_year(folded: str, numerals: Sequence[Figure], published_on: date | None) -> int | None:
    """The year that a report calls 今年; None where nothing tells it.

    Of a report without a date: the year after the one it reviews (1993年工作回顾), else the one that most of its
    years are, or the year after that where it speaks of 去年.
    """
    if published_on is not None:
        return published_on.year
    years: Counter[int] = Counter()
    for row in numerals:
        first, last = row.period_start, row.period_end
        if row.cls == "date" and first is not None and (first, last) == whole_year(first.year):
            if _REVIEWED.match(folded, row.end):
                return first.year + 1
            years[first.year] += 1
    if not years:
        return None
    told = max(years, key=lambda year: (years[year], year))
    return told + 1 if "去年" in folded else told


def year_told(numerals: Sequence[Figure]) -> int | None:
    """The latest year that a text without a date of its own comes back to; None where it names no year often."""
    counts = Counter(
        row.period_end.year
        for row in numerals
        if row.cls == "date"
        and row.period_end is not None
        and row.period_start is not None
        and row.period_start.year == row.period_end.year
    )
    most = max(counts.values(), default=0)
    return max((year for year, count in counts.items() if 3 * count >= most), default=None)


def plan_period(words: str) -> Period:
    """The five years of the plan that `words` begin with: 十四五 is 2021 to 2025."""
    name = _PLAN_NAME.match(words)[1]  # type: ignore[index]
    number = sum(10 if char == "十" else "一二三四五六七八九".index(char) + 1 for char in name)
    if number < 3:
        return (date(1953, 1, 1), date(1957, 12, 31)) if number == 1 else (date(1958, 1, 1), date(1962, 12, 31))
    first = _FIRST_OF_THIRD + 5 * (number - 3)
    return date(first, 1, 1), date(first + 4, 12, 31)
