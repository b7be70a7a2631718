"""Totals of what was told just before: the list that 分別 tells, the months that make a longer span.

一、二、三季度分別完成56.3億元、74.8億元和82.1億元，前三季度累計213.2億元; 1至8月…，9月…，1至9月累計….
"""

import re
from collections.abc import Sequence

from flows.relate.fits import adds_up, nearly_adds_up
from flows.relate.levels import cue_before, is_increment
from flows.relate.reading import Item, Passage, addable

#: Two numbers are a slip from many a total, three from fewer: so many last places a total must have.
_LEAST_PAIR, _LEAST_LIST = 1000, 30
#: Words of a total only where a list of so many times or things is told just before it.
_IN_ALL = re.compile(r"累计|前[一二两三四五六七八九十0-9]+个?[月季]|上半年|合[计为]?$")


def relate_spans(passage: Passage) -> None:
    """Totals of lists and of spans of months."""
    for total in passage.items[2:]:
        if total.role != "rate" and _IN_ALL.search(total.label):
            _total_of_list(passage, total)


_MONTHS = re.compile(r"(?:[0-9]|[一二三四五六七八九十])月(?!初)")


_MONTH_SPAN = re.compile(r"([0-9]+)(?:月份?)?(?:至|到|[-—–－~～])([0-9]+)月")
_ONE_MONTH = re.compile(r"(?<![0-9至到\-—–－~～])([0-9]+)月")


def _follow(parts: Sequence[Item], total: Item) -> bool:
    """1 to 8 and 9 make 1 to 9."""
    spans = [m for part in parts if (m := _MONTH_SPAN.search(part.clause))]
    months = [m for part in parts if not _MONTH_SPAN.search(part.clause) and (m := _ONE_MONTH.search(part.clause))]
    whole = _MONTH_SPAN.search(total.clause)
    if whole is None or len(spans) != 1 or len(months) != 1 or whole.group(1) != spans[0].group(1):
        return False
    return int(spans[0].group(2)) + 1 == int(months[0].group(1)) == int(whole.group(2))


def _is_of_months(item: Item) -> bool:
    return _MONTHS.search(item.clause) is not None


def _total_of_list(passage: Passage, total: Item) -> None:
    """一、二、三季度分別完成56.3億元、74.8億元和82.1億元，前三季度累計213.2億元: the list that 分別 tells."""
    first = last = total.index - 1
    items = passage.items
    if _total_of_so_many(passage, total):
        return
    while first and items[first].gap[:1] in "、和及与" and addable(items[first - 1], items[first]):
        first -= 1
    parts = items[first : last + 1]
    if len(parts) == 1 and first and _is_of_months(total) and addable(items[first - 1], total):
        parts = items[first - 1 : last + 1]  # 9月142.6萬人，1至8月1063.4萬人，1至9月累計1206.0萬人
        months = all(_is_of_months(p) and addable(p, total) and not is_increment(p) for p in parts)
        if months and (_follow(parts, total) or adds_up(total, parts, [1, 1])):
            _add(passage, total, parts, rule="sum.months")
        return
    if _CUMULATED.fullmatch(total.label) and len(parts) < 2:
        parts = _list_before(passage, total)
        if len(parts) > 2 and adds_up(total, parts, [1] * len(parts)) and total.digits > 2:
            _add(passage, total, parts, rule="sum.cumulated")
        return
    if len(parts) < 2 or "分别" not in parts[0].clause or not all(addable(total, p) for p in parts):
        return
    weights = [1] * len(parts)
    least = _LEAST_PAIR if len(parts) == 2 else _LEAST_LIST
    if adds_up(total, parts, weights) or nearly_adds_up(total, parts, weights, least):
        _add(passage, total, parts, rule="sum.list_before")


_CUMULATED = re.compile(r"累[计积](?:为|达)?")


def _list_before(passage: Passage, total: Item) -> list[Item]:
    """第一劑86.2萬劑，第二劑79.4萬劑，加強劑41.6萬劑，累計207.2萬劑: the figures right before it, in its part."""
    items = passage.items
    last = first = total.index - ("均" in items[total.index - 1].label)  # 年均137.7萬冊，累計413萬冊
    while first and addable(total, items[first - 1]) and items[first - 1].group == total.group:
        if is_increment(items[first - 1]) or items[first - 1].depth != total.depth:
            break
        first -= 1
    return list(items[first:last])


_SO_MANY = re.compile(r"([两二三四五六七八九十]|\d+)(?:个?[年月季周日天轮期批场次]|季度|个月)(?:累计|合计|共)")
_QUARTERS = re.compile(r"前([两二三])个?季度")


def _total_of_so_many(passage: Passage, total: Item) -> bool:
    """首年8.6億元，次年11.3億元，第三年9.7億元，三年累計28.6億元; of four quarters told with 分別 the first three."""
    quarters, so_many = _QUARTERS.search(total.label), _SO_MANY.search(total.label)
    told = quarters or so_many
    if told is None:
        return False
    count = int(told.group(1)) if told.group(1).isdigit() else "一二三四五六七八九十".find(told.group(1)) + 1 or 2
    end = total.index
    if quarters:
        lists = [i for i in passage.items[:end] if "季度" in i.clause and "分别" in i.clause]
        end = lists[0].index + count if lists else 0
    parts = passage.items[max(0, end - count) : end]
    if len(parts) != count or count < 2 or end > total.index or not all(addable(total, p) for p in parts):
        return False
    if any(is_increment(p) or p.group != total.group for p in parts):
        return False
    weights = [1] * count
    value = total.amount
    reckoned = sum(p.amount for p in parts)
    near = value > 0 and count > 2 and 4 * value <= 5 * reckoned and 4 * reckoned <= 5 * value
    if not (adds_up(total, parts, weights) or near or nearly_adds_up(total, parts, weights, _LEAST_PAIR)):
        return False
    _add(passage, total, parts, rule="sum.so_many")
    return True


def _add(passage: Passage, total: Item, parts: Sequence[Item], *, rule: str) -> None:
    if passage.reading.add("sum", total, parts, [cue_before(passage, _IN_ALL, total)], rule=rule):
        passage.reading.bound.update((total.start, part.start) for part in parts)
