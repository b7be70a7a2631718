"""What a number is when its surroundings say that it is no figure: rank, label, name, list mark."""

import re
from collections.abc import Iterator

from flows.find.hedges import hedge_before
from flows.find.measures import Reading
from flows.find.numbers import DIGITS
from flows.find.units import unit_at
from flows.record import Figure, Span
from flows.record.wording import told, worded

URL = re.compile(
    r"(?:https?://|www\.)[!-~]+|(?<![A-Za-z0-9_.+-])[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}@[A-Za-z0-9-]{1,63}\.[A-Za-z0-9.-]{1,63}"
)
TITLE = re.compile(r"《\n?[^《》\n]{1,80}\n?》")
#: Short quoted words that name something: “20条”, “3+1”. A quoted list of counts has marks inside: figures.
QUOTE = re.compile(r"[“「『\"]([^“”「」『』\"\n、,，。;；]{1,14})[”」』\"]")
PHONE = re.compile(
    r"(?:86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)|0\d{2,3}\) ?\d{7,8}(?!\d)|0\d{2,3}-\d{7,8}(?!\d)"
    r"|400[-－]?\d{3}[-－]?\d{4}(?!\d)|\d{3,4}[-－]\d{7,8}(?!\d)"
    r"|(?<=[电電][话話])\d{4}[-－ ]\d{4}(?!\d)"
    r"|\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"
)
#: 幺二七点零点零点幺: an address read out; 高一二三: a train's number.
SPOKEN_LABEL = re.compile(r"[幺零〇一二三四五六七八九]{1,3}(?:点[幺零〇一二三四五六七八九]{1,3}){2,}")
TRAIN = re.compile(r"(?<![\u4e00-\u9fff])[高动城直特快普][幺零〇一二三四五六七八九]{2,4}(?=次|[，。、；！？,;:\s]|$)")
LABEL_TAIL = re.compile(r"\d[0-9A-Za-z]*(?:\.\d+(?![\d.]))?[0-9A-Za-z]*")
LONG_DIGITS = re.compile(r"[\d零〇一二三四五六七八九十百千万亿兆.,]+")
PLUS_NAME = re.compile(r"\d{1,2}(?:\+(?:\d{1,2}|[NnXx])){1,6}(?=[”」』\"]|[\u4e00-\u9fff])")
#: “7·20”暴雨, 9·11事件: a day that names what happened on it.
DAY_NAME = worded(
    r"(?:0?[1-9]|1[0-2])[·•・](?:0?[1-9]|[12]\d|3[01])(?![\d.%‰万亿千百元吨米亩个多余])"
    r"|\d{1,2}[·•・.]\d{1,2}(?=[”」』\"]?<name.of_event>)"
)
#: 80后, 零零后: those born in a decade.
_OF_AGE = r"后(?=$|[的们青员群是都和与或、，,。；;：:”」』]|<name.of_generation>)"
GENERATION = worded(
    rf"(?:[5-9][05]|[01][05]|[五六七八九零〇][零〇五]){_OF_AGE}"
    rf"|(?:[6-9][05]|0[05])(?=[、和与](?:[6-9][05]|0[05]){_OF_AGE})"
)
#: So many numerals without a word between them count nothing: one row, not millions (ten million times 十).
LONGEST_RUN = 100_000
RUN = re.compile(rf"[\d〇零一二三四五六七八九十百千万亿兆.,，、+\- \t\r\n]{{{LONGEST_RUN},}}")
_SEVERAL_OF = re.compile(
    r"倍|天(?!然)|小时|个月|[年月日周]|次|起|名|家(?!庭|居)|个(?!别|人|体|性)|人(?!口|员|均|才|类)|处|件|场|种|条"
)
_BEFORE_SEVERAL = frozenset("，。、；：！？,;:!?（() \n\t长加了达近有成历时出过续止共等上下到经用前后生复的高翻")
BRACKETED_YEAR = re.compile(r"(?:19|20)\d{2}(?=[)）])")
NAMED_BODY = worded(r"<name.before_body>*(?:<name.of_body>|师(?!范)|方(?!面|案))")
DOWN, UP = told("direction", "down"), told("direction", "up")
#: By how much, and the same as a rate: 減少521億元或6.4%.
MOVED_BY = worded(r"(<direction.down>|<direction.up>)了?约?[0-9][^，,;；。、]{0,14}(?:或约?|\()$")


