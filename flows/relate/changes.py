"""Levels and their rates of change: growth, growth from an increment, average annual growth, multiples, ratios."""

import re
from collections.abc import Sequence

from flows.record import Span
from flows.relate.cues import cues, worded
from flows.relate.fits import meets, printed, quotient
from flows.relate.levels import (
    COMPARED_OR_FROM,
    EARLIER,
    cue_before,
    is_compared_with,
    is_earlier,
    is_from_to,
    is_increment,
    levels_before,
    named_after,
    names_differ,
    new_and_old,
    told_before,
)
from flows.relate.reading import SPELLS, Item, Passage, alike

_GROWTH = cues("growth", "change")
_OR = re.compile(r"或约?|即约?")
_YEARLY = cues("average_growth", "yearly")
_CONSTANT = cues("growth", "constant_prices")
#: Levels whose growth is told at constant prices even where no word says so.
_AT_CONSTANT_PRICES = cues("growth", "at_constant_prices")
_DOWN = cues("growth", "fall")
_TIMES = cues("multiple", "grows")
_IS = cues("multiple", "is")
_RATIO_TO = worded(r"<ratio.named>(?:\([^()]*\))?[^()以]{0,16}[到至为]$")
_RATIO = worded(r"<ratio.named>|<ratio.is>|比$|比为$")
_THAN = re.compile(r"[比较][^，,]{0,12}的?$")
_OTHER_RATE = re.compile(r"(?<!增长)(?<!下降)(?<!增加)率|占|比重")
_GREW_TO = worded(r"[，,]?<growth.verb>?[至到达]到?约?")
_COMES_TO = re.compile(r"达|到|为$")


def relate_changes(passage: Passage) -> None:
    """Rates, multiples and ratios of a sentence with the levels they compare."""
    for item in passage.items:
        if item.role == "times":
            _multiple(passage, item)
        elif item.role == "rate":
            _growth(passage, item)
        elif item.role == "quantity" and not item.figure.unit_text:
            _ratio(passage, item)


def _growth(passage: Passage, rate: Item) -> None:
    other_rate = _OTHER_RATE.search(rate.label)
    if rate.index and _is_told_again(rate, increment := passage.items[rate.index - 1]):
        _with_increment(passage, rate, [i for i in levels_before(passage, increment) if alike(i, increment)], increment)
        return
    if not _GROWTH.search(rate.label) or other_rate or rate.figure.unit == "‰":
        return
    levels = [
        i for i in levels_before(passage, rate)
        if not i.depth or i.depth == rate.depth or (i.index == rate.index - 1 and EARLIER.search(told_before(i)))
    ]  # fmt: skip
    since = levels[-1].end if levels else passage.span.start
    told = passage.between(since, rate.start)
    if not levels or _CONSTANT.search(told) or _CONSTANT.search(rate.tail):
        return
    changes = [i for i in levels if is_increment(i)]
    stocks = [i for i in levels if i not in changes]
    if _YEARLY.search(told):
        _average_growth(passage, rate, stocks)
        return
    last = levels[-1]
    if any(i.role == "rate" for i in passage.items[last.index + 1 : rate.index]) or not (stocks or changes):
        return
    if last in changes:
        _with_increment(passage, rate, [i for i in stocks if alike(i, last)], last)
        return
    cue = cue_before(passage, _GROWTH, rate)
    following = named_after(passage, rate, last)
    if following is not None:
        _add_growth(passage, rate, last, following, cue=cue, rule="growth.earlier_in_brackets")
        return
    grown = _grown_to(passage, rate, last)
    if grown is not None:
        _add_growth(passage, rate, grown, last, cue=cue, rule="growth.later_told")
        return
    if len(stocks) < 2 or not (stocks[-2].index >= last.index - 2 or is_compared_with(last)):
        return
    pair = new_and_old(passage, stocks[-2], last)
    if pair is not None:
        _add_growth(passage, rate, *pair, cue=cue, rule="growth.earlier_told")


def _is_told_again(rate: Item, increment: Item) -> bool:
    """減少521億元或6.4%, 減少312宗（6.8%）: the increment and the same as a rate."""
    if increment.role != "quantity" or not is_increment(increment) or not rate.figure.direction:
        return False
    return bool(_OR.fullmatch(rate.label)) or (not rate.label and rate.gap == "(" and rate.opened >= increment.end)


