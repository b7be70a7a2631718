"""Lists told apart at their end: A、B和C分别为x、y、z, and …，分别增长x、y、z after as many figures."""

import re
from collections.abc import Sequence

from flows.place.clauses import Slot
from flows.place.phrases import Phrase, growth_length, is_dependent, left_phrase, measure_length, pair_length

_RESPECTIVELY = re.compile(r"(年均|月均|日均)?(?:分别|依次)")
_SEPARATOR = re.compile(r"、|以及|和(?![平谐解])|及(?![格时])|与(?!会)")
_COMMA = re.compile("、")


def respective(masked: str, slots: Sequence[Slot]) -> tuple[dict[int, Phrase], dict[int, tuple[int, Phrase]]]:
    """A、B和C分别为x、y、z: the own words of each figure of such a list, by slot index.

    Where the words name no list (…，分别增长5%、6%), the figures answer to as many just before: the second
    result gives the index of the one answered to and the words of change.
    """
    given: dict[int, Phrase] = {}
    back: dict[int, tuple[int, Phrase]] = {}
    for index, slot in enumerate(slots):
        match = _RESPECTIVELY.search(masked, max(slot.left_start, slot.left_end - 12), slot.left_end)
        if not match:
            continue
        last = index
        while last + 1 < len(slots) and _is_bare_item(masked, slots[last + 1], slot):
            last += 1
        count = last - index + 1
        if count < 2:
            continue
        names = _named_items(masked, slot.left_start, match.start(), count)
        tail = left_phrase(masked, match.end(), slot.left_end)
        if match[1]:
            tail = Phrase(match[1], (match.span(1),)).joined(tail)
        if len(names) == count:
            for offset, name in enumerate(names):
                given[index + offset] = name.joined(tail)
        elif not _names_nothing(masked, slot.left_start, match.start()):
            continue  # 城乡居民收入分别增长7%、8%: not the two told before
        elif index >= count and growth_length(tail.text) and slots[index - count].sentence == slot.sentence:
            for offset in range(count):
                back[index + offset] = (index - count + offset, tail)
    return given, back


def _names_nothing(masked: str, start: int, end: int) -> bool:
    words = left_phrase(masked, start, end).text
    return not words or is_dependent(words)


def _is_bare_item(masked: str, slot: Slot, first: Slot) -> bool:
    if slot.level != first.level or slot.sentence != first.sentence or slot.opener not in "、=,，":
        return False
    return not masked[slot.left_start : slot.left_end].strip(" ,，和及")


def _named_items(masked: str, start: int, end: int, count: int) -> list[Phrase]:
    """The `count` items of a list of names, each with the measure noun that the last one names for all."""
    items: list[Phrase] = []
    for separator in (_SEPARATOR, _COMMA):
        bounds = [start]
        for match in separator.finditer(masked, start, end):
            bounds.extend(match.span())
        bounds.append(end)
        items = [left_phrase(masked, a, b) for a, b in zip(bounds[::2], bounds[1::2], strict=True)]
        items = [item for item in items if item.text]
        if len(items) == count:
            break
    if len(items) != count:
        return []
    shared = pair_length(items[-1].text)
    if 0 < shared < len(items[-1].text) and all(pair_length(item.text) == len(item.text) for item in items[:-1]):
        return [*(item.joined(items[-1].after(shared)) for item in items[:-1]), items[-1]]  # 城镇和农村｜居民收入
    length = measure_length(items[-1].text)
    if length and length < len(items[-1].text):
        tail = items[-1].tail(length)
        items = [item if measure_length(item.text) else item.joined(tail) for item in items[:-1]] + items[-1:]
    return items
