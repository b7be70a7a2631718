"""Turns of speech with a numeral that counts nothing: 一年比一年好, 一个都不能少, 一床难求, 三班倒, 李一凡."""

import re

from flows.find.placenames import place_name_at
from flows.find.units import is_lookalike, unit_at
from flows.record.wording import told, worded

#: Class, rule, start and end of what a turn of speech is.
Phrase = tuple[str, str, int, int]

_HAN = "[\u4e00-\u9fff]"
#: 一个又一个, 一年比一年, 一代接着一代, 一步一步; 一件件, 一户户.
_AGAIN = worded(
    rf"一(?P<what>{_HAN}{{1,2}}?)(?:<phrase.between_same>着?)?一(?P=what)"
    rf"|一(?P<twice>{_HAN})(?P=twice)"
)
_NO_THING = frozenset("零〇一二两三四五六七八九十百千万亿半点元角成倍折分")
#: 项目 in 一项项目, 名誉 in 一名名誉主席: words that begin like the unit in front.
_SAID_TWICE = frozenset(told("unit", "said_twice"))
#: 一个都不能少, 一粒粮食也不浪费, 一刻也不能耽误; 一户不落, 一人不漏.
_NUMERAL = "〇零一二两三四五六七八九十百千万亿"
_NOT_ONE = re.compile(
    rf"一(?![{_NUMERAL}]){_HAN}{{1,6}}?[都也](?:不|没|未|无|别|莫)"
    rf"|一[^{_NUMERAL}\W\d]{{1,2}}(?:不(?:落|漏|少|差|缺|拉|丢|剩|掉)|未[漏少])(?![于实户地足])"
)
_SOME = frozenset("有中另了")
_MONTH_BEFORE = frozenset("十年")
#: 不漏一户, 不落一人, 不让一个…掉队; 没有一例 stays a count of none.
_NONE_OF = worded(r"(?:不|未|没|勿|莫)[能可许得会]?<phrase.leave_out>$")
#: 一床难求, 一票难求
_HARD = re.compile(rf"一{_HAN}难[求寻觅得]")
#: 三班倒, 三班两运转, 四班三运转
_SHIFT_TALK = re.compile(r"[一二两三四五六]班[一二两三四五六]?(?:倒(?!闭)|运转|轮[换倒值]|制)")
#: 往一处想, 劲往一处使
_TO_ONE = re.compile(r"一(?:处|块|起|边|头)(?=[想使用聚靠拧跑])")
#: 早一天投产, 早一日受益
_SOONER = re.compile(r"一[天日刻步年](?!以|之|内|就)")
_BEFORE_SOONER = re.compile(r"(?<![提最清])[早晚迟]$")
#: 从一个构想变为, 由一座小渔村变成: what it once was; 由一家店发展到20家, 一个乡变为三个镇 count.
_ONCE = worded(
    rf"一[个座家名片条间位支块只所](?P<thing>{_HAN}{{1,14}}?)<phrase.turned_into>"
    r"(?!了?[0-9二两三四五六七八九十])"
)
_IDEAS = worded(r"一个<phrase.idea>(?=变|成|走|转|化|落)")
#: 中美两国, 两党两国关系, 两军: both of those that are named or known.
_BOTH = re.compile(r"两(?:国|党|军|院)(?!制)")
_COUNTED_BEFORE = frozenset("共有了等及达涉访到这含与和、跨超约近")
#: 甲乙两方, 三方协议: parties, no cubic metres.
_PARTIES = re.compile(r"[一二两三四五六七八九十]方(?![面土木石砂沙料混水泥浆米量土案式向法针便]|余)")
#: 五一假期, 六一儿童节, 十一黄金周, 八一前夕
_FESTIVAL = worded(r"<phrase.festival>(?=国?际?[\"”」』]?<phrase.of_festival>)")
#: 其一、其二: the first, the second.
_ENUMERATED = re.compile(r"[，、：；。:,;)）\s是为在曰则就]|$")
#: 三七开, 六四分成, 二八定律: shares of ten.
_TENTHS = worded(r"<phrase.tenths>(?=开(?![始展放工业发])|分(?![之钟])|<phrase.of_tenths>)")
#: 24小时值班, 7×24小时: at all hours.
_ALWAYS = worded(r"(?:24|二十四)小时(?=<phrase.at_all_hours>)")
_FOR_AS_LONG = re.compile(r"(?:连续|持续|连|超过?|近|满|达|约|用时|历时|工作|共)$")
#: 市一院, 县二中, 十一中学: schools and hospitals by their number.
_BY_NUMBER = worded(
    r"[一二三四五六七八九十]{1,3}(?:<phrase.numbered>|院(?![校士系子落内长])|幼(?:儿园)?(?![儿教])|医(?![生疗学药务护保用])|监(?![管督测控护]))"
)
#: The second character of 七里镇, 八一路, 十里铺.
_PLACE_NEXT = frozenset("里丈一四七八十")
_PLACE_BEFORE = frozenset("市省县区州镇乡旗师大局")


