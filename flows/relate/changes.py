"""Levels and their changes: difference, growth, increments, percentage points, multiples, ratios."""

import re
from collections.abc import Sequence

from flows.record import Span
from flows.relate.fits import adds_up, meets, nearly_adds_up, printed, quotient
from flows.relate.reading import Item, Passage, alike, similarity

_GROWTH = re.compile(
    r"增长|增幅|上升|上涨|增加|提高|下降|减少|下跌|降低|回落|缩减|年增|年减|月增|月减|增|涨|降|减|升|跌"
)
_EARLIER = re.compile(
    r"上年|去年|上月|上期|上季|前年|上半年|同期|昨日|昨天|前一|上周|期初|上次|由|从|原|初|一九|二〇|年为"
)
_SAME_TIME_BEFORE = re.compile(r"上年|去年|上月|上期|上季|前年|同期|昨日|上周|前一")
_YEARLY = re.compile(r"年均|平均每年|每年平均|年平均|平均年")
_CONSTANT = re.compile(r"不变价|可比|实际增长|实际下降|扣除|按不变|剔除|同口径|名义以外")
_FROM_TO = re.compile(r"(?:由|从|自)[^，,;；。]{0,30}$")
_TO = re.compile(
    r"^[^，,;；。]{0,16}?(?:增加到|增长到|上升到|提高到|扩大到|发展到|减少到|下降到|降到|减到|增至|升至|降至|减至|增到|升到|提升到|提升至|提高至|下降至|减少至|增加至|增长至|到|至)[^，,;；。]{0,8}$"
)
_INCREMENT = re.compile(
    r"(?:比|较|同比|环比)[^，,;；。]{0,12}?(?:增加|增长|多|减少|下降|少|增|减)了?[^，,;；。0-9]{0,3}$|^(?:增加|减少|净增|增长|净减)了?$"
)
_CHANGE = re.compile(
    r"缺席|尚余|尚有|还有|还剩|剩余|剩下|余下|尚未|未检|未到|请假|缺勤|缺考|^未|顺差|逆差|差额|结余|盈余|赤字|相差|净增|净减|净流|减少|增加|缩小|扩大|调减|调增|核减|核增|收窄|多|少"
)
_LEFT_OVER = re.compile(
    r"缺席|尚余|尚有|还有|还剩|剩余|剩下|余下|尚未|请假|缺勤|缺考|^未[^，]|顺差|逆差|差额|结余|盈余|赤字|相差"
)
_DUE = re.compile(r"应|总|共|计划|受理|出口|收入|原|上年|上月|需|全部|进")
_MOVED = re.compile(r"减少|增加|缩小|扩大|调减|调增|收窄|净增|净减|增长|下降|上升|多|少")
_COMPARED = re.compile(
    r"(?:比|较)([^，,;；。0-9]{0,16}?)(?:增加|增长|减少|多|少|增|减|高|低|上升|下降|提高)了?[^，,;；。0-9]{0,3}$"
)
_CORRECTED = re.compile(r"更正为|修正为|订正为|改为|调整为|核实为|修订为|更正后为|改判为")
_POINTS = re.compile(r"提高|上升|提升|增加|增长|扩大|高|加快|回升|下降|回落|降低|减少|低|收窄|减慢|放缓|下滑|缩小")
_POINTS_DOWN = re.compile(r"下降|回落|降低|减少|低|收窄|减慢|放缓|下滑|缩小")
_TIMES = re.compile(r"增长|增加|提高|上升|扩大|翻")
_RATIO = re.compile(r"之比|性别比|男女比|比值|比例为|收入比|比$|比为$")


def relate_changes(passage: Passage) -> None:
    items = passage.items
    for item in items:
        if item.role == "points":
            _percentage_points(passage, item)
        elif item.role == "times":
            _multiple(passage, item)
        elif item.role == "rate":
            _growth(passage, item)
            _natural_growth(passage, item)
            continue
        if item.role == "quantity":
            if not item.figure.unit:
                _ratio(passage, item)
            _difference(passage, item)


