"""What neighbouring figures lend each other once all have been read: a noun, the head of the next, what is said of
the last.
"""

import re
from collections.abc import Sequence

from flows.place.clauses import Slot
from flows.place.frames import Reading
from flows.place.phrases import growth_length, head_length, holds_verb, is_dependent, measure_length, state_length
from flows.place.words import unit_kind

#: What stands between the two ends of a span of sums or of time.
_RANGE = re.compile(r"及?以上(?:至|到|、|,)?|(?:至|到|-|~|—)+")
_SHARED_TAIL = re.compile(r"(?:均|都|全部|已)?在\w{2,}|(?:均|都|全部)\w{2,}")


def borrow_forward(slots: Sequence[Slot], readings: Sequence[Reading]) -> None:
    """新增74例累计确诊352例: a figure whose words name nothing takes what the next figure of its clause
    counts.
    """
    for slot, after, reading, next_reading in zip(slots, slots[1:], readings, readings[1:], strict=False):
        if reading.qualifier.text or not is_dependent(reading.phrase.text):
            continue
        if after.opener != "=" or after.level != slot.level or after.figure.unit != slot.figure.unit:
            continue
        borrowed = next_reading.phrase
        if is_dependent(borrowed.text) and not state_length(borrowed.text):
            continue  # 新增79例累计683例: neither names a thing
        length = head_length(borrowed.text)
        if growth_length(borrowed.text) == len(borrowed.text):
            continue
        reading.phrase = reading.phrase.joined(borrowed.after(length))


def share_noun(masked: str, slots: Sequence[Slot], readings: Sequence[Reading]) -> None:
    """3万元以上、5万元以下｜罚款; 携带8万美元、120万日元｜现钞: verb and noun around two ends or sums are of both."""
    for first, last, reading, next_reading in zip(slots, slots[1:], readings, readings[1:], strict=False):
        if not next_reading.right_text or reading.right_text or next_reading.qualifier.text or reading.qualifier.text:
            continue
        if last.opener not in "、=" or last.level != first.level or last.sentence != first.sentence:
            continue
        between = masked[first.right_start : last.left_end]
        is_range = _RANGE.fullmatch(between) is not None
        is_sum = (
            between in ("、", "和")
            and not measure_length(reading.phrase.text)
            and (unit_kind(first.figure.unit) == unit_kind(last.figure.unit) == "money")
        )
        if is_range or (is_sum and holds_verb(reading.phrase.text)):
            both = reading.phrase.joined(next_reading.phrase)
            reading.phrase = next_reading.phrase = both


def share_tail(slots: Sequence[Slot], readings: Sequence[Reading]) -> None:
    """432例确诊病例和9140例无症状感染者｜在隔离管控中发现: what is said after the last item is said of each."""
    for index in range(len(slots) - 1, 0, -1):
        if slots[index].opener != "、" or not readings[index].right_text or not readings[index - 1].right_text:
            continue
        match = _SHARED_TAIL.search(readings[index].phrase.text, 2)
        if match and not _SHARED_TAIL.search(readings[index - 1].phrase.text):
            tail = readings[index].phrase.after(match.start())
            readings[index - 1].phrase = readings[index - 1].phrase.joined(tail)
