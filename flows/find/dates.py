"""Dates, times and periods in prose: one row an expression, a date with its hour included."""

import re
from calendar import monthrange
from datetime import date

from flows.record.numeral import small_number
from flows.record.wording import told

_C = "〇零一二三四五六七八九十"
_YEAR4 = r"(?:[12]\d{3}|[一二][〇零一二三四五六七八九]{3})"
_SPOKEN_YEAR = r"[一二两]千(?:零[一二三四五六七八九]|零?[一二]?十[一二三四五六七八九]?)"
_SMALL = rf"(?:\d{{1,2}}|[{_C}廿卅]{{1,3}})"
_B = "[ \u00a0]?"
_DASH = rf"{_B}(?:至|到|——?|-|–|~|～|──?|―|−){_B}"
_DAY_END = r"[日号](?![线楼院均])"
_LONG_DAY = r"(?:十[一二三四五六七八九]?|二十[一二三四五六七八九]?|三十一?|廿[一二三四五六七八九]?|卅一?)"
_TIME = r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?![\d万亿.])"
_HOUR = (
    rf"(?>{_SMALL}(?:时(?!间|期|代)|点(?!\d))(?:{_SMALL}分(?!之)|整|半)?|{_TIME})"
    rf"(?!{_DASH}{_SMALL}(?:时|点|:))"
)
_PART = r"(?:[上中下]旬|底|初(?![一二三四五六七八九十])|末|中旬)"
_LUNAR = (
    r"(?:初[一二三四五六七八九十](?![中级])"
    r"|(?:十[一二三四五六七八九]|廿[一二三四五六七八九]?|二十[一二三四五六七八九])(?=[，。、；：（）()\s夜晚前后当这起赏庙灯看的]|$))"
)
_LISTED_DAYS = rf"{_SMALL}(?:、{_SMALL}){{1,5}}[日号](?![线楼院均令])"
_YEARS_OF = "|".join(told("time", "year_of"))
_DAYS = rf"{_SMALL}{_B}(?:{_DAY_END})?{_DASH}{_SMALL}{_B}{_DAY_END}"
_YEAR_TAIL = (
    r"(?:度(?!假)|上半年|下半年|代(?!表|理)|底|初|末|[春夏秋冬](?:季|天)?|学年|财年|间"
    r"|(?:第?[一二三四1-4]|前[二三23])(?:个)?季度)"
)