def moved_by(folded: str, start: int) -> str:
    """The word of change before a number told twice, 減少521億元或6.4%, 減少312宗（6.8%）; or empty."""
    match = MOVED_BY.search(folded, max(0, start - 24), start)
    return match.group(1) if match else ""


_CASE_LABEL = worded(r"(?:无症状)?(?:<case.ill>|案例)$")
#: 系患者4的丈夫, 与确诊患者2有接触史: what stands before and after the number of a person told of.
_OF_A_CASE = re.compile(r"(?:[系为与和同及由是]|确诊)$")
_AFTER_A_CASE = worded(r"(?:[的为系均都、，,。]|有(?!病|症)|(?:无症状)?<case.ill>)")
_CLAUSE_START = frozenset("，。、；;,: \u3000\n\r\t—-~和及与至到为、（(●•")
_LIST_MARK = re.compile(r"[、.．)）](?!\d)")
#: 三、2025年工作: after a Chinese numeral that begins a line, and after any before a year, the mark may meet a digit.
_LIST_MARK_YEAR = re.compile(r"[、)）](?=(?:19|20)\d\d年|[^\d一二三四五六七八九十])|[、)）](?=\d+[年月%％])")
#: What may stand in front of a list mark: a mark-down heading, a bullet, blanks.
_LINE_LEAD = re.compile(r"(?:^|[\n\r])[ \t\u3000]*(?:#{1,6}|[*>+●•◆■□▪○·-])?[ \t\u3000*]*[(（]?$")
_SUPERSCRIPT_UNIT = re.compile(r"[A-Za-z]+[A-Za-z0-9]*")
_ESTATE = re.compile(r"[区镇道路](?:[^\W\d新增共有为达等计及和]{1,5})?$")
_VILLAGE = re.compile(r"(?:村|社区|社|屯|寨|庄|街道)$")
_ROAD_END = re.compile(r"(?:路|街|大道|道)$")
_ROOM = re.compile(r"(?:\d{1,2}单元)?\d{1,4}(?:室|房|号)|\d{1,2}单元|[A-Z]座")
#: 三门路, 五里桥路12弄, 瑞金二路: a numeral in the name of a road.
_NAMED_ROAD = worded(r"[\u4e00-\u9fff]{0,2}?<road.of_name>(?=[\d，。、；,;()\s号弄]|$)")
#: What may follow a lone digit that counts.
_LONE = frozenset("二两三四五六七八九")
_AFTER_LONE = frozenset(
    "的到至和与或及比加减乘除等以左多余来是为不却点分之上下还也都又有但而成倍折万千百十亿死伤亡胜负男女"
)
_PLAN = worded("<name.before_plan>?<name.of_plan>")
STRETCH = worded(r"(?:<stretch.before>|(?<![最附])[近前后])(?:的|约)?$")
#: 五年来, 十年间, 三年之后, 七年时间里: a stretch of time named to place what is told in it.
STRETCH_AFTER = re.compile(
    r"(?:多)?(?:来(?![自到源说看华访])|以来|[间里中](?![期国级等小学])|之[间前后内]|[前后](?![期续台排勤])|(?:的)?时间[里内]|期间)"
)
#: What makes 一个, 一项 an article and no count: 是一项改革, 新的一页, 又一场, 每一个.
#: 走出一条…的道路, 经过一段时期: units of things that 一 introduces and nobody counts.
_ARTICLE_UNITS = frozenset("個種項條場段件股番代")
_ABSTRACT = worded(
    r"[^，,。；;：:！？!?\n\d]{0,24}?(?:<article.uncounted>|[攻决]坚?战)"
    r"(?=[，,。；;：:、！？!?\s]|[的中内里上下后前也都就是和与以来]|$)"
)
_ARTICLE = worded(r"(?:<article.before>|[新好大]的)$")
#: What makes 一起 one incident, not "together".
INCIDENT_VERBS = frozenset(told("incident", "before"))
#: 一是…二是…: the first, the second of a list.
_SENTENCE_START = frozenset("，。；;：:、！？ \u3000\n\r")
_PLENUM = re.compile(r"中(?:、[一二三四五六七八]中){0,6}(?:全会|、)")
_NOT_RANK = told("rank", "no_rank")
_SEATS = told("label", "seat")
DETERMINERS = frozenset("这那每某另哪任同")
_SESSION = worded(r"以来|(?:全国|省|市|区|县|本)?(?:<session.of_body>|[一二三四五六七八九][次中]|[省市区县]委)")
_SITTING = worded("<session.sitting>")
_HOTLINE = worded("<phone.before_hotline>*<phone.hotline>")
_CALL = worded(r"<phone.call>[:： 为是]{0,2}$")
#: 邮编100871, 许可证号:5501: what is written out to be told apart, not counted.
_LABELLED = worded(r"(?:<label.before>|[^\W\d一二三四五六七八九十]号码?)[:： 为是]{0,2}$")
_COMPACT_DAY = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_AFTER_ROAD = re.compile(r"线(?![上下城索])")
_GRADE = re.compile(r"年级|星级|级(?!地震)")