def _cue(passage: Passage, pattern: "re.Pattern[str]", item: Item) -> Span | None:
    return passage.reading.cue(pattern, item.start - max(len(item.gap), len(item.clause)), item.start)


def _levels(passage: Passage, item: Item) -> list[Item]:
    """The quantities before the item in its part of the sentence."""
    return [i for i in passage.items[: item.index] if i.role == "quantity" and i.group == item.group]


def _from_to(passage: Passage, old: Item, new: Item) -> bool:
    return bool(_FROM_TO.search(old.clause)) and bool(_TO.search(passage.between(old.end, new.start)))


def _growth(passage: Passage, rate: Item) -> None:
    other_rate = re.search(r"(?<!增长)(?<!下降)(?<!增加)率|占|比重", rate.label)
    if not _GROWTH.search(rate.label) or other_rate or rate.figure.unit == "‰":
        return
    levels = [i for i in _levels(passage, rate) if not i.depth or i.depth == rate.depth]
    since = levels[-1].end if levels else passage.span.start
    if _CONSTANT.search(passage.between(since, rate.start)) or _CONSTANT.search(rate.tail):
        return
    if _YEARLY.search(passage.between(since, rate.start)):
        _average_growth(passage, rate, levels)
        return
    cue = _cue(passage, _GROWTH, rate)
    reading = passage.reading
    last = levels[-1] if levels else None
    if last is not None and len(levels) > 1 and last.index == rate.index - 1:
        old_or_new = levels[-2]
        if alike(old_or_new, last):
            if _from_to(passage, old_or_new, last):
                reading.add("growth", rate, [last, old_or_new], [cue], rule="growth.from_to")
                return
            if _INCREMENT.search(last.label):
                older = levels[-3] if len(levels) > 2 else None
                if older is not None and alike(older, last) and "相比" in passage.between(old_or_new.end, last.start):
                    _against_named(passage, rate, older, old_or_new, last, cue=cue)
                    return
                _add_increment(passage, rate, old_or_new, last, cue)
                return
            if _EARLIER.search(last.label) and not _EARLIER.search(old_or_new.label):
                reading.add("growth", rate, [old_or_new, last], [cue], rule="growth.earlier_after")
                return
            if (
                _EARLIER.search(old_or_new.label)
                and not _EARLIER.search(last.label)
                and old_or_new.index == last.index - 1
            ):
                reading.add("growth", rate, [last, old_or_new], [cue], rule="growth.earlier_before")
                return
    if last is None or last.index != rate.index - 1:
        return
    following = passage.items[rate.index + 1] if rate.index + 1 < len(passage.items) else None
    if (
        following is not None
        and following.role == "quantity"
        and alike(following, last)
        and following.group == rate.group
        and _SAME_TIME_BEFORE.search(following.label)
        and (
            following.opened >= rate.end
            or re.fullmatch(r"[，,][^，,;；。]{1,10}", passage.between(rate.end, following.start))
        )
    ):
        reading.add("growth", rate, [last, following], [cue], rule="growth.earlier_in_brackets")


def _years(passage: Passage, old: Item, new: Item) -> int:
    """The years between two levels, from the years printed beside them or 十年間; 0 where neither is told."""
    first = re.findall(r"(\d{4})年", old.clause)
    last = re.findall(r"(\d{4})年", passage.between(old.end, new.start))
    if first and last:
        return int(last[-1]) - int(first[-1])
    spell = re.search(r"(\d+|[二三四五六七八九十])年(?:间|来|中|里)", passage.between(passage.span.start, old.start))
    if spell is None:
        return 0
    word = spell.group(1)
    return int(word) if word.isdigit() else "一二三四五六七八九十".index(word) + 1


