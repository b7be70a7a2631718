"""Which of two levels is the earlier one, and which figures are changes rather than levels."""

import re
from fractions import Fraction

from flows.record import Span
from flows.relate.cues import cues, worded
from flows.relate.reading import Item, Passage, alike, similarity

EARLIER = worded(
    r"<time.before>|<time.earlier>|(?!<time.no_beginning>)初|[一二两三四五六七八九十半0-9]<time.unit>前"
    r"|^<level.compared>|^(?:环比|同比).*的$|(?<![同环])[比较][^，,]{1,12}的$"
)
SAME_TIME_BEFORE = worded(
    r"<time.before>|<time.usual>|[一二两三四五六七八九十0-9]<time.unit_ago>前"
    r"|(?:[0-9]+|[一二三四五六七八九十]+)月[末底份]?[为是]?$"
)
#: Nothing but the earlier time: 上期為, 去年同期為.
_ONLY_TIME = worded(
    r"(?:<time.alone>|(?:[0-9]+|[一二三四五六七八九十]+)月份?)?(?:同[期月]|末|底)?(?:总?[人户件]?数)?[为是共计]{1,2}"
)
#: A year before, and the day, month or term before: which of them a change and an earlier level are told of.
_YEAR_BEFORE = cues("time", "year_before")
_TERM_BEFORE = cues("time", "term_before")
#: The level that a change starts from stands before it: 較去年的, 由.
COMPARED_OR_FROM = re.compile(r"[比较由从][^，,;；。]{0,16}$")
#: Said to be what another is compared with: 較前日的35宗.
_COMPARED_WITH = re.compile(r"(?<![同环])[比较][^，,]{1,12}的$")
_HALF = Fraction(1, 2)
_YEAR = re.compile(r"((?:19|20)\d\d|[一二][九〇零][〇零一二三四五六七八九]{2})年")
_AS_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_MONTH = re.compile(r"(?<!\d)(\d{1,2})月")
_FROM_TO = re.compile(r"(?:由|从|自)[^，,;；。]{0,30}$")
_TO = worded(r"^[^，,;；。]{0,16}?(?:<level.moved_to>|[到至为])[^，,;；。]{0,8}$")
_INCREMENT = worded(
    r"(?:<growth.against>|(?<![全今当本去])年(?=[增减])|月(?=[增减]))[^，,;；。]{0,12}?(?:<growth.by_so_much>|[多少增减升降])"
    r"了?[^，,;；。0-9]{0,3}$|^(?:约|共|净|[一二两三四五六七八九十0-9]+年[间来内]?)?<growth.by_so_much>了?$"
)
_RESULT = worded(r"<level.came_to>[^，,;；。]{0,3}$")


def cue_before(passage: Passage, pattern: "re.Pattern[str]", item: Item) -> Span | None:
    """Where the word last stands in the item's clause or since the figure before."""
    return passage.reading.cue(pattern, item.start - max(len(item.gap), len(item.clause)), item.start)


def is_increment(item: Item) -> bool:
    """Whether the words before it make the figure a change, not a level: 同比增收9.8億元."""
    return bool(_INCREMENT.search(item.label)) and not _RESULT.search(item.label)


def is_compared_with(item: Item) -> bool:
    """Whether the words before it say that another figure is compared with it: 較上學年的187,940人."""
    return _COMPARED_WITH.search(item.label) is not None


def levels_before(passage: Passage, item: Item) -> list[Item]:
    """The quantities before the item in its part of the sentence that it can be a change of."""
    levels = [
        i for i in passage.items[: item.index]
        if i.role == "quantity" and i.group == item.group and not is_whole_of_share(passage, i)
    ]  # fmt: skip
    return without_parts(passage, levels, item)


def is_whole_of_share(passage: Passage, item: Item) -> bool:
    """Whether a figure only says of what the rate after it is: 為年度預算90億元的103.9%."""
    following = passage.items[item.index + 1 : item.index + 2]
    return bool(item.index and following) and following[0].role == "rate" and following[0].label == "的"


_LISTS_PARTS = worded(r"<subset.part_of>|分别")
_JOINED = re.compile(r"[、和及与][^，,;；。]*")
_COMPARES = cues("growth", "compares")


def without_parts(passage: Passage, levels: list[Item], change: Item) -> list[Item]:
    """The levels without a list of parts just before the change: 計300人，其中男140人、女160人，較上月減少20人.

    What is compared in a clause without a subject of its own is the whole, not the last of its parts.
    """
    if len(levels) < 3:
        return levels
    end = len(levels)
    while end and (is_increment(levels[end - 1]) or is_compared_with(levels[end - 1])):
        end -= 1
    compares = levels[end] if end < len(levels) else change
    if end < 3 or not _COMPARES.match(compares.label):
        return levels
    first = end - 1
    while first and _is_joined(passage, levels[first - 1], levels[first]):
        first -= 1
    if not first or end - first < 2 or not _LISTS_PARTS.search(levels[first].gap):
        return levels
    if is_compared_with(compares) and _is_nearer(compares, levels[end - 1], levels[first - 1]):
        return levels
    return levels[:first] + levels[end:]