#: 一年期贷款, 五年期以上LPR, 7天期逆回购: a term that names a loan or a rate; 五年期间, 三年期满 count.
_TERMS = frozenset("年天") | {"個月"}
_NO_TERM = frozenset("间限满末初待内许盼望")
#: 一企一策, 一办七组, 两代表一委员: two numerals that each hold one or two characters, and no measure.
_SLOGAN = worded(
    r"(?<![第百千万亿十零〇一二两三四五六七八九点])[一二两三四五六七八九十](?P<one>[\u4e00-\u9fff]{1,2}?)"
    r"[一二三四五六七八九十](?P<two>[\u4e00-\u9fff]{1,2}?)"
    r"(?=[”」』’》）)，。；、！？：,;:\s的等]|<name.of_slogan>|$)"
)
_NO_SLOGAN = frozenset(
    "零〇一二两三四五六七八九十百千万亿半死伤亡男女胜负平点分之至到和与及比加减乘除等于或月日时季年多余几第不是"
)


def slogans(folded: str) -> Iterator[re.Match[str]]:
    """The set names that hold two numerals; none where both numerals are followed by a unit (五元六角, 三镇五村)."""
    for match in _SLOGAN.finditer(folded):
        one, two = match["one"], match["two"]
        if _NO_SLOGAN & set(one + two):
            continue
        units = [unit_at(part, 0) for part in (one, two)]
        if any(unit is not None and unit.unit.kind in ("money", "percent", "physical", "multiple") for unit in units):
            continue
        if all(unit is not None for unit in units) and not (match[0][0] == "一" and match[0][len(one) + 1] == "一"):
            continue
        yield match


_PRICE = re.compile(r"[价钱费税币元角毛块息][^，。；\n]{0,8}$|每[斤公吨度升方件只个][^，。；\n]{0,6}$")


_WARMTH = worded(r"<degree.warmth>[^，。；\n度]{0,6}$")
#: Units that are two things: the sense by price or warmth in front, else as `units.csv` has it.
TWO_SENSES = {"分": "分钱", "塊": "块钱", "度": "摄氏度"}