def _against_named(passage: Passage, rate: Item, new: Item, old: Item, increment: Item, *, cue: Span | None) -> None:
    """A，與2010年的B相比，增加d，增長r: growth, difference and growth from the increment at once."""
    reading = passage.reading
    reading.add("growth", rate, [new, old], [cue], rule="growth.against_named")
    pair = [old, new] if re.search(r"减|降|少", increment.label) else [new, old]
    reading.add("difference", increment, pair, [_cue(passage, _GROWTH, increment)], rule="difference.against_named")
    _add_increment(passage, rate, new, increment, cue)


def _average_growth(passage: Passage, rate: Item, levels: Sequence[Item]) -> None:
    """由2010年的A增加到2020年的B，年均增長r: the years are those printed beside the levels."""
    if len(levels) < 2 or not alike(levels[-1], levels[-2]):
        return
    old, new = levels[-2:]
    years = _years(passage, old, new)
    if years < 2 or not (_from_to(passage, old, new) or _EARLIER.search(old.label)):
        return
    cue = passage.reading.cue(_YEARLY, new.end, rate.start)
    passage.reading.add(
        "average_growth", rate, [new, old], [cue], parameters={"years": str(years)}, rule="growth.yearly"
    )


def _add_increment(passage: Passage, rate: Item, level: Item, increment: Item, cue: Span | None) -> None:
    if rate.figure.direction and increment.figure.direction and rate.figure.direction != increment.figure.direction:
        return
    passage.reading.add(
        "growth_from_increment",
        rate,
        [level, increment],
        [cue, _cue(passage, _GROWTH, increment)],
        rule="growth.increment",
    )


def _natural_growth(passage: Passage, rate: Item) -> None:
    """自然增長率 = 出生率 - 死亡率."""
    if "自然增长率" not in rate.label:
        return
    births = next((i for i in passage.items if "出生率" in i.label), None)
    deaths = next((i for i in passage.items if "死亡率" in i.label), None)
    if births and deaths and births.figure.unit == deaths.figure.unit == rate.figure.unit:
        cue = passage.reading.cue(re.compile("自然增长率"), rate.start - len(rate.clause), rate.start)
        passage.reading.add("difference", rate, [births, deaths], [cue], rule="difference.natural_growth")


def _percentage_points(passage: Passage, change: Item) -> None:
    if not _POINTS.search(change.label) or re.search(r"拉动|贡献", change.label):
        return
    if _earlier_after(passage, change):
        return
    rates = [i for i in passage.items[: change.index] if i.role == "rate" and i.group == change.group]
    if len(rates) < 2:
        return
    new, other = rates[-2], rates[-1]
    if other.index != change.index - 1 or new.index != other.index - 1 or new.figure.unit != other.figure.unit:
        return
    between = passage.between(new.end, other.start)
    than = re.compile(r"比(?![重例率])|较")
    if _from_to_rates(between, new):
        new, other = other, new
    elif not (than.search(other.label) or (_EARLIER.search(other.label) and not _EARLIER.search(new.label))):
        return
    sign = "-1" if _POINTS_DOWN.search(change.label) else "1"
    passage.reading.add(
        "pp_change",
        change,
        [new, other],
        [_cue(passage, _POINTS, change)],
        parameters={"sign": sign},
        rule="points",
    )


def _from_to_rates(between: str, old: Item) -> bool:
    return bool(_FROM_TO.search(old.clause)) and bool(_TO.search(between))


