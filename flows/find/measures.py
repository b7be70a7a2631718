"""A number with its unit as one reading: signs, hedges, compounds (两角五分), spans, fractions."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from flows.find.dates import DATE_AT
from flows.find.grammar import (
    INNER_HEDGE,
    NUMBER_AT,
    POWER_TAIL,
    RANGE,
    SHORT_FRACTION,
    SLASH_FRACTION,
    SUFFIX_TAIL,
    fraction,
    percent_words,
)
from flows.find.hedges import inner_hedge
from flows.find.numbers import DIGITS, SCALES, TENS, Number, read_number
from flows.find.units import Found, currency_before, unit_at, units
from flows.record.wording import worded

_BLANKS = " \u00a0\u2009\u202f"
_TAILS = frozenset("^eEkKMG")
_HEDGING = frozenset("多余来几有零 \u00a0\u2009\u202f")
#: A half after a unit that is the beginning of another word: 一吨半成品.
_HALF_WORDS = "成导岛径场天夜途山决死空数价点"
#: Units after which a lone digit counts tenths: 三米九, 两毛五.
_TENTHS_AFTER = frozenset("米块毛元角蚊个毫尺丈斤")
#: Units after which two digits count hundredths: 一米八五, 3块50.
_HUNDREDTHS_AFTER = frozenset("米块")
_TWO_DIGITS = re.compile(r"\d{2}|[零〇一二三四五六七八九]{2}")
#: What follows 港币三个 where 个 counts dollars.
_COINS_AFTER = frozenset("一二三四五六七八九半") | frozenset("，。、 ）)")
_NO_TENTHS_BEFORE = frozenset(DIGITS) | frozenset(TENS) | frozenset(SCALES) | frozenset("个.点多余几分成倍")


@dataclass(frozen=True, slots=True)
class Reading:
    """A number read at a place: `surface` as printed (folded), spans, its unit or currency."""

    surface: str
    start: int
    numeral_end: int
    end: int
    number: Number
    hedge: str
    unit: Found | None


def read_at(folded: str, place: int, floor: int, last_end: int, match: re.Match[str] | None = None) -> Reading | None:
    """The number that begins at `place` with all that belongs to it; None where it has no sensible value.

    `floor` is the first free place (for a sign or currency in front), `last_end` the end of the
    row before, where a dash joins and is no sign; `match` is what NUMBER_AT finds here, where it is known.
    """
    match = match or NUMBER_AT.match(folded, place)
    if match is None:
        return None
    surface, end = match.group(), match.end()
    if "." in surface and folded[place - 1 : place] == "." and folded[max(0, place - 2) : place - 1].isdigit():
        surface = surface.partition(".")[0]  # one of 2.3.4: parts of a version or a section number
        end = place + len(surface)
    start = _signed_start(folded, place, floor, last_end)
    if folded[end : end + 1] in _TAILS and surface[-1].isdigit():
        for tail in (POWER_TAIL, SUFFIX_TAIL):
            if (extra := tail.match(folded, end)) is not None and not _is_generation(surface, extra[0]):
                end = extra.end()
    try:
        number = read_number(folded[start:end])
    except ValueError:
        return None
    hedge = ""
    following = folded[end : end + 1]
    inner = INNER_HEDGE.match(folded, end) if following and following in _HEDGING else None
    if inner is not None:
        number = number.times(read_number(inner.group(1)).value)
        hedge, end = "some_more", inner.end()
    numeral_end = end
    if not hedge and following in _HEDGING:
        hedge, end = inner_hedge(folded, end)
        if folded[end - 1] == "几" and hedge and number.leading == 10:  # 十几: eleven to nineteen
            hedge, number = (
                "several",
                Number(number.value + 1, Fraction(1), Fraction(1), True, number.value + 9),
            )
    unit = unit_at(folded, end)
    if unit is not None and unit.unit.name == "折" and len(surface) == 2 and "十" not in surface and surface != "10":
        number = number.times(Fraction(1, 10))
    if unit is None:
        prefix = currency_before(folded, start, floor)
        reading = Reading(surface, prefix.start if prefix else start, numeral_end, end, number, hedge, prefix)
        return reading
    reading = Reading(surface, start, numeral_end, unit.end, number, hedge, unit)
    if unit.unit.kind == "money" or unit.unit.name == "個":
        reading = _with_currency(folded, reading, floor)
    return _with_parts(folded, reading)


def _with_currency(folded: str, reading: Reading, floor: int) -> Reading:
    """新台币3亿元 is told in 新台币, ￥300元 begins at its sign, 港币三个一毫 counts dollars by 个."""
    prefix, unit = currency_before(folded, reading.start, floor), reading.unit
    if prefix is None or unit is None:
        return reading
    form = folded[unit.start : unit.end]
    if form == "个" and (reading.end >= len(folded) or folded[reading.end] not in _COINS_AFTER):
        return reading
    if form in ("元", "圆", "块", "个", "蚊"):
        reading = replace(reading, unit=replace(unit, unit=prefix.unit))
    if not "\u4e00" <= folded[prefix.start] <= "\u9fff" or form == "个":
        reading = replace(reading, start=prefix.start)
    return reading


def _is_generation(surface: str, suffix: str) -> bool:
    """5G, 4G: the name of a network, not five thousand million."""
    return suffix == "G" and len(surface) == 1


def _signed_start(folded: str, place: int, floor: int, last_end: int) -> int:
    at = place
    if at > floor and folded[at - 1] == "." and folded[at].isdigit() and not folded[max(0, at - 2) : at - 1].isalnum():
        at -= 1
    probe = at - 1
    if probe >= floor and folded[probe] in _BLANKS:
        probe -= 1
    if probe >= floor and folded[probe] == "的" and folded[probe - 1 : probe] == "负":
        probe -= 1
    if probe < floor:
        return at
    mark, before = folded[probe], folded[max(0, probe - 1) : probe]
    if mark == "负" and before != "正":
        return probe
    if mark == "下" and before == "零" and probe - 1 >= floor and probe == at - 1:
        return probe - 1
    if mark in "-−" and last_end != probe and not (before.isascii() and before.isalnum()):
        spaced = probe < at - 1
        if spaced and before.strip(" \n(（:：") and before:
            return at
        if before and before in "年月日时号点-—)）":
            return at
        return probe
    return at


_SECONDS = re.compile(r"(\d{1,2}(?:\.\d{1,3})?|[二三四五]?十?[一二三四五六七八九十])秒")


def _with_parts(folded: str, reading: Reading) -> Reading:
    """Adds the smaller units that follow at once: 五元六角, 六斤8两, 一吨半, 三米九, 两美元又三美分."""
    unit = reading.unit
    if unit is None or reading.hedge or unit.unit.kind not in ("physical", "money", "percent", "multiple", "counter"):
        return reading
    form = folded[unit.start : unit.end]
    following = folded[reading.end : reading.end + 1]
    if not following or following in "，。、；,;\n（()）":
        return reading
    if form == "块" and (following in DIGITS or following.isdigit()):
        unit = replace(unit, unit=units()["块钱"])
        form = "块"
    if form == "个" and unit.unit.kind != "money":
        return _and_a_half_of(folded, reading)
    if form == "分" and (seconds := _SECONDS.match(folded, reading.end)) is not None:
        part = read_number(seconds[1]).times(Fraction(1, 60))
        total = Number(reading.number.value + part.value, part.ulp, part.ulp, False)
        return replace(reading, number=total, end=seconds.end(), unit=replace(unit, unit=units()["分钟"]))
    if unit.unit.kind == "counter":
        return reading
    for _ in range(3):
        more = _next_part(folded, reading.end, unit, form)
        if more is None:
            break
        part, end, form, last = more
        number = reading.number
        ulp = min(number.ulp, part.ulp)
        total = Number(number.value + part.value, ulp, ulp, False)
        reading = replace(reading, number=total, end=end, unit=unit)
        if last:
            break
    return reading


def _and_a_half_of(folded: str, reading: Reading) -> Reading:
    """两个半小时, 一个半月."""
    end = reading.end
    if not folded.startswith("半", end):
        return reading
    below = unit_at(folded, end + 1)
    if below is None and folded.startswith("月", end + 1):
        below = Found(units()["个月"], end + 1, end + 2)
    if below is None and _FREE_AFTER.match(folded, end + 1):  # 三个半
        half = Number(reading.number.value + Fraction(1, 2), Fraction(1, 10), Fraction(1, 10), False)
        return replace(reading, number=half, end=end + 1)
    if below is None or below.unit.kind != "physical":
        return reading
    number = Number(reading.number.value + Fraction(1, 2), Fraction(1, 10), Fraction(1, 10), False)
    return replace(reading, number=number, end=below.end, unit=below)


def _next_part(folded: str, end: int, unit: Found, form: str) -> tuple[Number, int, str, bool] | None:
    """The part that follows, in `unit`; where it ends; its printed unit; and whether it is the last."""
    if folded.startswith("半", end):
        if folded[end + 1 : end + 2] and folded[end + 1] in _HALF_WORDS:
            return None
        share = Fraction(1, 2) * (Fraction(1) if form[-1] not in "毛角毫" else Fraction(1, 10))
        return Number(share, share / 5, share / 5, False), end + 1, form, True
    begin = end
    while folded[begin : begin + 1] and folded[begin] in "又零 ":
        begin += 1
    match = NUMBER_AT.match(folded, begin)
    if match is None:
        return None
    try:
        number = read_number(match.group())
    except ValueError:
        return None
    below = unit_at(folded, match.end())
    if below is not None and begin - end <= 1:
        factor = _part_factor(folded, unit, form, below)
        if factor is None:
            return None
        return number.times(factor), below.end, folded[below.start : below.end], False
    lone = match.group()
    if below is None and form[-1] in _HUNDREDTHS_AFTER and _TWO_DIGITS.fullmatch(lone):  # 一米八五, 1米73
        after = folded[match.end() : match.end() + 1]
        return None if after and (after in _NO_TENTHS_BEFORE or after.isdigit()) else (
            read_number(lone).times(Fraction(1, 100)), match.end(), form, True,
        )  # fmt: skip
    if (
        below is None
        and form[-1] in _TENTHS_AFTER
        and lone != "零"
        and (lone in DIGITS or (form == "块" and len(lone) == 1))
    ):
        after = folded[match.end() : match.end() + 1]
        if after and (after in _NO_TENTHS_BEFORE or after.isdigit()):
            return None
        share = Fraction(1, 100) if folded[end] == "零" else Fraction(1, 10)
        if form[-1] in "毛角毫":
            share = share / 10 if unit.unit.factor == 1 else share
        return number.times(share), match.end(), form, True
    if below is None and form == "成" and match.group() in DIGITS:
        return number.times(Fraction(1, 10)), match.end(), form, True
    return None


def _part_factor(folded: str, unit: Found, form: str, below: Found) -> Fraction | None:
    below_form = folded[below.start : below.end]
    if below_form in "角毛毫" and unit.unit.kind == "money" and unit.unit.factor == 1:
        return Fraction(1, 10)
    if below_form in "分仙" and unit.unit.kind == "money":
        return Fraction(1, 100) / unit.unit.factor
    if below_form == "分":
        return {"小時": Fraction(1, 60), "畝": Fraction(1, 10)}.get(unit.unit.name)
    if below.unit.base != unit.unit.base or below.unit.factor >= unit.unit.factor:
        return None
    return below.unit.factor / unit.unit.factor


#: 个半, 米九, 块二, 斤半: one, and a half or so many tenths of it, where nothing stands before that could be a number.
_ONE_OF = {
    "个": "块钱",
    "米": "米",
    "块": "块钱",
    "斤": "斤",
    "尺": "尺",
    "丈": "丈",
    "里": "里",
    "毫": "毫",
    "毛": "毛",
}
_FREE_BEFORE = frozenset("，。、；：！？,;:!?()“”「」 \n\t\u3000高约近到至是为长重卖收要")
_FREE_AFTER = worded(r"[，。、；：！？,;:!?()”」\s的]|<hedge.ends_amount>|[至到~—–～-]|$")
_HALF_OF = (("钟头", "小时"), ("小时", "小时"), ("钟", "小时"), ("月", "个月"))


def elliptic_at(folded: str, place: int, floor: int) -> Reading | None:
    """个半 (one and a half), 米九 (1.9 m): the measure whose one is not told; `place` is that of the half or digit."""
    head = folded[place - 1] if place > floor else ""
    if head not in _ONE_OF or not head:
        return None
    if place - 1 > floor and folded[place - 2] not in _FREE_BEFORE:
        return None
    char, end, name = folded[place], place + 1, _ONE_OF[head]
    if char != "半" and (char not in DIGITS or DIGITS[char] == 0):
        return None
    if head == "个" and char == "半":
        for form, unit in _HALF_OF:
            if folded.startswith(form, end):
                end, name = end + len(form), unit
                break
    if not _FREE_AFTER.match(folded, end):
        return None
    share = Fraction(1, 2) if char == "半" else Fraction(DIGITS[char], 10)
    number = Number(1 + share, Fraction(1, 10), Fraction(1, 10), False)
    return Reading(folded[place], place - 1, place + 1, end, number, "", Found(units()[name], place - 1, end))


_COMMA_PAIR = re.compile(r"([一二三四五六七八])、([二三四五六七八九])(?=[十百千万亿个人名家天次项种倍成]|年(?!级))")


def comma_pair_at(folded: str, place: int, floor: int) -> Reading | None:
    """四、五十亿元, 七、八个: two digits that follow each other, with a mark between, name a span as 四五十 does."""
    match = _COMMA_PAIR.match(folded, place)
    if match is None or DIGITS[match[2]] != DIGITS[match[1]] + 1:
        return None
    if folded[place - 1 : place] in ("第", "、", "前") or folded[place - 1 : place] in DIGITS:
        return None
    high = read_at(folded, place + 2, place + 2, -1)
    if high is None or high.number.high is not None or (high.unit is None and len(high.surface) == 1):
        return None
    low = read_number(match[1] + high.surface[1:])
    number = replace(low, high=high.number.value)
    return replace(high, start=place, surface=folded[place : place + 2] + high.surface, number=number)


def span_at(folded: str, low: Reading) -> tuple[Number, Reading] | None:
    """Both ends of a span whose lower end is `low`: 3至5人, 20%—30%, 1.6~3.9米; None where there is no span.

    3至5万 shares its scale word: thirty to fifty thousand.
    """
    dash = RANGE.match(folded, low.end)
    if dash is None or dash.end() >= len(folded) or low.number.high is not None:
        return None
    place = dash.end()
    if folded[place] in "¥￥$£€":
        place += 1
    if DATE_AT.match(folded, place) is not None and low.unit is None:
        return None
    high = read_at(folded, place, place, -1)
    if high is None or folded[high.end : high.end + 1] in ("-", "—") or high.number.high is not None:
        return None
    same = high.unit is not None and (low.unit is None or low.unit.unit.name == high.unit.unit.name)
    if low.unit is not None and low.unit.end <= low.numeral_end and high.unit is None:  # $3,000-5,000
        high, same = replace(high, unit=low.unit), True
    bare = low.unit is None and high.unit is None and folded[low.start - 1 : low.start] not in ("-", "—", "例", "者")
    if not (same or bare) or (bare and (len(low.surface) > 7 or folded.startswith("号", high.end))):
        return None
    number = low.number
    if low.unit is None and number.is_plain and not high.number.is_plain:
        scale = Fraction(1)
        for char in high.surface:
            scale *= SCALES.get(char, 1)
        if scale > 1 and number.value < high.number.value / scale:
            number = number.times(scale)
    if folded.startswith("零下", low.start) and high.number.value > 0:  # 零下5至8度: from minus eight to minus five
        coldest = replace(high.number, value=-high.number.value)
        return (coldest, replace(high, number=number)) if coldest.value < number.value else None
    if number.value >= high.number.value:
        return None
    return number, high


def fraction_at(
    folded: str, place: int, floor: int, number: re.Match[str] | None
) -> tuple[int, int, Number, str] | None:
    """Start, end, value and unit form (%, ‰ or empty) of 百分之三十, 三分之二, 2/3, 一半; else None."""
    char = folded[place]
    if char == "百" and folded.startswith("分百", place + 1) and not folded.startswith("分百年", place + 1):
        return place, place + 3, Number(Fraction(100), Fraction(1), Fraction(100), False), "%"  # 百分百
    is_divided = char in "百佰千仟万" and "分" in folded[place + 1 : place + 5]
    if is_divided and (match := percent_words().match(folded, place)) is not None:
        return _percent_words(folded, match, place, floor)
    if char in "一1" and folded.startswith("半", place + 1):
        if folded[place + 2 : place + 3] in tuple("天夜年月个小") and folded[place + 2 : place + 3]:
            return None
        return place, place + 2, Number(Fraction(1, 2), Fraction(1, 10), Fraction(1, 10), False), ""
    if number is None:
        return None
    following = folded[number.end() : number.end() + 1]
    if following and following in _BLANKS:
        following = folded[number.end() : number.end() + 3].lstrip(_BLANKS)[:1]
    if not following or not (following in "分份又/" or following.isdigit()):
        return None
    match = None
    if following and following in "分份又":
        match = fraction().match(folded, place) or _short_fraction(folded, place)
    elif following == "/" and char.isdigit() and folded[place - 1 : place] != "/":
        match = SLASH_FRACTION.match(folded, place)
    elif following.isdigit() and char.isdigit():
        match = SLASH_FRACTION.match(folded, place)
        if match is not None and " " not in match.group().split("/")[0].strip():
            match = None
    if match is None:
        return None
    start = _signed_start(folded, place, floor, -1)
    surface = folded[start : match.end()]
    if match.re is SHORT_FRACTION:
        surface = f"{match['whole'] or ''}{'又' if match['whole'] else ''}{match['below']}分之{match['above']}"
    try:
        return start, match.end(), read_number(surface), ""
    except (ValueError, ZeroDivisionError):
        return None


def _short_fraction(folded: str, place: int) -> re.Match[str] | None:
    """十分一, 四分三, 一又十分一: as Cantonese says it, where no time, mark or amount can be meant."""
    match = SHORT_FRACTION.match(folded, place)
    if match is None:
        return None
    if folded[place - 1 : place] in ("点", "时", "元", "角", "毛", "块", "得", "第"):
        return None
    after = folded[match.end() : match.end() + 1]
    if after and (after in "秒钟等级" or after in DIGITS or after in TENS or unit_at(folded, match.end()) is not None):
        return None
    below, above = read_number(match["below"]).value, read_number(match["above"]).value
    return match if match["whole"] or match["mark"] == "份" or above < below else None


def _percent_words(folded: str, match: re.Match[str], place: int, floor: int) -> tuple[int, int, Number, str] | None:
    start = _signed_start(folded, place, floor, -1)
    try:
        number, unit = _percent_number(match.group(1), match.group(2))
    except ValueError:
        return None
    end = match.end()
    if folded.startswith("几", end) and number.value == 10 and unit:  # 百分之十几: eleven to nineteen
        return start, end + 1, Number(number.value + 1, Fraction(1), Fraction(1), True, number.value + 9), unit
    dash = RANGE.match(folded, end)
    if dash is not None:
        again = percent_words().match(folded, dash.end())
        bare = NUMBER_AT.match(folded, dash.end())
        try:
            if again is not None:
                high = _percent_number(again.group(1), again.group(2))[0]
                number, end = replace(number, high=high.value), again.end()
            elif bare is not None and unit_at(folded, bare.end()) is None and DATE_AT.match(folded, dash.end()) is None:
                high = read_number(bare.group())
                if high.value > number.value:
                    number, end = replace(number, high=high.value), bare.end()
        except ValueError:
            pass  # what follows is no number of a sensible length: the first stands alone
    if start < place:
        number = replace(number, value=-number.value)
    return start, end, number, unit


def _percent_number(below: str, above: str) -> tuple[Number, str]:
    number = read_number(above)
    if below in "百佰":
        return number, "%"
    if below in "千仟":
        return number, "‰"
    return number.times(Fraction(1, 100) if below == "万" else Fraction(1, 10**6)), "%"