def other_sense(folded: str, reading: Reading, unit_name: str) -> str:
    """The unit that 5分, 三块, 37度 mean behind a price or a temperature, or alone; empty for the usual sense."""
    lead = max(0, reading.start - 12)
    if unit_name == "度":
        if folded.startswith("华氏", reading.start - 2):
            return "华氏度"
        cold = folded.startswith("零下", reading.start) or folded.startswith("零上", reading.start - 2)
        return TWO_SENSES["度"] if cold or _WARMTH.search(folded, lead, reading.start) else ""
    alone = len(folded) < 40 and not folded[: reading.start].strip() and not folded[reading.end :].strip()
    return TWO_SENSES[unit_name] if alone or _PRICE.search(folded, lead, reading.start) else ""


def kind_of(folded: str, reading: Reading, title: Span | None, quote: Span | None) -> tuple[str, str, int] | None:
    """Class, rule and end of a number that is no figure; None where it is one."""
    start, end, unit = reading.start, reading.end, reading.unit
    if title is not None:
        return "name", "title", end
    surface = reading.surface
    is_arabic = surface[0].isascii()
    before = folded[max(0, start - 7) : start]
    last = before[-1:]
    road = _NAMED_ROAD.match(folded, reading.numeral_end) if not is_arabic else None
    if road is not None and (
        unit is None or (folded[road.end() : road.end() + 1].isdigit() and unit.unit.name not in ("條", "公里"))
    ):
        return "name", "road", road.end()
    if unit is None:
        verdict = _without_unit(folded, reading, before, is_arabic)
        if verdict is not None:
            return verdict
    name = unit.unit.name if unit is not None else ""
    if (last == "前" and not before.endswith(_NOT_RANK) and name in ("名", "位", "強")) or (
        last == "前" and folded.startswith("强", end)
    ):
        return "ordinal", "rank", end
    if (
        name == "級"
        and surface != "两"
        and reading.number.value.denominator == 1
        and not folded.startswith("地震", end)
        and "." not in surface
    ):
        return "ordinal", "grade", end
    if quote is not None and _is_quoted_name(reading, name):
        return "name", "quoted", end
    if name == "村" and _ESTATE.search(before) and (not is_arabic or folded[end : end + 1] in "，。、,;；\n0123456789"):
        return "name", "estate", end
    if name == "版" and "." in surface:
        return "name", "version", end
    if name in ("組", "隊", "社") and _VILLAGE.search(before):
        return "identifier", "house_number", end
    if name == "段" and _ROAD_END.search(before):  # 中山路二段15号
        return "identifier", "house_number", end
    if name in ("棟", "幢") and is_arabic and _ROOM.match(folded, end):  # 2栋301室
        return "identifier", "house_number", end
    if name == "支" and folded.startswith("弄", end):
        return "identifier", "house_number", end + 1
    if name == "車" and before.endswith("次") and is_arabic:
        return "ordinal", "carriage", end
    if is_arabic and before.endswith(_SEATS):
        return "name", "seat", end
    is_pointed_at = surface == "一" and unit is not None and last and last in DETERMINERS
    if is_pointed_at and (last == "每" or (unit is not None and unit.unit.kind == "counter")):
        return "other", "determiner", end
    if surface == "一" and unit is not None and unit.unit.kind == "counter":
        if _ARTICLE.search(before) or (name in _ARTICLE_UNITS and _ABSTRACT.match(folded, end)):
            return "other", "article", end
        if name == "行" and (folded.startswith("人", end) or folded[end : end + 1].isdigit()):
            return "idiom", "party_of", end  # 母亲、妻子一行4人
    if surface == "一" and unit is None:
        return "other", "lone_one", end
    if surface == "一" and name == "年" and (last == "的" or _ARTICLE.search(before)):
        return "other", "stretch", end
    if name == "屆" and not is_arabic and (before.endswith("党的") or _SESSION.match(folded, end)):
        return "ordinal", "session", end
    if name == "次" and not is_arabic and _SITTING.match(folded, end):
        return "ordinal", "session", end
    if name in _TERMS and folded.startswith("期", end) and folded[end + 1 : end + 2] not in _NO_TERM:
        return "name", "maturity", end + 1
    if name == "年" and (surface not in ("半", "一") or folded.startswith("行动", end)) and _PLAN.match(folded, end):
        return "name", "plan", end
    if name == "年" and (reading.hedge == "some_more" or STRETCH.search(before) or STRETCH_AFTER.match(folded, end)):
        return "other", "stretch", end
    if name == "年" and surface in ("百", "千", "万", "百千", "千万") and not reading.hedge:
        return "idiom", "rhetorical", end
    if not reading.hedge and all(char in "百千万亿兆" for char in surface) and _is_scale_alone(folded, reading):
        whole = unit is None or folded.startswith(("千", "兆"), reading.numeral_end)  # 亿千瓦时 is one unit
        return "idiom", "scale_alone", end if whole else reading.numeral_end
    return None