#: Tried in order at a digit or numeral character; the first that fits is the row.
DATE_AT = re.compile(
    "|".join(
        [
            # 民国一百一十年, 民国110年
            rf"(?<=民国)(?P<roc>\d{{1,3}}|[{_C}百]{{1,6}})年(?!{_B}{_SMALL}{_B}月)(?:度|底|初|末)?",
            # 108学年度第2学期, 2019—2020学年, 2020/21年度, 2020财年
            rf"(?:{_YEAR4}(?:{_B}(?:{_DASH}|/){_B}(?:{_YEAR4}|\d{{2}}))?|\d{{2,3}}|一[〇零一][〇零一二三四五六七八九])"
            rf"(?:学年度?|年?(?:{_YEARS_OF}))"
            r"(?:的?(?:第[一二三123]|[上下])学期)?",
            rf"{_YEAR4}[/—–-]\d{{2}}年度",
            # 2020年3月27日, 民国一百一十年..., 2020年3月5—11日, with an hour: 2022年2月26日0时
            rf"(?P<y>{_YEAR4}|{_SPOKEN_YEAR}|(?:9\d|1[0-2]\d)|(?<=民国)[{_C}百]{{1,6}}|{_SMALL}){_B}年{_B}(?:农历)?"
            rf"(?P<m>{_SMALL}){_B}月份?(?!以上|以下)(?:{_LUNAR}|{_B}{_DAYS}|{_LISTED_DAYS}|{_B}(?P<d>{_SMALL}){_B}{_DAY_END}(?:{_HOUR})?|{_PART})?",
            # 2005年08/05; 1998、1999年; 一九八一、一九八二两年; 07年, 零八年
            rf"(?P<y9>{_YEAR4}|{_SPOKEN_YEAR})年(?P<m9>\d{{2}})/(?P<d9>\d{{2}})(?!\d)",
            rf"{_YEAR4}年?(?:、{_YEAR4}年?){{0,8}}(?:、|和|与){_YEAR4}(?:年|(?=[两三四五六七八九]年))",
            r"(?:0\d|[零〇][一二三四五六七八九])年(?![级龄])",
            # 九八年, 七七年 of the last century; 七八年 may be some years
            r"(?!五六|六七)(?!七八|八九)[五六七八九][〇零一二三四五六七八九]年(?![级龄代期多来半])(?:底|初(?![一二三四五六七八九十])|末|度(?!假))?",
            # 1—3月, 1—3月份, 4至6月
            rf"{_SMALL}(?:月?{_DASH}|、){_SMALL}月(?:份(?!额))?(?!\d)(?!{_SMALL}[日号])",
            # 3月12日, 3月5—11日, 6月底, 十月初一
            rf"{_SMALL}{_B}月(?!龄)(?:{_LUNAR}|{_B}{_DAYS}|{_LISTED_DAYS}|{_SMALL}(?:、{_SMALL}){{1,4}}(?=[两三四五]日)|{_B}{_SMALL}{_B}{_DAY_END}(?:{_HOUR})?|{_PART}|份(?!额))?",
            # 1、2日
            rf"\d{{1,2}}(?:、\d{{1,2}}){{1,5}}{_DAY_END}(?<=日)(?![内游]|以内|之内)",
            # 28日, 28日24时, 5—11日
            rf"(?:\d{{1,2}}{_DASH})?\d{{1,2}}{_DAY_END}(?<=日)(?![内游]|以内|之内)(?:{_HOUR})?",
            rf"{_LONG_DAY}日(?![内均游本语元产常夜报子]|以内|之内|[以之]?后)",
            # 2013—2015年, 2011/2012年度, 2013-2014
            rf"{_YEAR4}(?:{_B}年)?(?:{_DASH}|/){_YEAR4}{_B}年{_YEAR_TAIL}?",
            r"(?:19|20)\d{2}[-—–](?:19|20)\d{2}(?![\d\-])",
            rf"(?P<y4>{_YEAR4}){_B}年{_YEAR_TAIL}?",
            rf"{_SPOKEN_YEAR}年(?:度|底|初|末)",
            r"(?:1[01]\d|一[〇零一][〇零一二三四五六七八九])年(?:度(?!假)|上半年|下半年|底|第[一二三四1-4]季)",
            # 前11个月: from January to November
            rf"(?<=(?<![提之以此日目年当天])前){_SMALL}个月(?![前后内])",
            r"\d0年代|[一二三四五六七八九]{1,3}十年代",
            rf"(?:\d{{1,2}}|[{_C}]{{1,3}})世纪(?:[{_C}]{{2}}年代|\d{{2}}年代)?(?:初|末|中叶|上半叶|下半叶)?",
            # 2022-04-28, 2010/01/29, 2008.8.8, 2008-08, 08-08-2008
            r"(?P<y5>(?:19|20)\d{2})(?P<sep>[-/.])(?P<m5>\d{1,2})(?P=sep)(?P<d5>\d{1,2})(?!\d|[-/.]\d)"
            rf"(?:[ T]{_TIME})?",
            r"(?P<y6>(?:19|20)\d{2})[-/](?P<m6>0[1-9]|1[0-2])(?![\d\-/])",
            r"(?P<a>\d{1,2})(?P<sep8>[-/.])(?P<b>\d{1,2})(?P=sep8)(?P<y8>(?:19|20)\d{2})(?!\d)",
            # 08.08, which is no number; 2008.08 where it stands alone or begins a span
            r"0[1-9]\.(?:0[1-9]|[12]\d|3[01])(?![\d.%‰元万亿A-Za-z])",
            r"(?<![^\s(])(?P<y7>(?:19|20)\d{2})\.(?P<m7>0[1-9]|1[0-2])(?=\s*(?:$|[-—–~至到)]))",
            r"(?:0[1-9]|1[0-2])/(?:0[1-9]|[12]\d|3[01])(?![\d/])",
            # 0—24时, 8时30分, 12:30, 三点四十
            rf"{_SMALL}(?:时)?{_DASH}{_SMALL}(?:时(?!间)|点(?![\d{_C}]))",
            # 8∶30—17∶30 with the sign of ratios
            rf"(?:[01]?\d|2[0-4])∶[0-5]\d{_DASH}(?:[01]?\d|2[0-4])∶[0-5]\d(?!\d)",
            r"(?<=[午日晨晚早夜上间])(?:[01]?\d|2[0-4])∶[0-5]\d(?![\d∶])",
            rf"(?P<clock>{_TIME})(?:{_DASH}{_TIME})?(?!\d)",
            rf"{_SMALL}时(?![间期代候段速效常而空节尚刻])(?:{_SMALL}分|[0-5]\d(?=[，。、；,;)到抵从由乘前后许左]))?",
            rf"(?<=差){_SMALL}分钟?(?:{_SMALL}|两)点(?!\d)",
            rf"(?:{_SMALL}|两)点(?:差{_SMALL}分|零?{_SMALL}分(?!之)(?:{_SMALL}秒)?|[三四五]?十(?![分万亿百千{_C}])|整|钟|半(?!成)|[一三13]刻)",
            r"[零〇]点(?![一二三四五六七八九〇零\d几])(?:整|钟)?",
            r"[一二三四1-4](?:[、和与至到—–-][一二三四1-4]){0,3}(?:个)?季度",
            r"(?<=前)[二三23]季(?!度)",
        ]
    )
)
_WHOLE_YEAR = re.compile(rf"{_YEAR4}{_B}年度?")
#: What can follow the first digits of a date.
DATE_NEXT = frozenset("年月日号时点分:∶-/.—–~～─―−至到、和与世代季个学财赛榨")
#: What may stand before a numeral and make the whole a date: 周一, 上半年, 上一年, 初一, 前三季度.
WEEKDAY_BEFORE = told("time", "weekday_before")
TURNS = re.compile(r"一(?:年|个月|周|天|日|季度|学年|财年)")
TIME_WORDS_BEFORE = told("time", "clock_before")
#: Words of the lunar year before a numeral that has no 月 or 初 of its own: 正月十五, 腊月二十三, 大年三十.
LUNAR_BEFORE = told("time", "lunar_before")
LUNAR_DAY = re.compile(
    r"(?:初[一二三四五六七八九十]|三十|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?|十[一二三四五六七八九]?)(?![万亿百千个余多年])"
)
#: 周二、四、六: the days that go on after a weekday.
MORE_WEEKDAYS = re.compile(r"[一二三四五六日](?![〇零一二三四五六七八九十百千万亿两半.点])")

