"""The same fact told twice in a report: headline and body, opening and details."""

import re
from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from flows.record import Span
from flows.relate.cues import cues, same_facts, worded
from flows.relate.fits import are_near, bounds, is_slip_of, meets
from flows.relate.heads import provinces
from flows.relate.levels import EARLIER, is_increment
from flows.relate.reading import Item, Passage, Reading, alike

_HEAD = worded(r"^\s*<headline.head>[:：]")
_BODY = worded(r"\s*<headline.body>[:：]")
_HASH = re.compile(r"【[^【】]*】|#[^#]*#")
#: What a bulletin counts, and of which kind: two figures tell the same fact when these agree.
_ATOMS = cues("duplicate", "facts")
#: Words that add nothing to what is counted.
_PLAIN = worded(r"<duplicate.facts>|<cases.disease>|<duplicate.plain>")
_NEXT = cues("duplicate", "next")
_MENTION = worded(r"(<cases.people>|[\u4e00-\u9fff]{2,8}?(?:患者|病例|感染者))")
_PEOPLE = cues("cases", "people")
_SCOPE = re.compile(r"本土|境外")
_CORRECTED = cues("restatement", "corrected")
#: A round figure of the headline is about what the text tells; a little further off it is a misprint.
_NEAR, _NEARER = Fraction(10, 9), Fraction(51, 50)
_LEAST_DIGITS = 3


def relate_repeats(reading: Reading) -> None:
    """Duplicates: the later figures must agree with the first that tells the fact."""
    facts: dict[tuple[frozenset[str], str], list[tuple[Item, Passage, bool]]] = defaultdict(list)
    for passage in reading.passages:
        if _CORRECTED.search(passage.text):
            continue
        headline = _is_headline(reading, passage)
        for item in passage.items:
            if (
                item.role != "quantity"
                or not item.figure.unit
                or (item.depth and not headline and "含" not in item.gap)
            ):
                continue
            atoms = _atoms(item, passage)
            if atoms and ("新增" in atoms or "累计" in atoms or "转" in atoms):
                facts[(atoms, item.figure.base_unit)].append((item, passage, headline))
    for told in facts.values():
        _claim(reading, told)
    _labelled_headline(reading)
    _headline(reading)
    _mentions(reading)


def _atoms(item: Item, passage: Passage) -> frozenset[str]:
    # 新增74例累計確診352例: what follows a word of its own belongs to the next figure
    tail = _own_tail(item)
    found = {same_facts().get(word, word) for word in _ATOMS.findall(item.label + " " + tail)}
    if passage.index == 0 and found in ({"新增"}, {"累计"}) and "确诊" in passage.text:
        found.add("确诊")
    if "转" in found:
        return frozenset({"转"})
    if not found & {"新增", "累计", "现有"} and found:
        if "新增" in item.clause:
            found.add("新增")
        elif item.index and re.match(r"[和及、]", item.gap):
            found |= {"新增"} if "新增" in passage.items[item.index - 1].clause else set()
    if not found & {"本土", "境外"}:
        start = passage.reading.doc.paragraphs[passage.paragraph].start
        scopes = _SCOPE.findall(passage.reading.folded, start, item.start)
        found.update(scopes[-1:])
    return frozenset(found)


def _is_headline(reading: Reading, passage: Passage) -> bool:
    return passage.index == 0 or any(h.start <= passage.span.start < h.end for h in reading.doc.headings[:3])


def _claim(reading: Reading, told: list[tuple[Item, Passage, bool]]) -> None:
    """The first that tells the fact against all that agree, or one that differs in the same words."""
    if len(told) < 2:
        return
    first, first_passage, _ = told[0]
    others = [(item, passage) for item, passage, _ in told[1:] if alike(item, first)]
    agreeing = [item for item, _ in others if meets(bounds(item), bounds(first))]
    if agreeing:
        reading.add("duplicate", first, agreeing, [_cue(first)], rule="repeat.fact")
    if first_passage.index > 8 or not (_is_plain(first) or (first_passage.index == 0 and _is_plain(first, named=True))):
        return
    for item, passage in others:
        inside = _in_hash(first, first_passage) and not _in_hash(item, passage)
        if (
            item in agreeing
            or not (_is_plain(item) or _same_name(item, first))
            or (passage.paragraph == first_passage.paragraph and not inside)
        ):
            continue
        value = item.figure.value
        if value is not None and is_slip_of(first, value * item.factor):
            reading.add("duplicate", first, [item], [_cue(first)], rule="repeat.fact")
            return


def _is_plain(item: Item, *, named: bool = False) -> bool:
    """Nothing but the words of the fact: nobody's part, and no name of a place unless `named`."""
    rest = _PLAIN.sub("", item.label + _own_tail(item))
    return not _is_bracketed(item) and (not rest or (named and len(rest) < 4 and item.label.startswith(rest)))


def _same_name(item: Item, first: Item) -> bool:
    """Whether both name the same place and nothing more: 甘肅新增5例 and 甘肅新增確診5例."""
    one, other = (_PLAIN.sub("", i.label + _own_tail(i)).rstrip("省市") for i in (item, first))
    if not one or not other:
        return not _is_bracketed(item) and (one or other) in provinces()
    if one.startswith(other) or other.startswith(one):
        return not _is_bracketed(item) and (one in provinces() or other in provinces())
    return not _is_bracketed(item) and one == other


def _in_hash(item: Item, passage: Passage) -> bool:
    """Whether the figure stands in an in-line headline, 【…】 or #…#."""
    at = item.start - passage.span.start
    return any(match.start() < at < match.end() for match in _HASH.finditer(passage.text))