def _grown_to(passage: Passage, rate: Item, old: Item) -> Item | None:
    """較去年的2,180億元增加5.5%，至2,300億元: the level it came to, told last."""
    if rate.index + 1 >= len(passage.items) or not COMPARED_OR_FROM.search(old.clause):
        return None
    new = passage.items[rate.index + 1]
    if not alike(old, new) or new.group != old.group or old.index != rate.index - 1:
        return None
    return new if _GREW_TO.fullmatch(new.gap) else None


def _add_growth(passage: Passage, rate: Item, new: Item, old: Item, *, cue: Span | None, rule: str) -> None:
    if names_differ(new, old) and not _grows(rate, new, old):
        return
    doubt = ""
    if _AT_CONSTANT_PRICES.search(new.clause + old.clause + new.tail) and not _grows(rate, new, old):
        doubt = "growth of value added is told at constant prices, the levels at current ones"
    passage.reading.add("growth", rate, [new, old], [cue], doubt=doubt, rule=rule)


def _grows(rate: Item, new: Item, old: Item) -> bool:
    low, high = quotient(new, old, 100, 1)
    if rate.figure.direction == "down" and low is not None and high is not None:
        low, high = -high, -low
    return meets((low, high), printed(rate))


def _with_increment(passage: Passage, rate: Item, stocks: Sequence[Item], increment: Item) -> None:
    """比上年增加d，增長r; with the earlier level printed also growth and difference."""
    if not stocks:
        _level_after(passage, rate, increment)
        return
    reading, cue = passage.reading, cue_before(passage, _GROWTH, rate)
    new: Item = stocks[-1]
    old: Item | None = None
    if len(stocks) == 1 and "相比" in passage.between(new.end, increment.start):
        old, new = new, passage.items[min(rate.index + 1, len(passage.items) - 1)]
        if not (alike(new, old) and new.index > rate.index and _COMES_TO.search(new.label)):
            return  # the level it grew to is not told
    if old is None and len(stocks) == 1 and is_compared_with(new):
        return  # 較上次普查的397,205人減少14,591人: the earlier level alone is told here
    if old is None and len(stocks) > 1 and (stocks[-2].index >= new.index - 2 or is_compared_with(new)):
        pair = new_and_old(passage, stocks[-2], new)
        if pair is None and "相比" in passage.between(new.end, increment.start):
            pair = stocks[-2], new
        if pair is not None:
            new, old = pair
    if old is None:
        old = named_after(passage, rate, new)
    if old is not None:
        _add_growth(passage, rate, new, old, cue=cue, rule="growth.with_increment")
        down = _DOWN.search(increment.label)
        reading.add(
            "difference", increment, [old, new] if down else [new, old],
            [cue_before(passage, _GROWTH, increment)], rule="difference.with_increment",
        )  # fmt: skip
    one, other = rate.figure.direction, increment.figure.direction
    if one and other and one != other:
        return
    if one == "down" and not other:
        return  # the increment's word does not say which way it went
    cues = [cue, cue_before(passage, _GROWTH, increment)]
    reading.add("growth_from_increment", rate, [new, increment], cues, rule="growth.increment")


def _level_after(passage: Passage, rate: Item, increment: Item) -> None:
    """同比減少42例，降幅21.0%，共報告158例: the level told after both, where it agrees."""
    following = passage.items[rate.index + 1 : rate.index + 2]
    if not following or not alike(following[0], increment) or following[0].group != rate.group:
        return
    if not _IS_LEVEL.search(following[0].label) or not _came_by(rate, following[0], increment):
        return
    cues = [cue_before(passage, _GROWTH, rate), cue_before(passage, _GROWTH, increment)]
    passage.reading.add("growth_from_increment", rate, [following[0], increment], cues, rule="growth.level_after")


_IS_LEVEL = cues("level", "told")


