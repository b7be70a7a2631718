"""What stands right beside one figure: its own words, what it is told to be, the end of a span that it is, the person
whose age it tells.
"""

import re

from flows.place.clauses import Slot
from flows.place.phrases import EMPTY, Phrase, left_phrase, right_phrase
from flows.record.wording import worded

#: 为预算的｜101%, 相当于年初的｜3倍
_SHARE_OF = re.compile(r"(?:\A|(?<![\u4e00-\u9fff]))((?:为|相当于)[^\x01\x03,，]{1,12})的(?:近|约)?\Z")
_RESTORED = re.compile(r"(恢复)[到至][^,，]{2,14}\Z")
_BEING = re.compile(r"(?:均|都|全部)?(?:为|是|系|属于?)(?=[\u4e00-\u9fff]{2})")
#: What ends the words that describe a person, 病例1 and 男 of 病例1，男，23岁, and how long the two are at most.
_PERSON_ENDS = frozenset("，,。:;；、()")
_LONGEST_NAME, _LONGEST_SEX = 10, 6
_OPENS_PART = worded(r"[\s“”\"]*<count.part>")
_PART_FIRST = tuple('“”"其含包当')
_FROM = re.compile(r"[由从](?:[\x01\x03去上年的末底]*)\Z")
_FROM_ENDS = frozenset("由从\x01\x03去上年的末底")
_TO = re.compile(r"(?:到|至|为)[\x01的约]*\Z")


def own_words(masked: str, slot: Slot) -> Phrase:
    """The words on the left; of a share those that say what it is a share of (为｜预算｜的101%)."""
    if slot.figure.cls == "percent":
        words = masked[slot.left_start : slot.left_end]
        match = _SHARE_OF.search(masked, slot.left_start, slot.left_end) if "的" in words[-3:] else None
        if match is None and "恢复" in words:
            match = _RESTORED.search(masked, slot.left_start, slot.left_end)
        if match:
            return Phrase(match[1], (match.span(1),))
    return left_phrase(masked, slot.left_start, slot.left_end)


def is_a(masked: str, slot: Slot) -> Phrase:
    """新增个案中，111宗｜为本地个案: what the counted are, told behind the number."""
    match = _BEING.match(masked, slot.right_start, slot.right_end)
    return right_phrase(masked, match.end(), slot.right_end) if match else EMPTY


def opens_part(masked: str, start: int, end: int) -> bool:
    first = masked[start:end][:1]
    return (first in _PART_FIRST or first.isspace()) and _OPENS_PART.match(masked, start, end) is not None


def side(masked: str, slot: Slot) -> str:
    last = masked[slot.left_end - 1] if slot.left_end > slot.left_start else ""
    if last in _FROM_ENDS and _FROM.search(masked, max(slot.left_start, slot.left_end - 12), slot.left_end):
        return "from"
    return "to" if slot.opener == "=" and _TO.search(masked, slot.left_start, slot.left_end) else ""


def aged(masked: str, slot: Slot) -> Phrase:
    """病例1，男，23岁: an age without words is that of the person described in the clauses just before."""
    if masked.startswith(("以上", "以下", "及以"), slot.right_start):
        return EMPTY  # 65岁以上: those of an age, and nobody whose age it is
    end = slot.left_start - 1
    start = _word_start(masked, end, _LONGEST_SEX)
    if end < 0 or masked[end] not in "，," or start == end or any(char.isdigit() for char in masked[start:end]):
        return EMPTY
    name_end = start - 1
    name = _word_start(masked, name_end, _LONGEST_NAME) if start and masked[name_end] in "，,:" else name_end
    if name == name_end:
        return Phrase(masked[start:end], ((start, end),))
    return Phrase(masked[name:name_end] + masked[start:end], ((name, name_end), (start, end)))


def _word_start(masked: str, end: int, longest: int) -> int:
    """Where the word begins that ends at `end`, of at most `longest` characters; `end` where there is none."""
    start = end
    floor = max(0, end - longest)
    while start > floor and (char := masked[start - 1]) not in _PERSON_ENDS and not char.isspace():
        start -= 1
    return start
