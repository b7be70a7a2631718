"""What a figure takes over from those before it: the topic, the head of its list, the measure of its unit.

A frame holds what a paragraph, or a bracket in it, has named so far. It is set by each figure that names a
thing of its own, and read by those that do not.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from flows.place.clauses import Slot
from flows.place.phrases import (
    EMPTY,
    Phrase,
    growth_length,
    head_length,
    holds_verb,
    is_aspect,
    is_attribute,
    is_dependent,
    is_verbs_only,
    left_phrase,
    measure_length,
    measured_until,
    pair_length,
    state_length,
    thing_length,
    verb_end,
)
from flows.place.words import any_of, unit_kind
from flows.record import Figure
from flows.record.wording import worded

_COUNT_AT_END = worded(r"<count.stage>\Z")
#: 总市值, 管网费: words that end so are measures of their own.
_MEASURE_ENDS = frozenset("量额值费款金率比度价数益利")
#: 消防部门, 市医保局, 考古队; 用于
_SUBJECT = worded(r"(?:\w{0,8}?(?:<organisation.acts>|[局委署厅])|(?:主要)?用于)(?:共|已|累计)*")
_PLANNED = worded("<count.planned>")
_ASPECT_DONE = re.compile(r"已|正在")
_RATED = worded("<count.rate>|每|新增|累计")
_FROM = re.compile(r"[由从](?:[\x01\x03去上年的末底]*)\Z")
_CHANGED = worded(r"<change.how>*<change.verb>(?:较快|较多)?\Z")
#: Measures of one thing that follow each other: what the later says of it, and what the earlier said.
_MEASURED_ALIKE = (
    (
        worded(r"<crop.measure>|总?<crop.amount>"),
        worded(r"总?<crop.grown>*(?:<crop.measure>|<crop.amount>|(?<!增加)值)\Z"),
    ),
    (
        worded(r"<school.attends>(?:学生|生|幼儿)|<school.staff>|招生"),
        worded(r"(?:招生|<school.pupils>|<school.staff>)(?:数|人数|总数)?\Z"),
    ),
)
_STAFF = worded("<school.staff>")
_PERSONS = frozenset("例人名位戶口個只頭隻宗起家")
PERSONS = frozenset("例人名位")
AGES = frozenset(("歲", "個月"))
_LASTING = frozenset(("歲", "年", "個月", "天", "日", "小時", "分鐘"))
_COUNTED_FIRST = worded("<count.stage>|共有")
KINDS = worded("[男女](?:性|童|婴|患者|病例)?|<people.ages>")
PERSON_NOUN = worded(r"(?:<case.ill>|接触者|人员|人)\Z")
_ILL = worded(r"<case.ill>\Z")
#: Words that stand for a kind of cases by themselves: 其中本土138例.
MODIFIER = worded("<case.origin>")


@dataclass(slots=True)
class Reading:
    """What the words say of one figure: its phrase, the folded words of its entity, and how they stand there."""

    phrase: Phrase = EMPTY
    qualifier: Phrase = EMPTY  # a place of a list, set in brackets after the phrase
    entity: Phrase = EMPTY
    is_own_place: bool = False  # 全市, 我县
    right_text: str = ""
    is_joined: bool = False  # a phrase without a thing of its own, joined to the topic
    side: str = ""  # from, to: 由…增加到…
    continues: bool = False  # the subject is that of the figure before (=, 、, 其中)
    is_age: bool = False  # of one person: 病例1，男，23岁
    whole: Figure | None = None  # the total that this figure is told to be a part of
    is_item: bool = False  # the entity is this figure's alone, as a place of a list is


@dataclass(slots=True)
class Frame:
    topic: Phrase = EMPTY
    prefix: Phrase = EMPTY  # what the last figure took over, for the items that follow it
    head: Phrase = EMPTY
    unit: str = ""
    sentence: int = -1
    in_part: bool = False
    is_broken_down: bool = False  # the last figure was one kind of the topic: 为423例男性
    topic_unit: str = ""
    topic_sentence: int = -1
    scope: Phrase = EMPTY  # 新增病例中，…: what the figures of the sentence are parts of
    scope_figure: Figure | None = None  # and the figure that told how many those are
    topics: dict[str, Phrase] = field(default_factory=dict)  # unit to the last topic counted in it
    named: dict[str, Phrase] = field(default_factory=dict)  # the topics around the bracket of this frame
    outer: Phrase = EMPTY  # the words before the bracket of this frame
    qualifies: bool = False  # a bracket after words: its items qualify them
    bracket: int = -1  # where the bracket of this frame opens
    years: Phrase = EMPTY  # 这两年中: the span that a growth of the sentence covers
    last: Phrase = EMPTY
    whole: Phrase = EMPTY  # 死亡549例，其中：…: what the places that follow are parts of
    listed: str = "-"  # the unit of the last figure where that was counted in a place; - for none
    measures: dict[str, Phrase] = field(default_factory=dict)


@dataclass(slots=True)
class Memory:
    """What the words so far have named, kept while a list goes on from one paragraph to the next."""

    frame: Frame = field(default_factory=Frame)
    recent: list[tuple[Phrase, Figure]] = field(default_factory=list)
    counted: dict[tuple[int, int] | None, Phrase] = field(default_factory=dict)  # value to what was counted so


def list_head(frame: Frame, own: Phrase, slot: Slot) -> Phrase:
    """What an item of a list shares with those before it."""
    if frame.in_part and frame.topic.text:
        return _part_head(frame.topic, own)
    if not frame.head.text or head_length(own.text) or _RATED.search(own.text) or frame.sentence != slot.sentence:
        return EMPTY
    if slot.opener in "、)":
        return EMPTY if measure_length(own.text) and frame.unit != slot.figure.unit else frame.head
    same_unit = frame.unit == slot.figure.unit
    if slot.opener in ",，" and same_unit and not measure_length(own.text) and _RATED.match(frame.head.text):
        return frame.head
    return EMPTY


def _part_head(topic: Phrase, own: Phrase) -> Phrase:
    """解除医学观察无症状感染者, 其中本土无症状感染者: the part repeats the end of the whole and shares its
    beginning.
    """
    if holds_verb(own.text) or _COUNTED_FIRST.match(own.text):
        return EMPTY
    shared, limit = 0, min(len(topic.text), len(own.text))
    while shared < limit and topic.text[-1 - shared] == own.text[-1 - shared]:
        shared += 1
    if shared < 2 or shared == len(topic.text) or len(own.text) - shared == 1 or own.text.startswith(topic.text[:2]):
        return EMPTY  # 第二产业投资, 其中工业投资: 业 is half a word
    rest = len(topic.text) - shared
    tied = topic.text.rfind("的", 0, rest) + 1
    if tied:
        return topic.head(tied)
    return topic.head(rest if shared >= 3 else head_length(topic.text))


def with_measure(frame: Frame, phrase: Phrase, slot: Slot, has_right: bool) -> Phrase:
    """原煤由…吨增加到…吨: a thing without a measure takes the one its unit last had (钢｜产量)."""
    unit = slot.figure.unit
    length = measure_length(phrase.text)
    if length or growth_length(phrase.text) or has_right or not unit or unit in PERSONS or holds_verb(phrase.text[-2:]):
        return phrase
    known = frame.measures.get(unit)
    if known is None or len(phrase.text) > 8 or slot.opener == "、":
        return phrase
    if phrase.text[-1:] in _MEASURE_ENDS or phrase.text[:1] in "年月日每":
        return phrase
    return phrase.joined(known)


def inherited(masked: str, slot: Slot, frame: Frame, own: Phrase) -> Phrase:
    """What a phrase without a thing of its own refers to."""
    if slot.opener in "、=)" and frame.prefix.text:
        return frame.prefix
    loose = EMPTY
    if slot.loose_start >= 0:
        loose = left_phrase(masked, slot.loose_start, slot.loose_end)
    if loose.text and not own.text and _FROM.search(masked, slot.left_start, slot.left_end):
        return loose.head(len(loose.text) - _change_length(loose.text))  # 预算外资金大幅度增加，由371亿元…
    if own.text[:1] == "每" and (until := measured_until(loose.text)):
        return loose.head(until)
    if loose.text and own.text and (own.text[-2:] in loose.text or _tells_of(loose, own)):
        return loose
    if not own.text and not measure_length(loose.text):
        loose = EMPTY
    if slot.opener == "、" and own.text and frame.head.text and not growth_length(own.text):
        return EMPTY if head_length(own.text + "某") else frame.head
    if slot.figure.unit in _LASTING and growth_length(own.text) and slot.figure.unit in frame.topics:
        return frame.topics[slot.figure.unit]
    topic = frame.last if own.text.startswith(("占", "约占")) and frame.last.text else frame.topic
    if slot.figure.unit == "百分點" and own.text[:2] in ("高于", "低于", "超过", "高出") and frame.last.text:
        return frame.last.head(len(frame.last.text) - growth_length(frame.last.text))
    if frame.in_part and frame.last.text and growth_length(own.text) == len(own.text) > 0:
        topic = frame.last.head(len(frame.last.text) - growth_length(frame.last.text))
        return topic  # 其中税收8亿元，增长5%: the part grew
    if slot.figure.unit == "百分點" and growth_length(own.text) and frame.unit in ("%", "百分點"):
        topic = frame.last  # 占产值的33.9%，比上年提高3个百分点: the share rose
        return topic.head(len(topic.text) - growth_length(topic.text)) if "速" not in own.text else frame.topic
    if state_length(own.text) and not _counts_persons(frame.topic_unit):
        topic = frame.topics.get(slot.figure.unit, EMPTY)  # 平均住院天数10天。死亡1例: not the days are dead
    if not topic.text:
        return loose
    if own.text in topic.text and len(own.text) > 1:
        return EMPTY
    if topic.text.endswith("接触者") and _ILL.search(own.text):
        return EMPTY  # 密切接触者50人。出院病例2例: those who met the ill are none of them
    if own.text.endswith("率") and (own.text[:2] in topic.text or topic.text.endswith("率")):
        return EMPTY
    if frame.bracket < 0 and is_verbs_only(own.text):
        if (
            not _COUNTED_FIRST.match(own.text)
            and _done_with(topic, frame, slot)
            and not verbs_object(frame, own, slot).text
        ):
            return topic.head(thing_length(topic.text))  # 改造任务120户，竣工65户
        return topic if slot.opener == "=" and slot.figure.unit in (frame.unit, "%") else EMPTY
    if is_attribute(own.text) and slot.opener not in ("、", "=", ",", "，"):
        return EMPTY
    if is_attribute(own.text) or own.text[:1] == "每":
        length = thing_length(topic.text)
        is_side = length == len(topic.text) and unit_kind(frame.topic_unit) in ("physical", "percent")
        return EMPTY if is_side else topic.head(length)  # 坝顶长680米，总库容…: one side says nothing of the other
    is_last = frame.unit == slot.figure.unit and (frame.topic_unit or frame.unit) != frame.unit
    if is_last and frame.last.text and is_aspect(own.text):
        return frame.last.head(len(frame.last.text) - growth_length(frame.last.text))
    ended = state_length(topic.text)
    if ended and state_length(own.text):
        topic = topic.head(len(topic.text) - ended)
        match = _COUNT_AT_END.search(topic.text)
        if match and match.start():
            topic = topic.head(match.start())
        elif topic.text == "现有":
            return EMPTY  # 现有重症57例，死亡2例: the dead are none of those there are now
    if _ASPECT_DONE.match(own.text):
        match = _PLANNED.match(topic.text)
        if match:
            topic = topic.after(match.end())
    return topic


def _tells_of(loose: Phrase, own: Phrase) -> bool:
    """产品的成本，上年上升5%: a change of the measure that the clause just before names."""
    return growth_length(own.text) == len(own.text) and measure_length(loose.text) > 0


def thing_measured(frame: Frame, own: Phrase) -> Phrase:
    """果蔬｜播种面积18万亩，产量43万吨: the thing without the measure it was told in; 普通高中｜招生, 在校生 alike.
    Empty where the words name more than a measure, or nothing was measured so.
    """
    if frame.topic_sentence != frame.sentence and _STAFF.fullmatch(own.text):
        return EMPTY  # 在园幼儿1.2万人。专任教师4000人: of all schools
    for of_topic in _topics_measured_as(own.text):
        match = of_topic.search(frame.topic.text)
        if match:
            thing = frame.topic.head(match.start())
            return thing.head(len(thing.text) - 2) if thing.text[-2:] == own.text[:2] else thing  # 商品房｜销售额
    return EMPTY


@lru_cache(maxsize=4096)
def _topics_measured_as(words: str) -> tuple[re.Pattern[str], ...]:
    """The ends of topics that these words are another measure of."""
    return tuple(of_topic for of_own, of_topic in _MEASURED_ALIKE if of_own.fullmatch(words))


def _done_with(topic: Phrase, frame: Frame, slot: Slot) -> bool:
    """Whether verbs alone say what was done with part of the topic: things in one unit, and no verb opens the topic."""
    unit = slot.figure.unit
    if not unit or unit != frame.topic_unit or unit in PERSONS or slot.opener not in ("、", ",", "，"):
        return False
    return not head_length(topic.text) and thing_length(topic.text) > 0


def verbs_object(frame: Frame, own: Phrase, slot: Slot) -> Phrase:
    """受理｜案件128件、审结121件: the object of verbs that name none is that of the verb before, in the same unit."""
    topic = frame.topic
    if slot.opener not in ("、", ",", "，") or not slot.figure.unit or slot.figure.unit != frame.unit:
        return EMPTY
    if not is_verbs_only(own.text):
        return EMPTY
    length = head_length(topic.text) or verb_end(topic.text)
    thing = topic.after(length) if length else EMPTY
    if len(thing.text) < 3 and not head_length(topic.text):
        return EMPTY
    return EMPTY if is_dependent(thing.text) or holds_verb(thing.text) or measure_length(thing.text) else thing


def paired(frame: Frame, own: Phrase, slot: Slot) -> Phrase:
    """进口｜通关时间37小时；出口1.8小时: the other word of a pair stands for the same thing, told in the same unit."""
    topic = frame.topics.get(slot.figure.unit, EMPTY)
    length = pair_length(topic.text)
    if not length or length == len(topic.text) or pair_length(own.text) < len(own.text) or not own.text:
        return EMPTY
    return EMPTY if topic.text.startswith(own.text) else own.joined(topic.after(length))


def _change_length(words: str) -> int:
    """How many characters at the end say only that it changed (却大幅度增加)."""
    match = _CHANGED.search(words)
    return len(words) - match.start() if match and match.start() > 1 else 0


@lru_cache(maxsize=1024)
def _counts_persons(unit: str) -> bool:
    return not unit or unit in _PERSONS


def scoped(frame: Frame, own: Phrase, right: Phrase, unit: str) -> Phrase:
    """确诊病例中，男性9例，3例有旅居史: what tells a part of the scope apart; empty where the words name more."""
    if frame.in_part and not right.text and unit == frame.topic_unit and is_verbs_only(own.text):
        return own if measure_length(frame.topic.text) else EMPTY  # 受灾面积6万亩，其中绝收1万亩
    if unit not in PERSONS or not frame.topic.text or (own.text and right.text):
        return EMPTY
    if frame.in_part and not right.text and _is_kind_of(frame.topic, own):
        return own
    if KINDS.fullmatch(own.text):
        return own
    if not frame.scope.text:
        return EMPTY
    if not own.text:
        return EMPTY if PERSON_NOUN.search(right.text) else right
    is_plain = len(own.text) <= 8 and not (head_length(own.text) or measure_length(own.text))
    return own if is_plain and not is_dependent(own.text) else EMPTY


@lru_cache(maxsize=1)
def _persons() -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of('person')}|[生员客民师工童])\Z")


def _is_kind_of(topic: Phrase, own: Phrase) -> bool:
    """国中小学生, 其中国小…、国中…: short words that name no people of their own."""
    text = own.text
    if not 0 < len(text) <= 4 or not _persons().search(topic.text) or _persons().search(text):
        return False
    if PERSON_NOUN.search(text) or MODIFIER.search(text):
        return False
    return not (is_dependent(text) or holds_verb(text) or measure_length(text) or head_length(text))


def modified(topic: Phrase, modifier: Phrase) -> Phrase:
    """新增无症状感染者, 其中本土: the topic with the modifier in its place (新增｜本土｜无症状感染者)."""
    match = MODIFIER.search(topic.text)
    start, end = match.span() if match else (head_length(topic.text),) * 2
    return topic.head(start).joined(modifier).joined(topic.after(end))


def set_topic(frame: Frame, whole: Phrase, phrase: Phrase, prefix: Phrase, slot: Slot) -> None:
    grown = growth_length(whole.text)
    topic = whole.head(len(whole.text) - grown) if grown else whole
    if slot.figure.unit in _LASTING and frame.topic.text:
        frame.topics[slot.figure.unit] = topic  # ages and stays tell of those counted, who stay the topic
    elif not frame.in_part or not frame.topic.text:
        frame.topic, frame.topic_unit, frame.topic_sentence = topic, slot.figure.unit, slot.sentence
        frame.topics[slot.figure.unit] = topic
    if not prefix.text:
        length = head_length(phrase.text)
        if length or slot.opener not in ("、", ")"):
            frame.head = phrase.head(length) if length else _verb_of_subject(phrase)
    measured = measure_length(topic.text)
    if measured > 1 and slot.figure.unit and slot.figure.cls == "quantity":
        frame.measures[slot.figure.unit] = topic.tail(measured)


def _verb_of_subject(phrase: Phrase) -> Phrase:
    """消防部门｜出动｜消防车: the verb behind who does it, or behind 用于; mostly empty."""
    match = _SUBJECT.match(phrase.text)
    if match is None:
        return EMPTY
    length = head_length(phrase.text[match.end() :])
    return phrase.after(match.end()).head(length) if length else EMPTY


def shared_head(frame: Frame, own: Phrase, slot: Slot, right: Phrase) -> Phrase:
    """新增确诊病例3例、2例无症状感染者: an item without a head of its own takes the list's."""
    if own.text or slot.opener not in ("、", ")") or head_length(right.text):
        return EMPTY
    return frame.head if frame.unit == slot.figure.unit else EMPTY