def _came_by(rate: Item, level: Item, increment: Item) -> bool:
    value, step = level.figure.value, increment.figure.value
    if value is None or step is None or rate.figure.value is None:
        return False
    fell = increment.figure.direction == "down"
    old = value * level.factor + (step * increment.factor if fell else -step * increment.factor)
    if old <= 0:
        return False
    reckoned = 100 * step * increment.factor / old
    return abs(reckoned - abs(rate.figure.value)) <= (rate.figure.ulp or 1)


_YEAR_TO_YEAR = re.compile(r"\d{4}年?(?:至|到|-|—|–|～)+\d{4}年")
#: Of the era, or of the Republic: 由108年的A增為113年的B.
_YEARS = re.compile(r"(?<!\d)(\d{4}|1[0-4]\d)年")
_SAME_SPELL = re.compile(r"同期[^;；。]*$")
_SPELL = worded(r"(\d+|[二三四五六七八九十])年<average_growth.in_so_many>")
_PAST_SPELL = worded(r"<average_growth.past>的?(\d+|[二三四五六七八九十])年(?!代|级|期)")


def _years(passage: Passage, old: Item, new: Item, rate: Item) -> int:
    """The years between two levels, from the years printed beside them or 十年間; 0 where neither is told."""
    before = passage.between(passage.span.start, old.start)
    first = _YEARS.findall(before)
    last = _YEARS.findall(passage.between(old.end, new.start))
    if first and last:
        return abs(int(last[-1]) - int(first[-1]))  # the later level may be told first
    if len(first) > 1 and (_YEAR_TO_YEAR.search(before) or _SAME_SPELL.search(before)):
        return int(first[-1]) - int(first[-2])  # 從2015年至2020年，由A增長到B
    spell = _SPELL.search(before + passage.between(new.end, rate.start)) or _PAST_SPELL.search(before)
    if spell is None:
        return 0
    word = spell.group(1)
    return int(word) if word.isdigit() else "一二三四五六七八九十".index(word) + 1


def _place(item: Item) -> int:
    return item.start


def _average_growth(passage: Passage, rate: Item, levels: Sequence[Item]) -> None:
    """由2010年的A增加到2020年的B，年均增長r: the years are those printed beside the levels."""
    levels = [i for i in levels if i.figure.unit not in SPELLS]  # 十年共增加1,134萬人
    if len(levels) < 2 or not alike(levels[-1], levels[-2]):
        return
    old, new = levels[-2:]
    pair = new_and_old(passage, old, new)
    if pair is not None and (COMPARED_OR_FROM.search(pair[1].clause) or pair[1].tail.startswith("相比")):
        new, old = pair  # 為6,577萬人，與2010年的5,443萬人相比
    years = _years(passage, min(old, new, key=_place), max(old, new, key=_place), rate)
    if years < 2 or not (is_from_to(passage, old, new) or is_earlier(old, new) or EARLIER.search(old.label)):
        return
    cue = passage.reading.cue(_YEARLY, new.end, rate.start)
    doubt = ""
    if _AT_CONSTANT_PRICES.search(new.clause + old.clause):
        doubt = "growth of value added is told at constant prices, the levels at current ones"
    passage.reading.add(
        "average_growth", rate, [new, old], [cue], parameters={"years": str(years)}, doubt=doubt, rule="growth.yearly"
    )