#: What bounds a cell of a table.
_CELL_EDGE = ("\t", "\n", "|", "")


def _is_scale_alone(folded: str, reading: Reading) -> bool:
    """万 in (万吨), 单位:亿元, 千万百姓; but 近万人, 百万元, 百家 are figures."""
    unit, surface = reading.unit, reading.surface
    whole = reading.start == 0 and reading.end == len(folded)
    if (
        not whole
        and folded[reading.start - 1 : reading.start] in _CELL_EDGE
        and folded[reading.end : reading.end + 1] in _CELL_EDGE
    ):
        return True
    if folded[reading.start - 1 : reading.start] in ("(", ":", "/", "万", "亿"):
        return True
    if unit is None:
        return not hedge_before(folded, reading.start)
    if surface in "万亿兆":
        return not hedge_before(folded, reading.start)
    return unit.unit.kind == "counter" and len(surface) > 1


def _is_quoted_name(reading: Reading, unit_name: str) -> bool:
    """Quoted shares and large counts stay figures; “20条”, “一办七组”, “三个重点区域” are names."""
    if reading.unit is None:
        return True
    if reading.unit.unit.kind in ("percent", "money"):
        return False
    return reading.number.value < 100 or not unit_name or reading.surface == "一百"


def counts_several(folded: str, place: int, floor: int) -> bool:
    """Whether 数 counts, as in 增长数倍, and is not that of 人数, 指数, 总数."""
    if _SEVERAL_OF.match(folded, place + 1) is None:
        return False
    return place == floor or folded[place - 1] in _BEFORE_SEVERAL


#: The rules of ordinals that a list may go on with.
LISTED = frozenset(("ordinal", "case_number"))
_LIST_JOIN = re.compile(r"[、和与及或至到]|以及|——?|-")
_RANKED = frozenset("位名屆批條季輪次章款類級期節集版代號檔組項部劑")


def goes_on(folded: str, last: Figure, reading: Reading) -> bool:
    """Whether the numeral goes on the list that the ordinal `last` began: 第二、三位, 第3至5条; 第二、5家 counts."""
    if _LIST_JOIN.fullmatch(folded, last.end, reading.start) is None:
        return False
    if last.quote[-1:].isdigit() != reading.surface[-1:].isdigit() or "." in reading.surface:
        return False
    if last.rule == "case_number":
        return reading.unit is None and reading.number.value - (last.value or 0) < 1000
    if last.numeral_end != last.end:  # 第二位、三位: with a unit of its own each
        return False
    return (
        reading.unit is None
        or reading.unit.unit.name in _RANKED
        or folded.startswith(("产", "课"), reading.numeral_end)
    )


#: 减半征收, 折半计算: by half.
HALVED = re.compile(r"(?=征|收|缴|免|计|发|支|执|交|扣|至|优|后|[，。、；）)\s]|$)")
#: 三大攻坚战, 六大工程: so many great, small, new things that a programme numbers.
_SET_OF = frozenset("大小新老重好")