def phrase_at(folded: str, place: int, floor: int) -> Phrase | None:
    """The turn of speech that the Chinese numeral at `place` begins or stands in; None where it may count."""
    char = folded[place]
    before = folded[place - 1] if place > floor else ""
    if before and (before in _NO_THING or before == "第") and before not in "元角成倍折分点":
        return None
    if folded[place + 1 : place + 2] in _PLACE_NEXT and (end := place_name_at(folded, place)) is not None:
        return "name", "place", place, end
    if char == "一":
        found = _with_one(folded, place, before)
        if found is not None:
            return found
    if (match := _SHIFT_TALK.match(folded, place)) is not None:
        return "idiom", "shifts", place, match.end()
    if char == "两" and before not in _COUNTED_BEFORE and (match := _BOTH.match(folded, place)) is not None:
        return "idiom", "both", place, match.end()
    if (match := _PARTIES.match(folded, place)) is not None:
        return "name", "parties", place, match.end()
    if (match := _FESTIVAL.match(folded, place)) is not None:
        return "name", "festival", place, match.end()
    if (match := _TENTHS.match(folded, place)) is not None:
        return "idiom", "tenths", place, match.end()
    if before == "其" and char in "一二三四五" and _ENUMERATED.match(folded, place + 1) is not None:
        return "ordinal", "enumeration", place, place + 1
    if char == "二" and (match := _ALWAYS.match(folded, place)) is not None and is_always(folded, place):
        return "idiom", "always", place, match.end()
    if before and before in _PLACE_BEFORE and (match := _BY_NUMBER.match(folded, place)) is not None:
        return "name", "named_body", place, match.end()
    return None


def always_at(folded: str, place: int) -> Phrase | None:
    """24小时值班, 7×24小时: at all hours; None where the hours are counted."""
    match = _ALWAYS.match(folded, place)
    return ("idiom", "always", place, match.end()) if match is not None and is_always(folded, place) else None


def is_always(folded: str, place: int) -> bool:
    return _FOR_AS_LONG.search(folded, max(0, place - 3), place) is None


#: 一天一个样, 一年一个台阶, 一周一通报: each time the same; 一年一次 and 一天一例 count.
_EACH_TIME = worded(
    rf"一(?:年|个?月|周|天|日|季|季度|旬|步|届)一(?:个?(?:大|小|新)?<phrase.new_each_time>"
    rf"|(?!{_HAN}{{0,2}}[次例名人件条项个家处户场轮批期班节课遍回])<phrase.done_each_time>)"
)
#: 一月一次, 一月两报: each month, and not January.
_EACH_MONTH = re.compile(r"一月(?=[一两二三四五六七八九](?:次|回|报|调|通|查|评|考|会|轮|期))")


def _with_one(folded: str, place: int, before: str) -> Phrase | None:
    if (match := _EACH_TIME.match(folded, place)) is not None:
        return "idiom", "each_time", place, match.end()
    if before not in _MONTH_BEFORE and (match := _EACH_MONTH.match(folded, place)) is not None:
        return "idiom", "each_time", place, match.end()
    if (match := _AGAIN.match(folded, place)) is not None and _is_again(folded, match):
        return "idiom", "again", place, match.end()
    if (match := _HARD.match(folded, place)) is not None:
        return "idiom", "hard_to_get", place, match.end()
    unit = unit_at(folded, place + 1)
    end = unit.end if unit is not None else place + 1
    if (before not in _SOME or not before) and _NOT_ONE.match(folded, place) is not None:
        return "idiom", "not_one", place, end
    if (
        _NONE_OF.search(folded, max(0, place - 5), place) is not None
        and unit is not None
        and unit.unit.kind == "counter"
    ):
        return "idiom", "not_one", place, end
    if before and before in "往向朝" and (match := _TO_ONE.match(folded, place)) is not None:
        return "idiom", "to_one", place, match.end()
    if _BEFORE_SOONER.search(folded, max(0, place - 2), place) and (match := _SOONER.match(folded, place)) is not None:
        return "idiom", "sooner", place, match.end()
    if before and before in "从由把将" and (_IDEAS.match(folded, place) or _ONCE.match(folded, place)):
        return "idiom", "once", place, end
    return None


def _is_again(folded: str, match: re.Match[str]) -> bool:
    if (twice := match["twice"]) is not None:
        word = folded[match.end() - 1 : match.end() + 1]
        return twice not in _NO_THING and word not in _SAID_TWICE and not is_lookalike(folded, match.end() - 1)
    return not _NO_THING & set(match["what"])