def _multiple(passage: Passage, times: Item) -> None:
    levels = [i for i in levels_before(passage, times) if not is_increment(i) and not _FLOW.search(i.label)]
    following = passage.items[times.index + 1 : times.index + 3]
    if not levels and len(following) == 2 and alike(*following) and is_from_to(passage, *following):
        levels = following  # 翻一番，由1200件增加到2400件
    if levels and (before := named_after(passage, times, levels[-1])) is not None:
        levels = [levels[-1], before]  # 上升2.4倍（去年同期1,000萬人次）
    if len(levels) == 1 and following and _THAN.search(levels[0].label):
        after = following[0]  # 比1978年的86萬噸翻了兩番，達到344萬噸
        if alike(levels[0], after) and _COMES_TO.search(after.label):
            levels = [*levels, after]
    if not levels and len(following) == 2 and alike(*following) and _IS.search(times.clause):
        named = [i for i in following if i.label[-2:] in times.clause]
        if len(named) == 2:  # 出口額是進口額的1.5倍，出口180億元，進口120億元
            named.sort(key=lambda i: times.clause.find(i.label[-2:]))
            passage.reading.add(
                "multiple", times, named, [cue_before(passage, _IS, times)], rule="multiple.named_after"
            )
        return
    if len(levels) < 2 or abs(levels[-1].index - times.index) > 2 or not alike(levels[-1], levels[-2]):
        return
    one, other = levels[-2], levels[-1]
    cue = cue_before(passage, _TIMES, times)
    grows = bool(_TIMES.search(times.label))
    parameters: dict[str, str] = {"minus": "1"} if grows else {}
    if times.figure.unit == "番":
        parameters = {"doublings": "true"}
    pair = new_and_old(passage, one, other)
    rule = "multiple.earlier_told"
    if re.fullmatch(r"[户人家个]?的[约近逾超]?", passage.between(other.end, times.start)) and _IS.search(
        passage.between(one.end, other.start)
    ):
        pair, rule = (one, other), "multiple.of"
    elif not (grows or _IS.search(times.label)):
        return
    if pair is not None:
        passage.reading.add("multiple", times, list(pair), [cue], parameters=parameters, rule=rule)


#: 從2,860個增至11,520個，新增8,600餘個，實現翻兩番: what came is no level.
_FLOW = cues("fitting", "flow")
_MOVES_TO = worded(r"[^，,;；。0-9]{0,6}<ratio.moves>[为至到]")
_NO_RATIO = cues("ratio", "none")


_IN_BRACKETS = re.compile(r"\([^()]*\)")
#: So many characters before a ratio its name and an explanation in brackets may stand.
_REACH = 48


def _named_before_brackets(passage: Passage, ratio: Item) -> str:
    """總人口性別比（以女性為100，男性對女性的比例）為: the words before the explanation, where one stands there."""
    at = ratio.start - len(ratio.label)
    if passage.between(at - 1, at) != ")":
        return ""
    return _IN_BRACKETS.sub("", passage.between(max(passage.span.start, ratio.start - _REACH), ratio.start))


def _men_and_women(passage: Passage | None) -> list[Item]:
    """男性214,386人，女性205,917人。總人口性別比…: the two of the sentence before, where it tells one of each."""
    items = passage.items if passage is not None else []
    told = [[i for i in items if i.figure.unit and i.label.startswith(sex)] for sex in ("男", "其中男", "女")]
    men, women = [*told[0], *told[1]], told[2]
    return [*men, *women] if len(men) == len(women) == 1 else []


def _ratio(passage: Passage, ratio: Item) -> None:
    if ratio.start in passage.reading.results:
        return  # its name has told its sides
    if _MOVES_TO.match(passage.between(ratio.end, ratio.end + 12)):
        return  # 由上年的2.02縮小到1.97: the ratio told first is of another year
    told = _named_before_brackets(passage, ratio)
    if _NO_RATIO.search(ratio.label) or not (
        _RATIO.search(ratio.label) or _RATIO_TO.search(ratio.clause) or _RATIO_TO.search(told)
    ):
        return
    if re.match(r"[:：∶比](?!1(?![\d.]))\d", passage.between(ratio.end, ratio.end + 4)):
        return  # 1∶16 has two sides, 16.9∶1 is told as one number
    levels = [i for i in passage.items[: ratio.index] if i.role == "quantity" and i.figure.unit]
    after = passage.items[ratio.index + 1 : ratio.index + 3]
    if not levels and len(after) == 2 and alike(*after) and after[0].figure.unit:
        levels = after if meets(printed(ratio), quotient(after[0], after[1])) else []
    if not levels and "性别比" in told:
        levels = _men_and_women(passage.beside(-1))
    if len(levels) < 2 or not alike(levels[-1], levels[-2]):
        return
    top, bottom = levels[-2:]
    scale = 1
    if ratio.figure.value is not None and not meets(printed(ratio), quotient(top, bottom)):
        plain = quotient(top, bottom)[0]
        if plain and ratio.figure.value / plain > 20:
            scale = 100
    parameters = {"scale": str(scale)} if scale != 1 else {}
    passage.reading.add(
        "ratio", ratio, [top, bottom], [cue_before(passage, _RATIO, ratio)], parameters=parameters, rule="ratio"
    )