def last_of(before: str) -> bool:
    """Whether a numeral after `before` begins a count of its own."""
    return before[-1:] not in DIGITS and before[-1:] not in ("第", "点", "分")


def _without_unit(folded: str, reading: Reading, before: str, is_arabic: bool) -> tuple[str, str, int] | None:
    start, end, surface = reading.start, reading.end, reading.surface
    following = folded[end : end + 1]
    if (
        surface == "零"
        and "\u4e00" <= following <= "\u9fff"
        and following not in "的到至和与或及比为是以之时点分多几余"
    ):
        return "idiom", "zero_prefix", end
    if not is_arabic and len(surface) == 1:
        if surface != "一" and following in _SET_OF and folded[end + 1 : end + 2] not in "于大小" and last_of(before):
            return "name", "set_name", end
        if folded.startswith(("是", "要"), end) and (start == 0 or folded[start - 1] in _SENTENCE_START):
            return "ordinal", "enumeration", end
        if folded.startswith("中", end) and _PLENUM.match(folded, end):
            return "name", "plenum", end + 1
    label = _CASE_LABEL.search(before)
    if label is not None:
        at = start - len(label.group())
        if at <= 0 or folded[at - 1] in _CLAUSE_START:
            return "ordinal", "case_number", end
        leads = _OF_A_CASE.search(folded, max(0, at - 2), at) is not None
        if leads and reading.number.value < 10_000 and _AFTER_A_CASE.match(folded, end):
            return "ordinal", "case_number", end
    opened = folded[start - 1 : start] in ("(", "（")
    mark = folded[end : end + 1]
    if (
        mark
        and mark in "、.．)）"
        and _LINE_LEAD.search(folded, max(0, start - 12), start)
        and (_LIST_MARK.match(folded, end) or (not reading.hedge and _LIST_MARK_YEAR.match(folded, end)))
        and (mark in ")）" or not opened)
    ):
        return "ordinal", "list_mark", end
    if opened and folded[end : end + 1] in (")", "）") and reading.number.value < 100 and not is_arabic:
        return "ordinal", "list_mark", end
    if (road := _ROAD_AT.match(folded, end)) is not None:
        return (
            ("identifier", "house_number", road.end())
            if road.group() in ("号", "弄", "支弄", "室", "单元", "号房")
            else ("name", "road", road.end())
        )
    if is_arabic and before and "\u4e00" <= before[-1] <= "\u9fff" and _AFTER_ROAD.match(folded, end):
        return "name", "road", end + 1
    if (grade := _GRADE.match(folded, end)) is not None:
        return "ordinal", "grade", grade.end()
    if (
        is_arabic
        and 2 < len(surface) < 6
        and surface.isdigit()
        and (_HOTLINE.match(folded, end) or _CALL.search(before))
    ):
        return "identifier", "hotline", end
    if is_arabic and before.endswith(("号之", "楼之", "号-")):
        return "identifier", "house_number", end
    if is_arabic and _COMPACT_DAY.fullmatch(surface):
        return "date", "compact_day", end
    if is_arabic:
        letters = _SUPERSCRIPT_UNIT.match(folded, end)
        if letters is not None:
            return "name", "label", letters.end()
        if _LABELLED.search(folded, max(0, start - 8), start):
            return "identifier", "label", end
        digits = surface.replace(",", "")
        if digits.isdigit() and len(digits) >= 10 and "," not in surface:
            return "identifier", "long_number", end
    elif len(surface) >= 7 and all(char in "零〇一二三四五六七八九幺" for char in surface):
        return "identifier", "long_number", end
    compared = folded.startswith(("大于", "小于"), end)
    if surface in _LONE and "\u4e00" <= following <= "\u9fff" and following not in _AFTER_LONE and not compared:
        return "name", "lone_digit", end
    return None


_ROAD_AT = worded(r"<road.after_number>|楼(?![盘市价宇])|室(?![内外温友])|单元(?![楼房])|号(?!召|称|角|码)")
