"""The same fact told twice in a report: headline and body, opening and details."""

import re
from collections import defaultdict

from flows.record import Span
from flows.relate.fits import bounds, meets, slips
from flows.relate.reading import Item, Passage, Reading, alike

_HEAD = re.compile(r"^\s*(?:标题|题|导语|内容提要)[:：]")
_HASH = re.compile(r"【[^【】]*】|#[^#]*#")
#: What a bulletin counts, and of which kind: two figures tell the same fact when these agree.
_ATOMS = re.compile(
    r"新增|累计|现有|尚在|无症状|确诊|疑似|治愈|出院|死亡|重症|危重|重型|解除|转为|转归|由无症状|境外|输入|本土|密切接触|在院|隔离|接种|"
    r"检测|排除|追踪|转院"
)
_CORRECTED = re.compile(r"更正|修正|订正|改判|核减|核实|调减|修订")
_SAME = {"转归": "转", "转为": "转", "由无症状": "转", "重型": "重症", "输入": "境外", "治愈": "出院", "尚在": "现有"}


def relate_repeats(reading: Reading) -> None:
    """Duplicates: the later figures must agree with the first that tells the fact."""
    facts: dict[tuple[frozenset[str], str], list[tuple[Item, Passage, bool]]] = defaultdict(list)
    for passage in reading.passages:
        headline = _is_headline(reading, passage)
        for item in passage.items:
            if item.role != "quantity" or item.depth and not headline and "含" not in item.gap:
                continue
            if _CORRECTED.search(passage.text):
                continue
            atoms = _atoms(item, passage)
            if atoms and ("新增" in atoms or "累计" in atoms or "转" in atoms):
                facts[(atoms, item.figure.base_unit)].append((item, passage, headline))
    for told in facts.values():
        _claim(reading, told)
    _labelled_headline(reading)


def _atoms(item: Item, passage: Passage) -> frozenset[str]:
    words = item.label + " " + item.tail
    found = {_SAME.get(word, word) for word in _ATOMS.findall(words)}
    if not found & {"新增", "累计", "现有"} and "转" not in found:
        lead = passage.between(passage.span.start, item.start)
        if "新增" in item.clause:
            found.add("新增")
        elif re.search(r"[和及、]" + re.escape(item.label) + "$", lead) and found:
            previous = passage.items[item.index - 1] if item.index else None
            if previous is not None and "新增" in previous.clause:
                found.add("新增")
                if "本土" in previous.clause:
                    found.add("本土")
    if "转" in found:
        found = {"转"}
    return frozenset(found)


def _is_headline(reading: Reading, passage: Passage) -> bool:
    return passage.index == 0 or any(h.start <= passage.span.start < h.end for h in reading.doc.headings[:3])


def _claim(reading: Reading, told: list[tuple[Item, Passage, bool]]) -> None:
    if len(told) < 2:
        return
    first, first_passage, _ = told[0]
    others = [item for item, passage, _ in told[1:] if alike(item, first)]
    agreeing = [item for item in others if meets(bounds(item), bounds(first))]
    if agreeing:
        reading.add("duplicate", first, agreeing, [_cue(first)], rule="repeat.fact")
        return
    if len(others) == 1 and others[0].figure.value is not None:
        value = others[0].figure.value * others[0].factor
        if value in slips(first):
            reading.add("duplicate", first, others, [_cue(first)], rule="repeat.fact")


def _cue(item: Item) -> Span | None:
    length = len(item.label)
    return Span(item.start - length, item.start) if length else None


def _labelled_headline(reading: Reading) -> None:
    """標題：新增982例。內文：今日新增928例。"""
    passages = reading.passages
    for one, other in zip(passages, passages[1:], strict=False):
        if not _HEAD.match(one.text) or not re.match(r"\s*(?:内文|正文|导语)[:：]", other.text):
            continue
        for item in one.items:
            same = [
                i for i in other.items
                if alike(i, item) and _plain(i.label) == _plain(item.label) and i.tail.strip() == item.tail.strip()
            ]  # fmt: skip
            if len(same) == 1:
                reading.add("duplicate", item, same, [_cue(item)], rule="repeat.headline")


def _plain(label: str) -> str:
    return re.sub(r"今日|当日|本日|昨日|今天|当天|全市|全省|全国|我市|共|约|为|达", "", label)