def _is_nearer(level: Item, one: Item, other: Item) -> bool:
    """Whether the level is in proportion nearer to the first than to the second: 民事3,750件，較上年的3,680件."""
    at, near, far = (i.amount for i in (level, one, other))
    if at <= 0 or near <= 0 or far <= 0:
        return False
    return max(at / near, near / at) < max(at / far, far / at)


def _is_joined(passage: Passage, one: Item, other: Item) -> bool:
    return (
        other.index == one.index + 1
        and alike(one, other)
        and _JOINED.fullmatch(passage.between(one.end, other.start)) is not None
    )


def is_from_to(passage: Passage, old: Item, new: Item) -> bool:
    """由A增加到B."""
    return bool(_FROM_TO.search(old.clause)) and bool(_TO.search(passage.between(old.end, new.start)))


def is_earlier(old: Item, new: Item) -> bool:
    """Whether words or periods make one the earlier level of the other."""
    one_told, other_told = EARLIER.search(told_before(old)), EARLIER.search(told_before(new))
    if one_told and other_told:
        one_told, other_told = _COMPARED_WITH.search(old.label), _COMPARED_WITH.search(new.label)
    if bool(one_told) != bool(other_told):
        return bool(one_told)
    one, other = _YEAR.findall(old.label), _YEAR.findall(new.label)
    if one and other:
        return int(one[-1].translate(_AS_DIGITS)) < int(other[-1].translate(_AS_DIGITS))
    one, other = _MONTH.findall(old.label), _MONTH.findall(new.label)
    if one and other and int(other[-1]) - int(one[-1]) in (1, -11):
        return True
    first, last = old.figure, new.figure
    if first.as_of and last.as_of and not (first.period_start or last.period_start):
        return first.as_of < last.as_of
    if not (first.period_start and last.period_start and first.period_end and last.period_end):
        return False
    return first.period_end < last.period_end and first.period_start < last.period_start


#: Words that say when or that it came to so many, not of what.
_NO_NAME = worded(r"[^\u4e00-\u9fff]|[本今当去上前同全明]?(?:年|月|季|期|日|周|旬)[初末底度份]?|<level.no_name>")


def names_differ(one: Item, other: Item) -> bool:
    """Whether each of the two has a name of its own, of other things: 糧食產量 and 蔬菜產量."""
    first, second = _NO_NAME.sub("", one.label), _NO_NAME.sub("", other.label)
    if len(first) < 3 or len(second) < 3 or first[:2] == second[:2]:
        return False
    return similarity(first, second) < _HALF and similarity(second, first) < _HALF


def told_before(item: Item) -> str:
    """The words before the figure; those before the bracket that it opens: 較常年（15.6℃）."""
    return item.label or (item.clause.rstrip("(") if item.clause.endswith("(") else "")


_TWO_TIMES = worded(
    r"(?:((?:19|20)\d\d)年[、,和与及]((?:19|20)\d\d)年"
    r"|(<time.last_year>)[、和与及]<time.this_year>|(<time.this_year>)[、和与及]<time.last_year>)[^;；。]{0,24}$"
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
    if not alike(level, old) or not SAME_TIME_BEFORE.search(old.label) or not is_of_one_time(item, old):
        return None
    if old.group != item.group:
        return old if is_only_time(old, item) else None
    between = passage.between(item.end, old.start)
    if old.opened >= item.end or re.fullmatch(r"[，,][^，,;；。]{1,12}", between):
        return old
    return None


def is_of_one_time(change: Item, old: Item) -> bool:
    """Whether a change against last year is told beside a level of then: not 比常年偏多35.6毫米，5月份為96.2毫米."""
    by_year, of_year = _YEAR_BEFORE.search(change.label), _YEAR_BEFORE.search(old.label)
    by_term = _TERM_BEFORE.search(change.label)
    if by_year and not by_term:
        return of_year is not None
    return not (by_term and not by_year and of_year and not _TERM_BEFORE.search(old.label))


def is_only_time(old: Item, before: Item) -> bool:
    """Whether the first figure after a semicolon tells nothing but another time of the one before: ；上期為196家."""
    return (
        old.group == before.group + 1
        and old.depth == before.depth
        and SAME_TIME_BEFORE.search(old.label) is not None
        and _ONLY_TIME.fullmatch(old.label) is not None
    )
