"""Whether the numeral at a place is a date: by itself, or by the word in front (周二, 正月十五, 今（14）日)."""

import re

from flows.find.context import BRACKETED_YEAR
from flows.find.dates import (
    BRACKETED_DAY,
    BRACKETED_LEAD,
    DATE_AT,
    DATE_NEXT,
    LUNAR_BEFORE,
    LUNAR_DAY,
    MORE_WEEKDAYS,
    RATIO_BEFORE,
    TIME_WORDS_BEFORE,
    TURNS,
    WEEKDAY_BEFORE,
)
from flows.find.eras import ERA_ENDS, era_at
from flows.find.grammar import NUMBER_AT
from flows.find.units import unit_at
from flows.record import Figure

#: Where it begins and ends, the rule, the match that may name a period, and the text in front.
Dated = tuple[int, int, str, re.Match[str] | None, str]
#: The run of digits at a place and what follows it, which tells at once whether a date can begin here.
_AFTER_DIGITS = re.compile(r"[\d〇零一二三四五六七八九十百廿卅两千]{1,8}[ \u00a0]?(.?)", re.DOTALL)


def dated_at(folded: str, place: int, floor: int, before: str, last: Figure | None) -> Dated | None:
    """The date that begins at `place`, or a character or two before it; None where there is none.

    `before` is the character in front, empty at `floor`; `last` the row in front.
    """
    if before.isascii() and before.isalnum():
        return None
    if before in ERA_ENDS and (era := era_at(folded, place, floor)) is not None:
        return *era, "era", None, ""
    after = _AFTER_DIGITS.match(folded, place)
    match = None
    if after is not None and after[1] in DATE_NEXT:
        match = DATE_AT.match(folded, place)
    if match is not None and match["clock"] and folded[max(0, place - 4) : place].endswith(RATIO_BEFORE):
        return None
    char = folded[place]
    if before == "(" and place >= floor + 2 and folded[place - 2] in BRACKETED_LEAD:
        bracketed = BRACKETED_DAY.match(folded, place)
        if bracketed is not None:
            return place - 2, bracketed.end(), "bracketed_day", None, ""
    is_bare = char.isascii() and before and before not in "(（" and after is not None and after[1] not in "点时"
    if match is None and is_bare:
        return None
    lead = folded[max(floor, place - 3) : place]
    if match is not None:
        start = place - (before == "前" and match.group().endswith(("季度", "个月")))
        return start, match.end(), "date", match, lead
    span = _by_the_word_before(folded, place, before, lead, last)
    return None if span is None else (*span, "date", None, lead)


def _by_the_word_before(folded: str, place: int, before: str, lead: str, last: Figure | None) -> tuple[int, int] | None:
    char = folded[place]
    single = NUMBER_AT.match(folded, place)
    single_end = single.end() if single is not None else place + 1
    if lead.endswith(LUNAR_BEFORE) and (lunar := LUNAR_DAY.match(folded, place)) is not None:
        return place - 2, lunar.end()
    if before and before in "、和及" and _is_after_weekday(folded, place, last):
        return place, place + 1
    if lead.endswith(WEEKDAY_BEFORE) and char in "一二三四五六" and single_end == place + 1:
        if unit_at(folded, place + 1) is not None and not folded.startswith(("至", "到", "上"), place + 1):
            return None
        return place - (1 if lead.endswith("周") else 2), place + 1
    if last is not None and _ends_hours(folded, last, place, single_end):  # 下午三点至｜五点
        return place, single_end + 1
    if char == "一" and before and before in "上下前后次同" and (turn := TURNS.match(folded, place)):
        return place - 1, turn.end()
    if before == "初" and char in "一二三四五六七八九十" and single_end == place + 1:
        is_school = folded.startswith(("中", "级", "年级"), place + 1) or folded[place - 2 : place - 1] == "最"
        return None if is_school or unit_at(folded, place + 1) else (place - 1, place + 1)
    if lead.endswith(TIME_WORDS_BEFORE) and folded.startswith(("点", "时"), single_end):
        return None if folded[single_end + 1 : single_end + 2].isdigit() else (place, single_end + 1)
    if (year := BRACKETED_YEAR.match(folded, place)) is not None and before in "(（":
        return place, year.end()
    return None


def _ends_hours(folded: str, last: Figure, place: int, end: int) -> bool:
    """下午三点至五点: whether the numeral ends the hours that the row in front began."""
    if last.cls != "date" or not 0 < place - last.end <= 2 or not folded.startswith(("点", "时"), end):
        return False
    return last.quote[-1:] in ("点", "點", "时", "時") and _TO.fullmatch(folded, last.end, place) is not None


_TO = re.compile(r"至|到|[—–~～-]{1,2}")


def _is_after_weekday(folded: str, place: int, last: Figure | None) -> bool:
    """周二、四、六: whether the numeral goes on a list of weekdays."""
    if last is None or last.cls != "date" or last.end != place - 1 or not MORE_WEEKDAYS.match(folded, place):
        return False
    if unit_at(folded, place + 1) is not None and not folded.startswith(("至", "到", "上"), place + 1):
        return False  # 周一、三名职工
    return folded.startswith(WEEKDAY_BEFORE, last.start) or folded[last.start - 1 : last.start] in ("、", "和")