#: 今(14)日, 昨(13)晚, 本(3)月: the day is told in brackets.
BRACKETED_DAY = re.compile(r"\d{1,4}\)(?:日|晚|早|天|号|年|月|凌晨|上午|下午)")
BRACKETED_LEAD = frozenset("今昨前去本同次当翌明")
#: What makes 10:12 a score or a scale and no time.
RATIO_BEFORE = told("time", "ratio_before")


def complete_period(match: re.Match[str], before: str) -> tuple[date | None, date | None]:
    """First and last day of an expression that names its year: a day, a month or a year; else (None, None).

    `before` is the text in front, where 民国 makes the year one of the Republic's.
    """
    groups = match.groupdict()
    day = 0
    if groups["roc"]:
        year = small_number(groups["roc"]) + 1911
        return date(year, 1, 1), date(year, 12, 31)
    if groups["y8"]:
        first, second = int(groups["a"]), int(groups["b"])
        if first != second and first <= 12 and second <= 12:
            return None, None  # 03-04-2020: which is the month?
        year, month, day = int(groups["y8"]), min(first, second), max(first, second)
    elif groups["y9"]:
        year, month, day = small_number(groups["y9"]), int(groups["m9"]), int(groups["d9"])
    elif groups["y7"]:
        year, month = int(groups["y7"]), int(groups["m7"])
    elif groups["y5"]:
        year, month, day = int(groups["y5"]), int(groups["m5"]), int(groups["d5"])
    elif groups["y6"]:
        year, month = int(groups["y6"]), int(groups["m6"])
    elif groups["y"]:
        year, month = small_number(groups["y"]), small_number(groups["m"])
        day = small_number(groups["d"]) if groups["d"] else 0
        if before.endswith(("民国", "民國")) or (len(groups["y"]) == 3 and groups["y"].isdigit()):
            year += 1911
        elif year < 1000:
            return None, None
        if "d" in groups and not groups["d"] and not match.group().rstrip("份").endswith("月"):
            return None, None  # 2020年3月5—11日, 3月底: the words are resolved where periods are
    elif groups["y4"] and _WHOLE_YEAR.fullmatch(match.group()):
        year = small_number(groups["y4"])
        return (date(year, 1, 1), date(year, 12, 31)) if year else (None, None)
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
