"""Dates and periods of the calendar: what an expression says, and the report's own date.

An expression without its year takes the year of the nearest earlier full date of its paragraph, else that of
the report; one without its month is the day nearest to the date before it. 民國 years count from 1912.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from flows.record import Document, Figure
from flows.record.numeral import small_number

Period = tuple[date, date]

_SMALL = r"(?:\d{1,2}|[〇零一二三四五六七八九十廿卅]{1,3})"
_YEAR = r"(?:\d{2,4}|一百[〇零一二三四五六七八九十]{0,3}|[〇零一二三四五六七八九十]{2,4})"
_DASH = r"\s?(?:至|到|[—\-–~～─―]{1,2})\s?"
_NUMERIC = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})")
_YEARS = re.compile(rf"(?P<y>{_YEAR})年?(?:{_DASH}|/)(?P<y2>\d{{4}}|[一二][〇零一二三四五六七八九]{{3}})年")
_WRITTEN = re.compile(
    rf"(?:(?P<era>民国|公元)?(?P<y>{_YEAR})\s?年度?)?\s?(?:(?P<m>{_SMALL})\s?月份?)?\s?"
    rf"(?:(?P<d>{_SMALL})(?:[日号]|(?={_DASH}{_SMALL}[日号])))?"
    rf"(?:{_DASH}(?P<d2>{_SMALL})[日号])?"
    r"(?P<part>上旬|中旬|下旬|底|末|初|上半年|下半年|前[二两三23]个?季度|第?[一二三四1-4]个?季度?)?"
)
_MONTHS = re.compile(rf"(?:(?P<y>{_YEAR})年)?(?P<m>{_SMALL})月?(?:{_DASH}|、)(?P<m2>{_SMALL})月份?")
_JOINED = r"(?:[、和与至到—–-]|——)"
#: 4、5日, 3月4、5日, 9月12、13(两日): days that follow each other; 一、二季度.
_LISTED_DAYS = re.compile(rf"(?:(?:(?P<y>{_YEAR})年)?(?P<m>{_SMALL})月)?(?P<days>{_SMALL}(?:、{_SMALL}){{1,5}})[日号]?")
_LISTED_QUARTERS = re.compile(rf"(?P<quarters>[一二三四1-4](?:{_JOINED}[一二三四1-4]){{1,3}})个?季度")
_MAY_LIST = re.compile("[、和与季学]")
#: 107学年度第1学期: the school years of the Republic, from August on.
_SCHOOL_YEAR = re.compile(
    r"(?P<y>1\d\d|一[〇零一][〇零一二三四五六七八九])学年度?(?:的?(?:第(?P<n>[一二12])|(?P<half>[上下]))学期)?"
)
_FIRST_MONTHS = re.compile(rf"前({_SMALL})个月")
_HOURS_ONLY = re.compile(r"[\d〇零一二三四五六七八九十两:—\-–~～至到时点分秒整半]+")
_FILE_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})[-_.年]?(0[1-9]|1[0-2])[-_.月]?(0[1-9]|[12]\d|3[01])(?!\d)")
_ISO = re.compile(r"\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")
_DATELINE = re.compile(r"发布(?:时间|日期)|日期|来源|时间:|特刊|签发")
NEAR_THE_TOP = 400


def year_number(words: str, era: str | None) -> int:
    """A written year as a year of our era: 民国109 is 2020; 08 is 2008, 97 is 1997."""
    year = small_number(words)
    if era == "民国" or 100 <= year < 200:
        return year + 1911
    if year < 100:
        return year + (2000 if year < 50 else 1900)
    return year


def whole_year(year: int) -> Period:
    return date(year, 1, 1), date(year, 12, 31)


def whole_month(year: int, month: int) -> Period:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def part_of_year(year: int, part: str) -> Period:
    """上半年, 下半年, 前三季度, 第二季度 of a year; the whole year for any other word."""
    if "上半年" in part:
        return date(year, 1, 1), date(year, 6, 30)
    if "下半年" in part:
        return date(year, 7, 1), date(year, 12, 31)
    first_quarters = re.search(r"前([二两三23])个?季度", part)
    if first_quarters:
        return date(year, 1, 1), whole_month(year, 9 if first_quarters[1] in "三3" else 6)[1]
    match = re.search(r"([一二三四1-4])个?季", part)
    if match:
        last = small_number(match[1]) * 3
        return date(year, last - 2, 1), whole_month(year, last)[1]
    return whole_year(year)


@lru_cache(maxsize=4096)
def _parsed(quote: str) -> tuple[int | None, int | None, int | None, int | None, str, int | None]:
    """Year, month, day, last day, part and last year of a folded expression; None for what it leaves out."""
    match = _NUMERIC.match(quote)
    if match:
        return int(match["y"]), int(match["m"]), int(match["d"]), None, "", None
    match = _YEARS.match(quote)
    if match:
        first, last = year_number(match["y"], None), year_number(match["y2"], None)
        return first, None, None, None, "", last
    match = _WRITTEN.match(quote)
    if match is None:
        return None, None, None, None, "", None
    return (
        year_number(match["y"], match["era"]) if match["y"] else None,
        small_number(match["m"]) if match["m"] else None,
        small_number(match["d"]) if match["d"] else None,
        small_number(match["d2"]) if match["d2"] else None,
        match["part"] or "",
        None,
    )


def is_hours_only(quote: str) -> bool:
    """Whether a folded expression names hours and no day: 0—24时, 8时30分."""
    return _HOURS_ONLY.fullmatch(quote) is not None and "日" not in quote


def resolve(
    quote: str, near: date | None, *, is_ahead: bool = False, published_on: date | None = None
) -> Period | None:
    """First and last day of a folded expression read by someone who has `near` in mind; None where it cannot
    be told.

    `is_ahead` says that the words around it point to the future (6月底前), so that it is not put into the
    past year.
    """
    months = _months(quote, near)
    if months is not None:
        return months
    if _MAY_LIST.search(quote) is not None:
        for pattern, read in _LISTS:
            if (match := pattern.fullmatch(quote)) is not None:
                return read(match, near)
    year, month, day, last_day, part, last_year = _parsed(quote)
    if year is not None and last_year is not None:
        return (date(year, 1, 1), date(last_year, 12, 31)) if 1 <= year <= last_year <= 9999 else None
    if month is None and day is None:
        if part and year is None:
            return part_of_year(near.year, part) if near else None
        if year is None or not 1 <= year <= 9999:
            return None
        return part_of_year(year, part)
    if month is None:
        return _nearest_day(day, near) if near and day else None
    if not 1 <= month <= 12:
        return None
    if year is None:
        if near is None:
            return None
        year = near.year
        late = published_on or near
        if not is_ahead and date(year, month, 1) > late + timedelta(days=60) and year == late.year:
            year -= 1
    if not 1 <= year <= 9999:
        return None
    return _within_month(year, month, day, last_day, part)


def _months(quote: str, near: date | None) -> Period | None:
    """1—8月, 前11个月; None where the expression is no span of months."""
    match = _FIRST_MONTHS.fullmatch(quote) or _MONTHS.fullmatch(quote)
    if match is None or (near is None and not (match.re is _MONTHS and match["y"])):
        return None
    first, last, year = 1, small_number(match[1] or "1"), near.year if near else 0
    if match.re is _MONTHS:
        first, last = small_number(match["m"]), small_number(match["m2"])
        year = year_number(match["y"], None) if match["y"] else year
    if not (1 <= first <= last <= 12 and 1 <= year <= 9999):
        return None
    return date(year, first, 1), whole_month(year, last)[1]


def _days_listed(match: re.Match[str], near: date | None) -> Period | None:
    days = [small_number(day) for day in match["days"].split("、")]
    if near is None or not _is_run(days):
        return None
    if match["m"]:
        year = year_number(match["y"], None) if match["y"] else near.year
        month = small_number(match["m"])
        return _within_month(year, month, days[0], days[-1], "") if 1 <= month <= 12 and 1 <= year <= 9999 else None
    first = _nearest_day(days[0], near)
    return None if first is None else _within_month(first[0].year, first[0].month, days[0], days[-1], "")


def _quarters_listed(match: re.Match[str], near: date | None) -> Period | None:
    told = [small_number(char) for char in match["quarters"] if char in "一二三四1234"]
    is_span = len(told) == 2 and "、" not in match["quarters"] and not {"和", "与"} & set(match["quarters"])
    if near is None or not (told[0] < told[-1] if is_span else _is_run(told)):
        return None
    return date(near.year, told[0] * 3 - 2, 1), whole_month(near.year, told[-1] * 3)[1]


def _school_year(match: re.Match[str], near: date | None) -> Period | None:
    year = small_number(match["y"]) + 1911
    term = match["n"] or match["half"] or ""
    first = date(year + 1, 2, 1) if term in ("二", "2", "下") else date(year, 8, 1)
    last = date(year + 1, 1, 31) if term in ("一", "1", "上") else date(year + 1, 7, 31)
    return first, last


def _is_run(numbers: Sequence[int]) -> bool:
    """Whether each follows the one before it: what lies between days 4 and 9 is not told of by 4、9日."""
    return all(after == before + 1 for before, after in pairwise(numbers))


_LISTS = (
    (_LISTED_DAYS, _days_listed),
    (_LISTED_QUARTERS, _quarters_listed),
    (_SCHOOL_YEAR, _school_year),
)


def _within_month(year: int, month: int, day: int | None, last_day: int | None, part: str) -> Period | None:
    first, last = whole_month(year, month)
    if day is None:
        if part in ("底", "末"):
            return last, last
        bounds = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, last.day), "初": (1, 10)}.get(part)
        return (first.replace(day=bounds[0]), first.replace(day=bounds[1])) if bounds else (first, last)
    until = last_day or day
    if not 1 <= day <= last.day or not 1 <= until <= last.day:
        return None
    return first.replace(day=day), first.replace(day=max(day, until))


def _nearest_day(day: int, near: date) -> Period | None:
    """The date with this day of the month that is nearest to `near`."""
    candidates = []
    for months in (-1, 0, 1):
        year, month = divmod(near.year * 12 + near.month - 1 + months, 12)
        if 1 <= year <= 9999 and 1 <= day <= monthrange(year, month + 1)[1]:
            candidates.append(date(year, month + 1, day))
    if not candidates:
        return None
    found = min(candidates, key=lambda candidate: abs(candidate - near))
    return found, found


def report_date(doc: Document, name: str, numerals: Sequence[Figure]) -> tuple[date | None, str]:
    """The day a report was published, and the rule that says so, the most trustworthy first.

    `front_matter`: its `published_on` (or `date`). `file_name`: 2022-04-12.txt, 018_20200125.txt. `text`: a
    full date that stands alone on a line or beside words of publication, else the first full date near the
    top. `none`: (None, "none").
    """
    for key in ("published_on", "date", "published", "发布日期"):
        found = _calendar(_ISO.match(doc.front_matter.get(key, "")))
        if found:
            return found, "front_matter"
    found = _calendar(_FILE_DATE.search(name.rsplit("/", 1)[-1]))
    if found:
        return found, "file_name"
    days = [row for row in numerals if row.cls == "date" and row.period_start and row.period_start == row.period_end]
    index = 0
    for part in doc.paragraphs:
        while index < len(days) and days[index].start < part.start:
            index += 1
        if index < len(days) and days[index].end <= part.end and part.end - part.start <= 60:
            row = days[index]
            rest = doc.folded[part.start : row.start] + doc.folded[row.end : part.end]
            if len(rest.strip(" ()△—-|")) <= 2 or _DATELINE.search(rest):
                return row.period_start, "text"
    if days and days[0].start <= NEAR_THE_TOP:
        return days[0].period_start, "text"
    return None, "none"


def _calendar(match: re.Match[str] | None) -> date | None:
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    if 1 <= month <= 12 and 1 <= day <= monthrange(max(year, 1), month)[1] and year >= 1:
        return date(year, month, day)
    return None
