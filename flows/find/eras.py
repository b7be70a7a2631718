"""Years of eras, 乾隆四十五年, 昭和39年8月, 公元220年, as years of our own (`eras.csv`)."""

import re
from calendar import monthrange
from datetime import date

from flows.record.numeral import small_number
from flows.record.script import fold
from flows.record.vocabulary import vocabulary

_C = "〇零一二三四五六七八九十廿卅百"
#: First and last year, None where an era goes on or is not told apart from another of its name; the calendar.
_ERAS = {
    fold(row["era"]): (
        int(row["first_year"]) if row["first_year"] else None,
        int(row["last_year"]) if row["last_year"] else None,
        row["calendar"],
    )
    for row in vocabulary("eras")
}
#: Names of eras, two characters each, folded.
ERAS = frozenset(_ERAS)
#: The characters that such a name may end with, by which a place is passed over at once.
ERA_ENDS = frozenset(name[-1] for name in _ERAS) | {"前"}
_OF_OUR_OWN = "公元"
_BEFORE_OURS = "公元前"
_SMALL = rf"(?:\d{{1,2}}|[{_C}]{{1,4}})"
_DAY = rf"(?:(?P<d>{_SMALL})[日号](?![线楼院])|初[一二三四五六七八九十]|[上中下]旬|底|初|末)"
#: 政和五年来, 嘉定三年行动计划: towns of the same names, whose years are counted.
_YEAR = re.compile(
    rf"(?P<y>\d{{1,4}}|[{_C}]{{1,5}})年(?!代|来|内(?!务)|行动|规划|计划|期|级|龄)"
    rf"(?:度(?!假)|(?P<m>{_SMALL})月(?:{_DAY})?|底|末|初(?![一二三四五六七八九十])|间)?"
)
_LONGEST = 99


def era_at(folded: str, place: int, floor: int) -> tuple[int, int] | None:
    """Where the year of an era that is told by the numeral at `place` begins, with the era, and ends; else None."""
    start = place - len(_OF_OUR_OWN)
    if start < floor or folded[start:place] not in ERAS:
        start = place - len(_BEFORE_OURS)
        if start < floor or not folded.startswith(_BEFORE_OURS, start):
            return None
    match = _YEAR.match(folded, place)
    if match is None:
        return None
    number = small_number(match["y"])
    is_ours = folded.startswith(_OF_OUR_OWN, start)
    if is_ours is False and number > _LONGEST:
        return None
    if is_ours and number >= 1000 and not folded.startswith(_BEFORE_OURS, start):
        return None  # 公元2020年: a date like any other
    return start, match.end()


def era_period(folded: str, start: int, end: int) -> tuple[date | None, date | None]:
    """First and last day of what `era_at` found; (None, None) before our own era, and of a year that no one had.

    A month is one of ours where the era's calendar is: 明治三十七年八月. The months of lunar years are not told.
    """
    name = folded[start : start + 2]
    match = _YEAR.match(folded, start + 2, end)
    if match is None:  # 公元前221年
        return None, None
    first_year, last_year, calendar = _ERAS[name]
    number = small_number(match["y"])
    if first_year is None or not number:
        return None, None
    year = first_year + number - 1
    if year > (last_year if last_year is not None else date.max.year):
        return None, None
    if calendar != "solar" or match["m"] is None:
        return date(year, 1, 1), date(year, 12, 31)
    month = small_number(match["m"])
    if not 1 <= month <= 12:
        return None, None
    last = monthrange(year, month)[1]
    if match["d"] is None:
        return date(year, month, 1), date(year, month, last)
    day = small_number(match["d"])
    return (date(year, month, day), date(year, month, day)) if 1 <= day <= last else (None, None)
