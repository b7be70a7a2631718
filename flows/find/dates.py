"""Dates, times and periods in prose: one row an expression; a date with its hour is one, a span of hours another."""

import re
from calendar import monthrange
from datetime import date

_C = "〇零一二三四五六七八九十两"
_YEAR4 = r"(?:[12]\d{3}|[一二][〇零一二三四五六七八九]{3})"
_SMALL = rf"(?:\d{{1,2}}|[{_C}廿卅]{{1,3}})"
_DASH = r"\s?(?:至|到|—{1,2}|-|–|~|～|─{1,2}|―)\s?"
_HOUR = rf"(?:{_SMALL}(?:时|点(?!\d))(?:{_SMALL}分(?!之)?|整|半)?|\d{{1,2}}:\d{{2}}(?::\d{{2}})?)"

DATE_AT = re.compile(
    "|".join(
        [
            # 2020年3月27日, 2020年3月5—11日, with an hour: 2022年2月26日0时
            rf"(?P<y>{_YEAR4}|(?:民国|公元)?{_SMALL})\s?年(?:度)?\s?(?P<m>{_SMALL})\s?月(?:份)?"
            rf"(?:\s?(?P<d>{_SMALL})(?:\s?[日号](?!线|楼|院|公告))?(?:(?:{_DASH}){_SMALL}[日号])?"
            rf"(?<=[日号])(?:{_HOUR}(?!{_DASH}))?|[上中下]旬|底|初|末)?",
            # 3月12日, 3月5—11日, 6月底
            rf"(?P<m2>{_SMALL})\s?月(?:份(?!额))?(?:\s?(?P<d2>{_SMALL})\s?(?:(?:{_DASH}){_SMALL})?[日号](?!线|楼)"
            rf"(?:{_HOUR}(?!{_DASH}))?|[上中下]旬|底|初|末)?",
            # 28日, 28日24时
            rf"(?P<d3>\d{{1,2}})[日](?:{_HOUR}(?!{_DASH}))?",
            # 2019年, 一九七七年, 2013—2015年, 2011/2012年度, 90年代
            rf"{_YEAR4}(?:\s?年)?(?:{_DASH}|/){_YEAR4}\s?年(?:度|底|初|末|间)?",
            rf"(?P<y4>{_YEAR4})\s?年(?:度(?!假)|上半年|下半年|代|底|初|末|春|夏|秋|冬|(?:第?[一二三四1-4])季度)?",
            r"\d{2}(?:年代)|[一二三四五六七八九]十年代",
            rf"(?:\d{{1,2}}|[{_C}]{{1,3}})世纪(?:[{_C}]{{2}}年代|\d{{2}}年代)?(?:初|末|中叶|上半叶|下半叶)?",
            # 2022-04-28, 2010/01/29, 2008.8.8
            r"(?P<y5>(?:19|20)\d{2})(?P<sep>[-/.])(?P<m5>\d{1,2})(?P=sep)(?P<d5>\d{1,2})(?!\d|[-/.]\d)"
            r"(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?",
            # 0—24时, 8时30分, 12:30
            rf"{_SMALL}(?:时)?{_DASH}{_SMALL}(?:时|点(?!\d))(?!间)",
            rf"\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:{_DASH}\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?(?!\d)",
            rf"{_SMALL}时(?!间|期|代|候|段|速|效|常|而|空|节|尚|刻|间)(?:{_SMALL}分)?",
            rf"{_SMALL}点(?:{_SMALL}分(?!之)(?:{_SMALL}秒)?|[三五]十(?!分之)|整|钟|半)",
            r"[一二三四1-4](?:个)?季度(?!的?工资)",
            r"(?:半年)(?=报|度|来)",
        ]
    )
)
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)$")

_DIGIT = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")} | {"零": "0", "两": "2"}


def small_number(text: str) -> int:
    """12, 十二, 廿八, 二〇二二 as an integer."""
    if text.isdigit():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (int(_DIGIT.get(tens, "1")) if tens else 1) * 10 + (int(_DIGIT.get(ones, "0")) if ones else 0)
    return int("".join(_DIGIT.get(char, "0") for char in text) or "0")


def complete_period(match: re.Match[str]) -> tuple[date | None, date | None]:
    """First and last day of an expression that names its year: a day, a month or a year; else (None, None)."""
    groups = match.groupdict()
    if groups["y5"]:
        year, month, day = int(groups["y5"]), int(groups["m5"]), int(groups["d5"])
    elif groups["y"]:
        if len(groups["y"]) != 4:
            return None, None
        year, month = small_number(groups["y"]), small_number(groups["m"])
        day = small_number(groups["d"]) if groups["d"] else 0
    elif groups["y4"] and match.group().endswith(("年", "年度")):
        year = small_number(groups["y4"])
        return date(year, 1, 1), date(year, 12, 31)
    else:
        return None, None
    if not (1 <= month <= 12 and 1 <= year <= 9999):
        return None, None
    last = monthrange(year, month)[1]
    if day == 0:
        return date(year, month, 1), date(year, month, last)
    if not 1 <= day <= last:
        return None, None
    return date(year, month, day), date(year, month, day)