def _is_bracketed(item: Item) -> bool:
    """In round brackets; 【 opens a headline."""
    return item.depth > 0 and not item.headline


def _own_tail(item: Item) -> str:
    """The words after the figure that are about it."""
    if _NEXT.search(item.label):
        return re.split(_NEXT.pattern + "|^[和及与含]", item.tail)[0]
    return item.tail


def _mentions(reading: Reading) -> None:
    """新增死亡47例 … 47位患者合併基礎疾病: the figure named again at the head of a sentence."""
    told: list[tuple[Item, Passage]] = []
    for passage in reading.passages:
        first = passage.items[0]
        noun = _MENTION.match(first.tail)
        if first.start == passage.span.start and noun and first.role == "quantity" and first.figure.unit:
            recent = [
                (item, at) for item, at in told
                if alike(item, first) and passage.paragraph - at.paragraph <= 2
                and _same_people(item, noun.group(1))
            ]  # fmt: skip
            if recent and meets(bounds(recent[-1][0]), bounds(first)):
                reading.add("duplicate", recent[-1][0], [first], [_cue(recent[-1][0])], rule="repeat.mention")
        told.extend((item, passage) for item in passage.items if "新增" in item.clause or "报告" in item.clause)
        del told[:-12]


def _same_people(item: Item, noun: str) -> bool:
    return _PEOPLE.fullmatch(noun) is not None or item.words.endswith(noun) or noun in item.words


def _cue(item: Item) -> Span | None:
    length = len(item.label)
    return Span(item.start - length, item.start) if length else None


def _headline(reading: Reading) -> None:
    """A figure of the headline told again in the same words: 全市新增就業12.6萬人 … 全市新增就業126,348人."""
    passages = reading.passages
    heads = [p for p in passages[:3] if _is_heading(reading, p)]
    for head in heads:
        for item in head.items:
            label = _plain(item.label)
            if item.role != "quantity" or not item.figure.unit or len(label) < 3 or item.depth:
                continue
            same = [
                other for passage in passages[head.index + 1 : head.index + 12] for other in passage.items
                if alike(other, item) and not other.depth and _plain(other.label).endswith(label)
                and len(_plain(other.label)) <= len(label) + 2
            ] or _of_one_tail(item, passages[head.index + 1 : head.index + 4])  # fmt: skip
            same = same or _rounded_of(item, head, passages)
            if not same:
                continue
            other = same[0]
            value = other.figure.value
            is_misprint = value is not None and is_slip_of(item, value * other.factor)
            if meets(bounds(item), bounds(other)) or is_misprint or _is_near(item, other):
                reading.add("duplicate", item, [other], [_cue(item)], rule="repeat.headline")


def _of_one_tail(item: Item, passages: Sequence[Passage]) -> list[Item]:
    """颱風致全省86.4萬人受災 … 颱風已造成全省86.4萬人受災: the same words after both, one subject before."""
    value = item.figure.value
    if len(item.tail) < 2 or value is None or abs(value) < 100 * (item.figure.ulp or 1):
        return []
    return [
        other for passage in passages for other in passage.items
        if alike(other, item) and other.tail == item.tail and item.label[:2] in other.label and not other.depth
    ]  # fmt: skip


def _rounded_of(item: Item, head: Passage, passages: Sequence[Passage]) -> list[Item]:
    """全年旅客突破4,500萬人次 … 接待旅客4,527萬人次: a round figure of the headline told closer, of the same noun."""
    noun, value = _plain(item.label)[-2:], item.figure.value
    if not (item.figure.hedge or _is_rounder(item)) or len(noun) < 2 or value is None:
        return []
    told = [
        other for passage in passages[head.index + 1 : head.index + 4] for other in passage.items
        if alike(other, item) and not other.depth and _plain(other.label)[-2:] == noun and not other.figure.hedge
        and are_near(other.amount, item.amount, _NEAR) and not is_increment(other) and not EARLIER.search(other.label)
    ]  # fmt: skip
    agreeing = [other for other in told if meets(bounds(item), bounds(other))]
    near = [other for other in told if _is_near(item, other)]
    return (agreeing or near)[:1]


def _is_near(item: Item, other: Item) -> bool:
    return other.digits >= _LEAST_DIGITS and are_near(other.amount, item.amount, _NEARER)


def _is_rounder(item: Item) -> bool:
    """Printed with a scale word: 12.6萬人."""
    return item.figure.low != item.figure.high


def _is_heading(reading: Reading, passage: Passage) -> bool:
    """Marked up as a heading, or a first paragraph without an end mark."""
    return any(h.start <= passage.span.start < h.end for h in reading.doc.headings[:3]) or (
        passage.index == 0 and passage.paragraph == 0 and passage.text.rstrip()[-1:] not in "。！？!?；;"
    )


def _labelled_headline(reading: Reading) -> None:
    """標題：新增982例。內文：今日新增928例。"""
    passages = reading.passages
    for one, other in pairwise(passages):
        if not _HEAD.match(one.text) or not _BODY.match(other.text):
            continue
        for item in one.items:
            same = [
                i for i in other.items
                if alike(i, item) and _plain(i.label) == _plain(item.label)
                and i.tail.strip() == item.tail.strip()
            ]  # fmt: skip
            if len(same) == 1:
                reading.add("duplicate", item, same, [_cue(item)], rule="repeat.headline")


_NO_NAME = cues("headline", "no_name")


def _plain(label: str) -> str:
    return _NO_NAME.sub("", label)
