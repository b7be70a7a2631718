"""Slots to indicator phrases: each figure gets its own words, and those it shares with its neighbours.

A paragraph is read left to right. A phrase that names a thing of its own becomes the topic; one that does not
(已復工, 同比增長, 復工率) is joined to the topic. Items of a list share the head of the first (新增,
日均清運) and, where they name no measure, the measure that the same unit last had (鋼產量…; 原煤｜產量…).
Places listed under a topic qualify it: 新增確診(鄭州市).
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from flows.place.beside import aged, is_a, opens_part, own_words, side
from flows.place.clauses import Slot
from flows.place.entities import (
    is_place_item,
    organisation_length,
    own_length,
    place_length,
    trailing_place,
)
from flows.place.frames import (
    AGES,
    KINDS,
    MODIFIER,
    PERSON_NOUN,
    PERSONS,
    Frame,
    Memory,
    Reading,
    inherited,
    list_head,
    modified,
    paired,
    scoped,
    set_topic,
    shared_head,
    thing_measured,
    verbs_object,
    with_measure,
)
from flows.place.neighbours import borrow_forward, share_noun, share_tail
from flows.place.phrases import (
    EMPTY,
    Phrase,
    growth_length,
    head_length,
    holds_verb,
    is_attribute,
    is_dependent,
    left_phrase,
    measure_length,
    right_phrase,
    subject_phrase,
)
from flows.place.respective import respective
from flows.place.words import MASK_NUMERAL
from flows.record import Figure
from flows.record.wording import worded

#: 患者包括51｜男67｜女
_SEXES = frozenset(("男", "女", "男性", "女性"))
_PART_AHEAD = re.compile(r"(?:其中|当中)[\s“”\"]*\Z")
#: 新增出院病例为｜宜春市1例: the thing counted, and the place that it is said of.
_SAID_OF = re.compile(r"[均都全]?(?:部?为|分布在|位于)|(?<!可)以")
#: …以滨海市12例｜最多: what is said of the place behind its number.
_THE_MOST = re.compile(r"最[多高大少低]|居[首多]|为[最多]")
#: 一次性｜增加, 每年再｜减少: adverbs of a change that say nothing of what changes.
_ADVERBS = worded("<change.no_subject>*")
#: What leads from a place to what is counted there.
_OPENS_AGAIN = worded(r"<count.today>*(?:又|共?有(?![色效机关线限劳])|的)*")
_CAME_FROM = re.compile(r"来自|来源于")
_SCOPE = re.compile(r"(?:其中|在)?[:,，]?(.{2,40}?)(?:当)?中[“”\" ]*\Z")
#: 从性别看，女性占四成: the side that the list looks at.
_SEEN_FROM = re.compile(r"\s*从([^从]{2,10}?)(?:来|上)?看")
_LAST_WORD = re.compile(r"\s(\S+)\s*\Z")
_COUNT_ONLY = worded("<count.stage>")
_IS_MADE_OF = re.compile(r"[\s,，]*(?:分别)?为\s*")
_ASPECT_DONE = re.compile(r"已|正在")
_SPAN_OF_YEARS = re.compile(r"(\x03{2,4})(?:来|间|中|内|里)")
_AMONG = re.compile(r"(?<![初高集其期空途])(?:当)?中\Z")
_THOSE = worded("(?:确诊)?<case.ill>")
_THOSE_AT_END = worded(r"(?:确诊)?<case.ill>?\Z")
_ORGANISED = worded("<organisation.does>|第|向|对|已|共")


def read_phrases(masked: str, slots: Sequence[Slot], memory: Memory) -> list[Reading]:
    """A reading for each slot of a paragraph, in order; `memory` is taken up and left for the next paragraph."""
    frames = [memory.frame]
    frames[0].sentence = -1
    by_slot: dict[int, Reading] = {}
    readings: list[Reading] = []
    given, back = respective(masked, slots)
    for index, slot in enumerate(slots):
        while len(frames) > slot.level + 1 or (slot.level and frames[-1].bracket not in (-1, slot.outer_end)):
            frames.pop()
        while len(frames) <= slot.level:
            owner = by_slot.get(id(slot.owner)) if slot.owner is not None else None
            frames.append(_bracket_frame(masked, slot, frames[-1], owner))
        frame = frames[slot.level]
        if slot.sentence != frame.sentence:
            frame.sentence, frame.head, frame.prefix, frame.in_part = slot.sentence, EMPTY, EMPTY, False
            frame.years = frame.scope = EMPTY
            frame.scope_figure = None
            frame.measures.clear()
        if slot.opener not in "、=":
            _take_scope(masked, slots, index, frame, memory)
            _take_years(masked, slot, frame)
        own = given.get(index)
        if index in back:
            named = readings[back[index][0]].phrase
            own = named.head(len(named.text) - growth_length(named.text)).joined(back[index][1])
        reading = _read(masked, slot, frame, own, is_whole=index in back)
        reading.whole = frame.scope_figure
        _refer_back(slot, reading, frame, memory)
        readings.append(reading)
        by_slot[id(slot)] = reading
        if not memory.recent or memory.recent[-1][0] != reading.phrase:
            memory.recent = [*memory.recent[-7:], (reading.phrase, slot.figure)]
    share_noun(masked, slots, readings)
    borrow_forward(slots, readings)
    share_tail(slots, readings)
    return readings


def _refer_back(slot: Slot, reading: Reading, frame: Frame, memory: Memory) -> None:
    """新增死亡47例。…47位患者均…: the same number of patients are those that were counted before."""
    figure, words = slot.figure, reading.phrase.text
    if figure.unit not in PERSONS or reading.qualifier.text or not words:
        return
    match = None if reading.continues else _THOSE.match(words)
    value = None if figure.value is None else figure.value.as_integer_ratio()  # told apart faster than fractions
    before = memory.counted.get(value)
    if match is None:
        memory.counted[value] = reading.phrase
    elif before is not None:
        noun = _THOSE_AT_END.search(before.text)
        reading.phrase = before.head(noun.start() if noun else len(before.text)).joined(reading.phrase)
        if frame.scope.text == words:
            frame.scope = reading.phrase
        if frame.topic.text == words:
            frame.topic = frame.last = frame.topics[figure.unit] = reading.phrase


def _bracket_frame(masked: str, slot: Slot, outer: Frame, owner: Reading | None) -> Frame:
    """The frame inside a bracket: its topic is the figure before it, or the words before it."""
    words = left_phrase(masked, slot.outer_start, slot.outer_end)
    if not words.text:
        topic = owner.phrase if owner and not owner.is_joined else outer.topic
        return Frame(topic=topic, unit=outer.unit, sentence=slot.sentence, bracket=slot.outer_end)
    opened = _verb_start(words.text) if slot.owner is not None else 0
    return Frame(
        outer=words if slot.owner is None else EMPTY,
        named=outer.topics,
        topic=words.after(opened),
        unit=outer.unit,
        sentence=slot.sentence,
        qualifies=True,
        bracket=slot.outer_end,
    )


@lru_cache(maxsize=1024)
def _verb_start(words: str) -> int:
    """Where the last verb of `words` begins; 0 where none does."""
    for at in range(len(words) - 3, 1, -1):
        if head_length(words[at:]):
            return at
    return 0


def _read(masked: str, slot: Slot, frame: Frame, given: Phrase | None, *, is_whole: bool = False) -> Reading:
    reading = Reading()
    own = given if given is not None else own_words(masked, slot)
    right = right_phrase(masked, slot.right_start, slot.right_end)
    if not right.text and not own.text and (told := is_a(masked, slot)).text:
        if frame.topic.text and slot.figure.unit and slot.figure.unit == frame.topic_unit:
            return _told_to_be(frame, told, slot)
        right = told
    after = right.spans[-1][1] if right.text else slot.right_start
    may_be_among = right.text[-1:] == "中" and masked.startswith(("，", ",", ":"), after)
    among = _AMONG.search(right.text) if may_be_among else None
    if among:
        right = right.head(among.start())  # 78例病例中，…: those among whom the next are told apart
    reading.right_text = right.text
    reading.side = side(masked, slot)
    reading.continues = slot.opener in "、="
    is_part = opens_part(masked, slot.left_start, slot.left_end) or (
        slot.opener == ":" and _PART_AHEAD.search(masked, slot.loose_start, slot.loose_end) is not None
    )
    reading.continues = reading.continues or is_part
    frame.in_part = is_part or (frame.in_part and slot.opener in "、=,，)")
    if not slot.figure.unit and own.text and slot.opener != "、":
        own = _row_item(masked, slot, frame, own)
    if right.text and _THE_MOST.fullmatch(right.text) and slot.figure.unit in PERSONS:
        right = EMPTY
    if not right.text:
        own = _said_of(frame, own, slot.figure.unit)
    if not frame.in_part:
        frame.whole = EMPTY
    elif is_part and frame.last.text:
        frame.whole = frame.last
    if own.text and is_place_item(own.text):
        reading.entity, reading.is_own_place = own, own_length(own.text) > 0
        reading.is_item = "、" in own.text
        topic = frame.whole if frame.whole.text else frame.topics.get(slot.figure.unit, frame.topic)
        if not right.text and topic.text and not reading.is_own_place:
            reading.phrase, reading.qualifier, reading.is_item = topic, own, True
            frame.listed = slot.figure.unit
            return reading
        own = EMPTY
    elif not right.text and _is_item_beside(slot, frame, own, is_part=is_part):
        came = _CAME_FROM.match(own.text)
        reading.entity, reading.is_item = own.after(came.end()) if came else own, True
        topic = frame.whole if frame.whole.text else frame.topics.get(slot.figure.unit, frame.topic)
        reading.phrase, reading.qualifier = topic, own
        return reading
    else:
        cut = subject_phrase(masked, slot.left_start, slot.left_end, own)
        if cut.text:
            _without_subject(cut, reading, has_more=True)
        own = _without_subject(own, reading, has_more=bool(right.text))

    if right.text in _SEXES and (PERSON_NOUN.search(own.text) or frame.is_broken_down):
        if own.text:
            set_topic(frame, own, own, EMPTY, slot)
        reading.phrase, reading.qualifier, frame.is_broken_down = frame.topic, right, True
        frame.last = EMPTY
        return reading
    takes_right = bool(right.text) and _takes_right(masked, slot, own)
    if not takes_right and (twin := paired(frame, own, slot)).text:
        own = twin
    if own.text and not takes_right and frame.topic.text and MODIFIER.fullmatch(own.text):
        reading.phrase = modified(frame.topic, own)
        return reading
    told_apart = EMPTY if given is not None else scoped(frame, own, right if takes_right else EMPTY, slot.figure.unit)
    if told_apart.text:
        reading.phrase, reading.qualifier = frame.topic, told_apart
        frame.last = EMPTY
        return reading
    if takes_right and not own.text and frame.bracket >= 0 and is_dependent(right.text):
        own, takes_right = right, False  # 泰国4例(2例已治愈)
    if frame.qualifies and own.text and not takes_right and not is_dependent(own.text):
        reading.phrase, reading.qualifier = frame.topic, own
        return reading
    if not own.text and not takes_right and slot.opener == "(" and _is_place_before(frame, slot, reading):
        return reading
    if not own.text and not takes_right and slot.opener in "、=" and frame.last.text:
        reading.phrase = frame.last
        reading.is_age = frame.last.text.endswith("年龄") and slot.figure.unit in AGES
        return reading
    if takes_right and not own.text and _is_breakdown(masked, slot, frame, right):
        reading.phrase, reading.qualifier = frame.topic, right
        frame.last = EMPTY
        frame.is_broken_down = True
        return reading
    frame.is_broken_down = False
    if is_whole:  # …，分别增长5%、6%: named by the figure that it answers to
        phrase, prefix = own, EMPTY
    elif is_dependent(own.text) and takes_right:
        phrase, prefix = own.joined(right), shared_head(frame, own, slot, right)
    elif not takes_right and (thing := thing_measured(frame, own)).text:
        phrase, prefix = own, thing
    elif is_dependent(own.text):
        prefix = inherited(masked, slot, frame, own)
        phrase, reading.is_joined = own, _ASPECT_DONE.match(own.text) is not None
        if _COUNT_ONLY.fullmatch(own.text) and prefix.text:
            phrase, prefix = own.joined(prefix.after(head_length(prefix.text))), EMPTY
        elif not prefix.text and (thing := verbs_object(frame, own, slot)).text:
            phrase = own.joined(thing)
    else:
        if takes_right:
            own = own.joined(right)
        phrase, prefix = own, list_head(frame, own, slot)
        phrase = with_measure(frame, phrase, slot, bool(right.text))
    whole = prefix.joined(phrase)
    if among:
        frame.scope = whole
    is_alone = not prefix.text and is_attribute(phrase.text)
    if (
        is_alone
        or not is_dependent(phrase.text)
        or (not own.text and not takes_right and whole.text != frame.topic.text)
    ):
        set_topic(frame, whole, phrase, prefix, slot)
    frame.prefix = prefix
    frame.unit = slot.figure.unit or frame.unit
    if frame.years.text and growth_length(whole.text):
        whole = frame.years.joined(whole)
    if not own.text and not right.text and slot.figure.unit == "歲" and masked[slot.right_start] != "的":
        whole = aged(masked, slot)
        reading.is_age = bool(whole.text)
    elif own.text == "年龄" and slot.figure.unit in AGES:
        reading.is_age = True
    frame.last = reading.phrase = whole
    return reading


def _told_to_be(frame: Frame, told: Phrase, slot: Slot) -> Reading:
    """新增病例9例，其中2例｜为密切接触者: a part of the topic, which stays what it is."""
    frame.last, frame.unit = EMPTY, slot.figure.unit
    return Reading(
        phrase=frame.topic, qualifier=told, right_text=told.text, continues=frame.in_part or slot.opener in "、="
    )


def _row_item(masked: str, slot: Slot, frame: Frame, own: Phrase) -> Phrase:
    """在院治疗确诊病例 加拿大 4 美国 4: a heading and the first place of the row of counts below it."""
    match = _LAST_WORD.search(masked, slot.left_start, slot.left_end)
    if match is None or not is_place_item(match[1]):
        return own
    frame.topic = left_phrase(masked, slot.left_start, match.start())
    return Phrase(match[1], (match.span(1),))


def _is_place_before(frame: Frame, slot: Slot, reading: Reading) -> bool:
    """个案以新北市(262例)为多: the place before the bracket is what its figure counts in."""
    length = trailing_place(frame.outer.text)
    named = frame.named.get(slot.figure.unit)
    if not length or named is None:
        return False
    reading.phrase, reading.qualifier, reading.is_item = named, frame.outer.tail(length), True
    reading.entity = reading.qualifier
    return True


def _is_breakdown(masked: str, slot: Slot, frame: Frame, right: Phrase) -> bool:
    """新增病例874例，为423例男性、451例女性: short words after the number that only tell kinds of the topic
    apart.
    """
    if not frame.topic.text or len(right.text) > 4 or frame.unit != slot.figure.unit or not slot.figure.unit:
        return False
    if slot.opener == "、":
        return frame.is_broken_down
    return _IS_MADE_OF.fullmatch(masked, slot.left_start, slot.left_end) is not None


def _take_years(masked: str, slot: Slot, frame: Frame) -> None:
    """这两年中，…增长: the span of years that a growth covers is part of what it measures."""
    start = slot.loose_start if slot.loose_start >= 0 else slot.left_start
    end = min(slot.left_end, start + 24)
    match = _SPAN_OF_YEARS.search(masked, start, end) if masked.find(MASK_NUMERAL, start, end) >= 0 else None
    if match:
        frame.years = Phrase(match[1], (match.span(1),))


def _takes_right(masked: str, slot: Slot, own: Phrase) -> bool:
    """Whether the words after the number belong to it: not where those before it already name a measure or a
    change.
    """
    grown = growth_length(own.text)
    if grown:  # 一次性增加6万亿元｜地方专项债务限额
        is_bare = _ADVERBS.fullmatch(own.text, 0, len(own.text) - grown) is not None
        return is_bare and slot.figure.cls == "quantity" and slot.opener not in (",", "，", "、", "=")
    if not measure_length(own.text):
        return True
    return slot.figure.cls == "percent" and masked[slot.right_start] != "的"


def _said_of(frame: Frame, own: Phrase, unit: str) -> Phrase:
    """新增出院病例为｜宜春市1例: the place alone, what is said of it the topic; other words as they are."""
    match = (
        _SAID_OF.search(own.text, 2)
        if "以" in own.text or "为" in own.text or "在" in own.text or "于" in own.text
        else None
    )
    if match is None or not is_place_item(own.text[match.end() :]):
        return own
    frame.topic = frame.topics[unit] = own.head(match.start())
    return own.after(match.end())


def _is_item_beside(slot: Slot, frame: Frame, own: Phrase, *, is_part: bool) -> bool:
    """Whether short words are an item of a list of places unknown to us (…、宁东管委会1例; 其中地坛医院1例)."""
    text = own.text
    if not (0 < len(text) <= 10 and slot.figure.unit in PERSONS and (frame.topic.text or frame.whole.text)):
        return False
    if KINDS.fullmatch(text) or PERSON_NOUN.search(text) or MODIFIER.search(text):
        return False
    if is_dependent(text) or holds_verb(text) or measure_length(text):
        return False
    if is_part:
        return organisation_length(text) == len(text)
    return slot.opener in "、,，" and frame.listed == slot.figure.unit and not head_length(text)


def _take_scope(masked: str, slots: Sequence[Slot], index: int, frame: Frame, memory: Memory) -> None:
    """新增确诊病例中，…: the clause before names the topic of the list."""
    slot = slots[index]
    if slot.loose_start < 0:
        return
    if seen := _SEEN_FROM.fullmatch(masked, slot.loose_start, slot.loose_end):
        frame.topic = left_phrase(masked, *seen.span(1))
        frame.topics.clear()
        return
    if not masked[slot.loose_start : slot.loose_end].rstrip('“”" ').endswith("中"):
        return
    match = _SCOPE.search(masked, slot.loose_start, slot.loose_end)
    if not match:
        return
    named = left_phrase(masked, match.start(1), match.end(1))
    named = named.after(own_length(named.text))
    if not named.text:
        return
    told = [(phrase, figure) for phrase, figure in reversed(memory.recent) if phrase.text.endswith(named.text)]
    if told:
        named, frame.scope_figure = _whole_of(told, slots, index)
        frame.scope = named
    else:
        frame.scope = named if PERSON_NOUN.search(named.text) else EMPTY
    frame.topic = named
    frame.topics.clear()


def _whole_of(told: Sequence[tuple[Phrase, Figure]], slots: Sequence[Slot], index: int) -> tuple[Phrase, Figure]:
    """Which of the totals told so far, the latest first, the list from `index` on breaks down: the one that its
    items add up to, else the latest that none of them exceeds.
    """
    if len(told) == 1:
        return told[0]
    first = slots[index]
    listed = [first.figure.value or Fraction(0)]
    for slot in slots[index + 1 :]:
        if slot.sentence != first.sentence or slot.level != first.level or slot.figure.unit != first.figure.unit:
            break
        if slot.opener not in "、=,，":
            break
        listed.append(slot.figure.value or Fraction(0))
    total, most = sum(listed), max(listed)
    for phrase, figure in told:
        if figure.value == total:
            return phrase, figure
    return next((pair for pair in told if pair[1].value is not None and pair[1].value >= most), told[0])


def _without_subject(own: Phrase, reading: Reading, *, has_more: bool) -> Phrase:
    """The phrase without the place or the organisation it opens with, which go to the reading."""
    length = own_length(own.text)
    if length:
        reading.is_own_place = True
        if own.text.startswith("的", length):
            length += 1
    else:
        length = place_length(own.text)
    if length and length < len(own.text) and own.text[length] not in "的内外等第":
        reading.entity, reading.is_item = own.head(length), "、" in own.text[:length]
        if len(own.text) - length > 2 or has_more or is_dependent(own.text[length:]):
            own = own.after(length)  # 全国人口 stays whole
            own = own.after(_OPENS_AGAIN.match(own.text).end())  # type: ignore[union-attr]  # 全市｜有幼儿园
    length = organisation_length(own.text)
    if length:
        rest = own.text[length:]
        if _ORGANISED.match(rest) if rest else has_more:
            reading.entity, reading.is_own_place = reading.entity.joined(own.head(length)), False
            return own.after(length) if rest else own
    return own
