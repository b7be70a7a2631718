"""Which of two levels is the earlier one, and which figures are changes rather than levels."""

import re

from flows.record import Span
from flows.relate.reading import Item, Passage, alike

EARLIER = re.compile(
    r"上年|去年|上月|上期|上季|前年|上半年|同期|昨日|昨天|前一|前日|上周|上旬|上届|上次|上一|常年|期初|年初|月初|由|从|原|初|一九|二〇|年为|[一二两三四五六七八九十半0-9](?:个[月星]期?|天|日|周|月|年)前"
    r"|^(?:较|比|与|相比|对比)|^(?:环比|同比).*的$|(?<![同环])[比较][^，,]{1,12}的$"
)
SAME_TIME_BEFORE = re.compile(
    r"上年|去年|上月|上期|上季|前年|同期|昨日|上周|前一|前日|上届|上次|上一|常年|往年|年初|月初|期初|去年同月|[0-9]+月末?[为是]?$"
)
_YEAR = re.compile(r"((?:19|20)\d\d)年")
_MONTH = re.compile(r"(?<!\d)(\d{1,2})月")
_FROM_TO = re.compile(r"(?:由|从|自)[^，,;；。]{0,30}$")
_TO = re.compile(
    r"^[^，,;；。]{0,16}?(?:增加到|增长到|上升到|提高到|扩大到|发展到|减少到|下降到|降到|减到|增至|升至|降至|减至|增到|升到|提升到"
    r"|提升至|提高至|下降至|减少至|增加至|增长至|到|至|为)[^，,;；。]{0,8}$"
)
_INCREMENT = re.compile(
    r"(?:比|较|同比|环比|按年|按月|按季|(?<![全今当本去])年(?=[增减])|月(?=[增减]))[^，,;；。]{0,12}?(?:增加|增长|增收|增产|增支|多收|少收|减收|减产|减支|多|减少|下降|上升|少|增|减|升|降)"
    r"了?[^，,;；。0-9]{0,3}$|^(?:约|共|一年)?(?:增加|减少|净增|增长|净减|增收|减收|增产|减产)了?$"
)
_RESULT = re.compile(r"(?:到|至|达|达到|为)[^，,;；。]{0,3}$")


def cue_before(passage: Passage, pattern: "re.Pattern[str]", item: Item) -> Span | None:
    """Where the word last stands in the item's clause or since the figure before."""
    return passage.reading.cue(pattern, item.start - max(len(item.gap), len(item.clause)), item.start)


def is_increment(item: Item) -> bool:
    """Whether the words before it make the figure a change, not a level: 同比增收9.8億元."""
    return bool(_INCREMENT.search(item.label)) and not _RESULT.search(item.label)


def levels_before(passage: Passage, item: Item) -> list[Item]:
    """The quantities before the item in its part of the sentence."""
    return [i for i in passage.items[: item.index] if i.role == "quantity" and i.group == item.group]


def is_from_to(passage: Passage, old: Item, new: Item) -> bool:
    """由A增加到B."""
    return bool(_FROM_TO.search(old.clause)) and bool(_TO.search(passage.between(old.end, new.start)))


def is_earlier(old: Item, new: Item) -> bool:
    """Whether words or periods make one the earlier level of the other."""
    one_told, other_told = EARLIER.search(_told(old)), EARLIER.search(_told(new))
    if bool(one_told) != bool(other_told):
        return bool(one_told)
    one, other = _YEAR.findall(old.label), _YEAR.findall(new.label)
    if one and other:
        return int(one[-1]) < int(other[-1])
    one, other = _MONTH.findall(old.label), _MONTH.findall(new.label)
    if one and other and int(other[-1]) - int(one[-1]) in (1, -11):
        return True
    first, last = old.figure, new.figure
    if first.as_of and last.as_of and not (first.period_start or last.period_start):
        return first.as_of < last.as_of
    if not (first.period_start and last.period_start and first.period_end and last.period_end):
        return False
    return first.period_end < last.period_end and first.period_start < last.period_start


def _told(item: Item) -> str:
    """The words before the figure; those before the bracket that it opens: 較常年（15.6℃）."""
    return item.label or (item.clause.rstrip("(") if item.clause.endswith("(") else "")


_TWO_TIMES = re.compile(
    r"(?:((?:19|20)\d\d)年[、,和与及]((?:19|20)\d\d)年|(去年|上年)[、和与及](?:今年|本年)|(今年|本年)[、和与及](?:去年|上年))[^;；。]{0,24}$"
)


def _respective(passage: Passage, one: Item, other: Item) -> tuple[Item, Item] | None:
    """2022年、2023年專利授權量分別為12,480件和14,227件: the later and the earlier of the two."""
    lead = passage.between(passage.span.start, one.start)
    told = _TWO_TIMES.search(lead) if other.index == one.index + 1 and "分别" in one.clause else None
    if told is None or not re.fullmatch(r"[、,，和与及]", passage.between(one.end, other.start)):
        return None
    first_is_older = bool(told.group(3)) or (told.group(1) is not None and int(told.group(1)) < int(told.group(2)))
    return (other, one) if first_is_older else (one, other)


def new_and_old(passage: Passage, one: Item, other: Item) -> tuple[Item, Item] | None:
    """The later and the earlier of two levels; None where nothing tells them apart."""
    if not alike(one, other):
        return None
    if is_from_to(passage, one, other) or is_earlier(one, other):
        return other, one
    if is_earlier(other, one):
        return one, other
    return _respective(passage, one, other)


def named_after(passage: Passage, item: Item, level: Item) -> Item | None:
    """The earlier level told after the change: 增長5.7%（上年54.1億噸）; 比上屆多240家，上屆為1,580家."""
    if item.index + 1 >= len(passage.items):
        return None
    old = passage.items[item.index + 1]
    if not alike(level, old) or old.group != item.group or not SAME_TIME_BEFORE.search(old.label):
        return None
    between = passage.between(item.end, old.start)
    if old.opened >= item.end or re.fullmatch(r"[，,][^，,;；。]{1,12}", between):
        return old
    return None