def _multiple(passage: Passage, times: Item) -> None:
    levels = _levels(passage, times)
    following = passage.items[times.index + 1 : times.index + 3]
    if not levels and len(following) == 2 and alike(*following) and _from_to(passage, *following):
        levels = following  # 翻一番，由1200件增加到2400件
    if len(levels) < 2 or abs(levels[-1].index - times.index) > 2 or not alike(levels[-1], levels[-2]):
        return
    one, other = levels[-2], levels[-1]
    cue = _cue(passage, _TIMES, times)
    grows = bool(_TIMES.search(times.label))
    parameters: dict[str, str] = {"minus": "1"} if grows else {}
    if times.figure.unit == "番":
        parameters = {"doublings": "true"}
    if _from_to(passage, one, other) or (_EARLIER.search(one.label) and not _EARLIER.search(other.label)):
        if grows or re.search(r"是|为|相当于", times.label):
            passage.reading.add("multiple", times, [other, one], [cue], parameters=parameters, rule="multiple.from_to")
    elif re.search(r"是|为|相当于", passage.between(one.end, other.start)) and passage.between(
        other.end, times.start
    ) in ("的", "户的", "人的"):
        passage.reading.add("multiple", times, [one, other], [cue], parameters=parameters, rule="multiple.of")
    elif grows and _EARLIER.search(other.label):
        passage.reading.add(
            "multiple", times, [one, other], [cue], parameters=parameters, rule="multiple.earlier_after"
        )


def _ratio(passage: Passage, ratio: Item) -> None:
    if not _RATIO.search(ratio.label) or re.search(r"同比|环比", ratio.label):
        return
    levels = [i for i in passage.items[: ratio.index] if i.role == "quantity" and i.figure.unit]
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
        "ratio", ratio, [top, bottom], [_cue(passage, _RATIO, ratio)], parameters=parameters, rule="ratio"
    )


def _difference(passage: Passage, change: Item) -> None:
    """What is left, what it grew by, what was corrected."""
    if _earlier_after(passage, change) or _vital_balance(passage, change):
        return
    items, reading = passage.items, passage.reading
    before = [i for i in items[: change.index] if alike(i, change) and i.role == change.role]
    words = change.label
    if re.search(r"新增|累计|共|其中|日均|平均", words):
        return
    if len(before) < 2:
        _against_sentence_before(passage, change, before)
        return
    cue = _cue(passage, _CHANGE, change)
    if _LEFT_OVER.search(words) and cue:
        _left_over(passage, change, before, cue)
        return
    one, other = before[-2:]
    if other.group != change.group or one.group != other.group or other.depth != one.depth:
        return
    if _CORRECTED.search(other.label) and _MOVED.search(words):
        pair = [one, other] if re.search(r"减|少", words) else [other, one]
        reading.add("difference", change, pair, [cue, _cue(passage, _CORRECTED, other)], rule="difference.corrected")
        return
    if (
        re.search(r"[到至]$|[到至]近?$", words)
        or not _MOVED.search(words)
        or re.search(r"比|较|同比|环比", words)
        or other.index != change.index - 1
    ):
        return
    if _EARLIER.search(one.label) and not _EARLIER.search(other.label):
        old, new = one, other
    elif _EARLIER.search(other.label) and not _EARLIER.search(one.label):
        old, new = other, one
    else:
        return
    down = bool(re.search(r"减少|缩小|收窄|调减|净减|下降|少", words))
    reading.add("difference", change, [old, new] if down else [new, old], [cue], rule="difference.change")


def _left_over(passage: Passage, change: Item, before: Sequence[Item], cue: Span) -> None:
    """What is left of the first figure after the second; 順差 and 逆差 of exports and imports."""
    every = [
        i
        for i in before
        if i.group == change.group and i.depth == change.depth and not re.search(r"当日|今日|新增", i.gap)
    ]
    if len(every) > 2 and adds_up(every[0], [*every[1:], change], [1] * len(every)):
        passage.reading.add("stock_identity", every[0], [*every[1:], change], [cue], rule="stock.left_over")
        passage.reading.bound.update((every[0].start, part.start) for part in [*every[1:], change])
        return
    pool = [
        i
        for i in before
        if i.group == change.group and i.depth == change.depth and not re.search(r"其中|当日|今日|新增", i.gap)
    ]
    if len(pool) > 2 and not re.search(r"差|赤字", change.label):
        parts = [*pool[1:], change]
        if adds_up(pool[0], parts, [1] * len(parts)) or nearly_adds_up(pool[0], parts, [1] * len(parts)):
            if passage.reading.add("stock_identity", pool[0], parts, [cue], rule="stock.left_over"):
                passage.reading.bound.update((pool[0].start, part.start) for part in parts)
            return
    pairs = [(one, other) for k, other in enumerate(pool) for one in reversed(pool[:k])]
    if re.search(r"逆差|赤字", change.label):
        pairs = [(other, one) for one, other in pairs]
    if re.search(r"顺差|逆差", change.label):
        pairs = [pair for pair in pairs if not re.search(r"总|进出口", pair[0].label + pair[1].label)]
    if not pairs:
        return
    pairs.sort(key=lambda pair: -pair[0].index - pair[1].index)
    pair = next((p for p in pairs if adds_up(p[0], [p[1], change], [1, 1])), None)
    pair = pair or next((p for p in pairs if nearly_adds_up(p[0], [p[1], change], [1, 1])), None)
    if pair is None and (len(pool) > 2 and not re.search(r"差|赤字", change.label)):
        return
    pair = pair or pairs[0]
    if passage.reading.add("difference", change, pair, [cue], rule="difference.left_over"):
        passage.reading.bound.update({(pair[0].start, change.start), (pair[0].start, pair[1].start)})


