"""Differences: what is left, what it grew by, what was corrected, balances, percentage points."""

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations

from flows.record import Span
from flows.relate.cues import balances, cues, worded
from flows.relate.fits import adds_up, are_near, nearly_adds_up
from flows.relate.levels import (
    COMPARED_OR_FROM,
    EARLIER,
    SAME_TIME_BEFORE,
    cue_before,
    is_earlier,
    is_from_to,
    is_increment,
    is_of_one_time,
    is_only_time,
    without_parts,
)
from flows.relate.named_differences import against_standard, against_year, balance_across, moved_noun, named_pair
from flows.relate.reading import Item, Passage, alike, similarity

#: Words that make a figure what lies between two others.
_CHANGE = worded(
    r"<difference.balance>|<difference.left>|未检|未到|^未|(?!<difference.no_net>)净|<difference.moves>"
    r"|^余$|[剩余]$|[高低]$"
)
_LEFT_OVER = worded(r"<difference.balance>|<difference.left>|^未[^，]|^<difference.net>|^余$|[剩余]$")
_BALANCE = worded(r"<difference.balance>|<difference.net>")
#: 錄得1,247億元赤字.
_TOLD_AFTER = worded(r"的?<difference.balance_of>?<difference.balance_after>")
_MOVED = cues("difference", "moved")
_DOWN = cues("difference", "fall")
_COMPARED = worded(r"[比较]([^，,;；。0-9]{0,16}?)<difference.compared_by>了?[^，,;；。0-9]{0,3}$")
_EARLIER = worded(r"<time.year_compared>|<time.day_or_month_compared>")
_CORRECTED = cues("difference", "corrected")
_POINTS = cues("pp_change", "moved")
_CONTRIBUTES = cues("pp_change", "contributes")
_ENDS_IN_GROWTH = worded(r"<growth.ends>(?:了|约|近)?$")
_PACE = cues("growth", "pace")
_NO_DIFFERENCE = worded(r"<difference.none>|[到至达]$|[到至]近?$")
#: 每股盈餘, 人均結餘: no rest of what stands before it.
_PER_SHARE = re.compile(r"每(?![日天周月季年])|[股户人]均")
_OF_THE_TIME = worded(r"(?:[当本][日周月季年期]|<difference.in_the_time>)?<difference.came>了?")
_THAN = re.compile(r"(?<![同环])比(?![重例率])|较")


def relate_differences(passage: Passage) -> None:
    """Changes and balances of a sentence with the two figures they lie between."""
    may_balance = "出生" in passage.text and "死亡" in passage.text
    for item in passage.items:
        if item.role == "points":
            _percentage_points(passage, item)
        elif item.role == "rate":
            _natural_growth(passage, item)
        elif item.role == "quantity" and item.start not in passage.reading.flowing:
            _difference(passage, item, may_balance=may_balance)


def _percentage_points(passage: Passage, change: Item) -> None:
    if against_standard(passage, change):
        return
    if not _POINTS.search(change.label) or _CONTRIBUTES.search(change.label):
        return
    if _earlier_after(passage, change) or _over_all(passage, change):
        return
    rates = [i for i in passage.items[: change.index] if i.role == "rate" and i.group == change.group]
    following = passage.items[change.index + 1 : change.index + 2]
    if len(rates) == 1 and following and _is_end_of(rates[0], change, following[0]):
        passage.reading.add(
            "pp_change", change, [following[0], rates[0]], [cue_before(passage, _POINTS, change)],
            parameters={"sign": "-1" if _DOWN.search(change.label) else "1"}, rule="points.to",
        )  # fmt: skip
    if len(rates) < 2:
        return
    new, other = rates[-2], rates[-1]
    told, before = _ENDS_IN_GROWTH.search(new.label), _ENDS_IN_GROWTH.search(other.label)
    if bool(told) != bool(before) and not _PACE.search((other if told else new).label):
        return  # a rate of growth and a level have no difference
    if other.index != change.index - 1 or new.index != other.index - 1 or new.figure.unit != other.figure.unit:
        return
    if is_from_to(passage, new, other) or (EARLIER.search(new.label) and not EARLIER.search(other.label)):
        new, other = other, new
    elif not (_THAN.search(other.label) or (EARLIER.search(other.label) and not EARLIER.search(new.label))):
        return
    passage.reading.add(
        "pp_change", change, [new, other], [cue_before(passage, _POINTS, change)],
        parameters={"sign": "-1" if _DOWN.search(change.label) else "1"}, rule="points",
    )  # fmt: skip