def _earlier_after(passage: Passage, change: Item) -> bool:
    """水位18.5米，比昨日上漲0.3米，昨日18.2米: level, change, then the earlier level."""
    if not 0 < change.index < len(passage.items) - 1 or not re.search(r"[比较]", change.label):
        return False
    level, old = passage.items[change.index - 1], passage.items[change.index + 1]
    same = alike(level, old) and (alike(level, change) or (change.role == "points" and level.role == "rate"))
    if not same or not _SAME_TIME_BEFORE.search(old.label) or old.group != level.group or level.depth != old.depth:
        return False
    if _SAME_TIME_BEFORE.search(level.label) and not re.search(r"^(?:昨日|昨天)", level.label):
        return False
    down = bool(re.search(r"减|少|降|低|回落|收窄|缩", change.label))
    cue = _cue(passage, _MOVED if change.role != "points" else _POINTS, change)
    if change.role == "points":
        sign = {"sign": "-1" if down else "1"}
        return passage.reading.add(
            "pp_change", change, [level, old], [cue], parameters=sign, rule="points.earlier_after"
        )
    pair = [old, level] if down else [level, old]
    return passage.reading.add("difference", change, pair, [cue], rule="difference.earlier_after")


def _vital_balance(passage: Passage, change: Item) -> bool:
    """出生人口902萬人，死亡人口1110萬人，人口減少208萬人."""
    births = next((i for i in passage.items[: change.index] if "出生" in i.label and alike(i, change)), None)
    deaths = next((i for i in passage.items[: change.index] if "死亡" in i.label and alike(i, change)), None)
    if births is None or deaths is None or not re.search(r"减少|负增长|自然增|净增|人口增", change.label):
        return False
    pair = [deaths, births] if re.search(r"减少", change.label) else [births, deaths]
    cue = _cue(passage, _MOVED, change)
    return passage.reading.add("difference", change, pair, [cue], rule="difference.vital")


def _against_sentence_before(passage: Passage, change: Item, before: Sequence[Item]) -> None:
    """比初步核算數增加33690億元, where the earlier figure stands in the sentence before."""
    compared = _COMPARED.search(change.label)
    if compared is None or not before or passage.index == 0:
        return
    noun = compared.group(1)
    if len(noun) < 3 or re.search(r"上年|去年|同期|上月|昨日|上日", noun):
        return
    level = before[-1]
    previous = passage.reading.passages[passage.index - 1]
    matching = [i for i in previous.items if alike(i, level) and similarity(noun.rstrip("数额值"), previous.text) >= 1]
    if len(matching) == 1 and level.index == change.index - 1:
        old = matching[0]
        down = bool(re.search(r"减|少|下降|低", change.label))
        passage.reading.add(
            "difference", change, [old, level] if down else [level, old], [_cue(passage, _COMPARED, change)],
            rule="difference.against_earlier",
        )  # fmt: skip