_OVER_ALL = worded(r"<pp_change.over_all><pp_change.moved>")


def _over_all(passage: Passage, change: Item) -> bool:
    """三年淨利率分別為8.2%、9.1%和10.4%，累計提升2.2個百分點: the last of the list, less the first."""
    if _OVER_ALL.search(change.label) is None:
        return False
    last = first = change.index - 1
    items = passage.items
    while first > 0 and items[first].gap in ("、", "和", "及", "与", "，") and items[first - 1].role == "rate":
        first -= 1
    if last - first < 1 or items[last].role != "rate" or "分别" not in items[first].clause:
        return False
    return passage.reading.add(
        "pp_change", change, [items[last], items[first]], [cue_before(passage, _POINTS, change)],
        parameters={"sign": "-1" if _DOWN.search(change.label) else "1"}, rule="points.over_all",
    )  # fmt: skip


def _is_end_of(old: Item, change: Item, new: Item) -> bool:
    """較上次調查的46%上升3個百分點至49%."""
    return (
        new.role == "rate"
        and new.figure.unit == old.figure.unit
        and old.index == change.index - 1
        and COMPARED_OR_FROM.search(old.clause) is not None
        and re.fullmatch(r"[，,]?[至到达为]到?约?", new.gap) is not None
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


def _difference(passage: Passage, change: Item, *, may_balance: bool) -> None:
    """What is left, what it grew by, what was corrected."""
    if _earlier_after(passage, change) or (may_balance and _vital_balance(passage, change)):
        return
    told = _TOLD_AFTER.match(change.tail) if change.tail else None
    words = change.label + told.group() if told else change.label
    if moved_noun(passage, change):
        return
    is_change = _CHANGE.search(words) is not None
    if not is_change and "比" not in words and "较" not in words:
        return  # nothing below is told without a word of change, or one that compares
    if _OF_THE_TIME.fullmatch(words):
        levels = [i for i in passage.items[max(0, change.index - 2) : change.index] if alike(i, change)]
        if len(levels) == 2 and is_from_to(passage, *levels):  # 由862.4億元增至871.9億元，當月新增9.5億元
            cue = Span(change.start - len(words), change.start)
            passage.reading.add("difference", change, levels[::-1], [cue], rule="difference.new_between")
            return
    if _NO_DIFFERENCE.search(words) or _PER_SHARE.search(words) or against_year(passage, change):
        return
    before = [i for i in passage.items[: change.index] if alike(i, change) and i.role == change.role]
    before = without_parts(passage, before, change)
    if len(before) < 2:
        _against_sentence_before(passage, change, before)
    if not is_change:
        return
    if named_pair(passage, change) or (len(before) == 1 and balance_across(passage, change, before[0])):
        return
    cue = cue_before(passage, _CHANGE, change) or Span(change.start - len(words), change.start)
    if len(before) > 1:
        if _LEFT_OVER.search(words) and (told is None or len(before) == 2):
            if _left_over(passage, change, before, cue):
                return
        elif _corrected(passage, change, before[-2], before[-1], cue) or _changed(passage, change, before, cue):
            return
    _any_pair(passage, change, cue)


def _corrected(passage: Passage, change: Item, one: Item, other: Item, cue: Span) -> bool:
    """Published as 21例, corrected to 18例, 調減3例."""
    if not (_CORRECTED.search(other.label) and _MOVED.search(change.label)) or other.depth != one.depth:
        return False
    pair = [one, other] if _DOWN.search(change.label) else [other, one]
    cues = [cue, cue_before(passage, _CORRECTED, other)]
    return passage.reading.add("difference", change, pair, cues, rule="difference.corrected")


def _changed(passage: Passage, change: Item, before: Sequence[Item], cue: Span) -> bool:
    """The last two levels, one of them told to be the earlier."""
    stocks = [i for i in before if not is_increment(i) and i.group == change.group]
    if len(stocks) < 2 or not _MOVED.search(change.label) or _THAN.search(change.label):
        return False
    one, other = stocks[-2:]
    if other.index < change.index - 2 or one.index < other.index - 1 or other.depth != one.depth:
        return False
    if is_from_to(passage, one, other) or is_earlier(one, other):
        old, new = one, other
    elif is_earlier(other, one):
        old, new = other, one
    else:
        return False
    pair = [old, new] if _DOWN.search(change.label) else [new, old]
    return passage.reading.add("difference", change, pair, [cue], rule="difference.change")


#: Compared with another time, not with another figure of the same: 較前日增加.
_AGAINST_TIME = worded(r"(?:同比|环比|[比较]<time.against>)[^，,;；。]{0,6}[增减多少升降涨跌]")


def _any_pair(passage: Passage, change: Item, cue: Span) -> None:
    """Two figures near by whose difference it is; where none agree, the only two there are."""
    is_balance = _BALANCE.search(change.label) is not None
    against_time = _AGAINST_TIME.search(change.label) is not None
    near = passage.items[max(0, change.index - 4) : change.index + 3]
    pool = [
        i for i in near
        if i is not change and alike(i, change) and i.group == change.group
        and i.depth in (change.depth, change.depth + 1)
        and not is_increment(i) and not _PER_SHARE.search(i.label) and not (is_balance and _BALANCE.search(i.label))
    ]  # fmt: skip
    pairs = [p for p in permutations(pool, 2) if p[0].amount > 0]
    if against_time:
        pairs = [p for p in pairs if is_earlier(*p) or is_earlier(*p[::-1])]
    pairs.sort(key=lambda p: abs(p[0].index - change.index) + abs(p[1].index - change.index))
    chosen = next((p for p in pairs if _differs(p, change)), None)
    if chosen is None and len(pool) == 2:
        told = _LEFT_OVER.search(change.label) or _BALANCE.search(change.label) or _compares(change, pool)
        told = told or _in_and_out(pool)
        larger, smaller = sorted(pool, key=lambda i: i.amount, reverse=True)
        sides = _larger_first(passage, change, (larger, smaller))
        balance = is_balance and (_is_near((larger, smaller), change) or _are_sides(pool, sides, change))
        told = told and (not is_balance or sides[0] is larger)  # more spent than came in, and yet something left
        if told and (nearly_adds_up(larger, [smaller, change], [1, 1]) or balance):
            chosen = (larger, smaller)
    if chosen is not None and passage.reading.add("difference", change, list(chosen), [cue], rule="difference.pair"):
        passage.reading.bound.update({(chosen[0].start, change.start), (chosen[0].start, chosen[1].start)})


_IN_OUT = re.compile(r"([迁流转调])([入出])")


def _in_and_out(pool: Sequence[Item]) -> bool:
    """遷入21,340人，遷出19,874人，增加1,466人."""
    told = [_IN_OUT.search(item.label) for item in pool]
    one, other = told[0], told[-1]
    return bool(one and other and one.group(1) == other.group(1) and one.group(2) != other.group(2))


def _compares(change: Item, pool: Sequence[Item]) -> bool:
    """Whether one of the two is told to be the earlier, or both are named: 男生比女生多46人."""
    one, other = pool
    if is_earlier(one, other) or is_earlier(other, one):
        return True
    named = re.match(r"([\u4e00-\u9fff]{2,8})[比较]([\u4e00-\u9fff]{2,8}?)[多少高低增减]", change.label)
    if named is None:
        return False
    words = {one.label[-4:], other.label[-4:]}
    return all(any(noun[:2] in word for word in words) for noun in named.groups())


def _differs(pair: tuple[Item, Item], change: Item) -> bool:
    return adds_up(pair[0], [pair[1], change], [1, 1])


_OF_TODAY = cues("difference", "of_today")
_OF_TRADE = cues("difference", "of_trade")
_NO_SIDE = cues("difference", "no_side")


def _left_over(passage: Passage, change: Item, before: Sequence[Item], cue: Span) -> bool:
    """What is left of the first figure after the second, a balance of two sides; whether it is claimed."""
    own = [i for i in before if i.group == change.group and i.depth == change.depth]
    every = [i for i in own if not _OF_TODAY.search(i.gap)]
    fits = len(every) > 2 and adds_up(every[0], [*every[1:], change], [1] * len(every))
    if fits and not _BALANCE.search(change.label):
        _add_stock(passage, every[0], [*every[1:], change], cue)
        return False
    pool = [i for i in every if "其中" not in i.gap]
    if len(pool) < len(every) and len(pool) < 3 and not _BALANCE.search(change.label):
        return False  # 126宗，其中98宗已痊癒，5宗死亡，餘下23宗: the rest of a list
    if len(pool) > 2 and not _BALANCE.search(change.label):
        parts = [*pool[1:], change]
        if adds_up(pool[0], parts, [1] * len(parts)) or nearly_adds_up(pool[0], parts, [1] * len(parts)):
            _add_stock(passage, pool[0], parts, cue)
            return False
    if _OF_TRADE.search(change.label):
        pool = [i for i in pool if not _NO_SIDE.search(i.label)]
    pairs = [(one, other) for k, other in enumerate(pool) for one in reversed(pool[:k])]
    if not pairs and pool and (whole := _head(before, pool[-1], change)) is not None:
        pairs = [(whole, pool[-1])]
    if not pairs:
        return False
    balance = bool(_BALANCE.search(change.label))
    if balance:
        pairs = [_larger_first(passage, change, pair) for pair in pairs]
    pairs.sort(key=lambda pair: -pair[0].index - pair[1].index)
    pair = next((p for p in pairs if _differs(p, change)), None)
    may_slip = [p for p in pairs if balance or len(pool) < 3 or p[0] is pool[0]]
    pair = pair or next((p for p in may_slip if nearly_adds_up(p[0], [p[1], change], [1, 1])), None)
    if pair is None and (len(pool) > 2 and not balance):
        return False
    pair = pair or (pairs[0] if _is_near(pairs[0], change) or _are_sides(pool, pairs[0], change) else None)
    if pair is None:
        return False
    if not passage.reading.add("difference", change, pair, [cue], rule="difference.left_over"):
        return False
    passage.reading.bound.update({(pair[0].start, change.start), (pair[0].start, pair[1].start)})
    return True


def _is_near(pair: tuple[Item, Item], change: Item) -> bool:
    """Whether the two lie about as far apart as is printed: further off it is no misprint, but another figure's."""
    one, other, printed = (i.amount for i in (*pair, change))
    return are_near(one - other, printed, Fraction(3, 2))


def _are_sides(pool: Sequence[Item], pair: tuple[Item, Item], change: Item) -> bool:
    """Whether the only two figures are told to be what came and what went of the balance: 收入 and 支出.

    More spent than came in, and yet something left: there is another source.
    """
    one, other = (i.amount for i in pair)
    if len(pool) != 2 or one <= other:
        return False
    words = [item.label for item in pool]
    return any(
        balance.search(change.label) and sum(1 for word in words if minuend.search(word)) == 1
        for balance, minuend in _MINUENDS
    )


def _head(before: Sequence[Item], taken: Item, change: Item) -> Item | None:
    """受理18,642件，其中…；審結17,268件，未結1,374件: what heads the sentence, where all but a slip agrees."""
    head = before[0]
    if head.group == change.group or head.depth or is_increment(head):
        return None
    agrees = adds_up(head, [taken, change], [1, 1]) or nearly_adds_up(head, [taken, change], [1, 1], _LEAST_HEAD)
    return head if agrees else None


#: A figure of fewer last places than this is a slip from many a sum.
_LEAST_HEAD = 1000


def _add_stock(passage: Passage, whole: Item, parts: Sequence[Item], cue: Span) -> None:
    if passage.reading.add("stock_identity", whole, parts, [cue], rule="stock.left_over"):
        passage.reading.bound.update((whole.start, part.start) for part in parts)


#: What is taken from what, by the word for the balance.
_MINUENDS = balances()


def _larger_first(passage: Passage, change: Item, pair: tuple[Item, Item]) -> tuple[Item, Item]:
    for balance, minuend in _MINUENDS:
        if balance.search(change.label):
            if minuend.search(pair[1].label) and not minuend.search(pair[0].label):
                return pair[1], pair[0]
            if minuend.search(pair[0].label) and not minuend.search(pair[1].label):
                return pair
    one, other = pair
    value = one.amount
    return pair if value >= other.amount else (other, one)


_YESTERDAY = cues("time", "yesterday")


def _earlier_after(passage: Passage, change: Item) -> bool:
    """水位18.5米，比昨日上漲0.3米，昨日18.2米: level, change, then the earlier level."""
    if change.gap != "、" and not _POINTS_OR_MOVED.search(change.label):
        return False
    run = _joined_changes(passage, change)
    first, last = run[0].index, run[-1].index
    if first < len(run) or last + len(run) >= len(passage.items) or not _POINTS_OR_MOVED.search(run[0].label):
        return False
    level, old = passage.items[change.index - len(run)], passage.items[change.index + len(run)]
    if not is_of_one_time(run[0], passage.items[last + 1]):
        return False
    if len(run) > 1:
        return _earlier_list_after(passage, run, change, level, old)
    if level.role == "quantity":
        level = without_parts(passage, [i for i in passage.items[: change.index] if alike(i, level)], change)[-1]
    same = alike(level, old) and (alike(level, change) or (change.role == "points" and level.role == "rate"))
    bracketed = old.opened >= change.end and old.depth == level.depth + 1
    if not same or not SAME_TIME_BEFORE.search(old.label) or is_increment(old):
        return False
    if old.group != level.group and not (change.group == level.group and is_only_time(old, change)):
        return False
    if level.depth != old.depth and not bracketed:
        return False
    if EARLIER.search(level.label) and not _YESTERDAY.match(level.label):
        return False
    down = bool(_DOWN.search(change.label))
    if change.role == "points":
        sign = {"sign": "-1" if down else "1"}
        cue = cue_before(passage, _POINTS, change)
        return passage.reading.add(
            "pp_change", change, [level, old], [cue], parameters=sign, rule="points.earlier_after"
        )
    pair = [old, level] if down else [level, old]
    cue = cue_before(passage, _MOVED, change)
    return passage.reading.add("difference", change, pair, [cue], rule="difference.earlier_after")


def _joined_changes(passage: Passage, change: Item) -> list[Item]:
    """The changes told in one list with this one: 減少22起、17人."""
    items = passage.items
    first = last = change.index
    while first and items[first].gap == "、":
        first -= 1
    while last + 1 < len(items) and items[last + 1].gap == "、":
        last += 1
    return items[first : last + 1]


def _earlier_list_after(passage: Passage, run: Sequence[Item], change: Item, level: Item, old: Item) -> bool:
    """事故118起、死亡94人，分別減少22起、17人；去年同期為140起、111人: as many levels, changes and earlier levels."""
    start = run[0].index
    olds = passage.items[run[-1].index + 1 : run[-1].index + 1 + len(run)]
    levels = passage.items[start - len(run) : start]
    same = all(alike(one, moved) and alike(moved, other) for one, moved, other in zip(levels, run, olds, strict=True))
    told = SAME_TIME_BEFORE.search(olds[0].label) and (olds[0].group == run[-1].group or is_only_time(olds[0], run[-1]))
    if not same or not told or any(EARLIER.search(i.label) for i in levels):
        return False
    if any(i.gap[:1] != "、" for i in olds[1:]) or levels[0].group != run[0].group:
        return False
    pair = [old, level] if _DOWN.search(run[0].label) else [level, old]
    cue = cue_before(passage, _MOVED, run[0])
    return passage.reading.add("difference", change, pair, [cue], rule="difference.earlier_after")


_POINTS_OR_MOVED = worded(r"<pp_change.moved>|<difference.moved>|涨|跌")


_OF_POPULATION = worded(r"<difference.population_shrinks>|<difference.population_grows>")
_SHRINKS = cues("difference", "population_shrinks")


def _vital_balance(passage: Passage, change: Item) -> bool:
    """出生人口902萬人，死亡人口1110萬人，人口減少208萬人."""
    births = next((i for i in passage.items[: change.index] if "出生" in i.label and alike(i, change)), None)
    deaths = next((i for i in passage.items[: change.index] if "死亡" in i.label and alike(i, change)), None)
    if births is None or deaths is None or not _OF_POPULATION.search(change.label):
        return False
    pair = [deaths, births] if _SHRINKS.search(change.label) else [births, deaths]
    cue = cue_before(passage, _MOVED, change)
    return passage.reading.add("difference", change, pair, [cue], rule="difference.vital")


def _against_sentence_before(passage: Passage, change: Item, before: Sequence[Item]) -> None:
    """比初步核算數增加33690億元, where the earlier figure stands in the sentence before."""
    compared = _COMPARED.search(change.label)
    if compared is None or not before or passage.index == 0:
        return
    noun = compared.group(1)
    if len(noun) < 3 or _EARLIER.search(noun):
        return
    level = before[-1]
    previous = passage.reading.passages[passage.index - 1]
    matching = [i for i in previous.items if alike(i, level) and similarity(noun.rstrip("数额值"), previous.text) >= 1]
    if len(matching) == 1 and level.index == change.index - 1:
        old = matching[0]
        passage.reading.add(
            "difference", change, [old, level] if _DOWN.search(change.label) else [level, old],
            [cue_before(passage, _COMPARED, change)], rule="difference.against_earlier",
        )  # fmt: skip
