"""Stocks and flows inside a text: 累計 = 已 + 正在; opening + flows = closing; dated sections in order."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from flows.relate.cues import cues, worded
from flows.relate.fits import adds_up, nearly_adds_up
from flows.relate.levels import is_whole_of_share
from flows.relate.reading import Item, Passage, Reading, addable, alike

_EVER = cues("stock_identity", "ever")
_CURED = cues("stock_identity", "left")
_NOW = cues("stock_identity", "now")
_DEAD = cues("stock_identity", "dead")
_NOT_NOW = cues("stock_identity", "severity")
_TODAY = cues("stock_identity", "today")

_OPENING = worded(
    r"<net_flow.opening>|[年月期季周旬]初|上[年月期季周旬届学][度期]?末"
    r"|上[年月期季周旬届]度?(?:<net_flow.balance>|在册|存栏|期末)"
)
_CLOSING = worded(r"<net_flow.closing>|^累计|[本年月期]度?<net_flow.balance>|^<net_flow.now>?<net_flow.stock>")
_PERIOD_END = cues("net_flow", "period_end")
_STILL = worded(r"^<net_flow.still>")
_ADDED = cues("net_flow", "no_opening")
_IN = cues("net_flow", "in")
_OUT = cues("net_flow", "out")

_SECTION = worded(
    r"【[^【】]{0,20}?(?:\d+月)?\d+日[^【】]{0,20}】|(?:截[至止])?(?:\d{4}年)?(?:\d+月)\d+日(?:\d+时)?<section.report>?|截[至止]\d+日(?:\d+时)?|第[0-9一二三四五六七八九十]+[期次轮批]"
)
_CUMULATIVE = cues("cumulative", "ever")
_COUNTED_UP = cues("cumulative", "counted_up")
_NEW = cues("net_flow", "added")


def relate_stocks(passage: Passage) -> None:
    """Stock identity and opening-to-closing flows of a sentence."""
    if len(passage.items) < 3:
        return
    _stock(passage)
    _flow(passage)
    _net(passage)


def _status(item: Item) -> str:
    words = item.words
    if _TODAY.search(item.clause) or _NOT_NOW.search(words):
        return ""
    if _DEAD.search(words):
        return "dead"
    if _NOW.search(words):
        return "now"
    if _CURED.search(words):
        return "cured"
    return ""


def _stock(passage: Passage) -> None:
    reading = passage.reading
    items = passage.items
    for whole in items:
        if whole.role != "quantity" or not _EVER.search(whole.clause) or _TODAY.search(whole.clause):
            continue
        if _status(whole) in ("now", "dead") or ("累计" not in whole.clause and _CURED.search(whole.words)):
            continue
        parts, seen = _states(whole, items[whole.index + 1 :])
        if not {"now", "cured"} <= seen and "累计" in whole.clause:  # the whole may come last
            parts, seen = _states(whole, items[: whole.index])
        if not {"now", "cured"} <= seen:
            continue
        if not adds_up(whole, parts, [1] * len(parts)) and "dead" not in seen:
            elsewhere = _deaths_nearby(passage, whole, parts)
            if elsewhere is not None:
                parts = [*parts, elsewhere]
        if not adds_up(whole, parts, [1] * len(parts)):
            rest = [
                i for i in items[whole.index + 1 :]
                if addable(whole, i) and i.group == whole.group and i.depth == whole.depth and i not in parts
                and not _TODAY.search(i.clause)
            ]  # fmt: skip
            fuller = sorted([*parts, *rest], key=lambda part: part.start)
            if rest and adds_up(whole, fuller, [1] * len(fuller)):
                parts = fuller
        weights = [1] * len(parts)
        cue = reading.cue(_EVER, whole.start - len(whole.clause), whole.start)
        cues = [cue, *(reading.cue(_NOW, p.start - len(p.label), p.end + len(p.tail)) for p in parts)]
        if adds_up(whole, parts, weights) or _plausible(whole, parts):
            doubt = ""
            if "接触" in whole.words and not nearly_adds_up(whole, parts, weights):
                doubt = "contacts who fell ill may be left out"
            reading.add("stock_identity", whole, parts, cues, doubt=doubt, rule="stock.status")
            reading.bound.update((whole.start, part.start) for part in parts)
            return


def _states(whole: Item, items: Sequence[Item]) -> tuple[list[Item], set[str]]:
    """Those discharged, those still there, those dead: one of each, and which were found."""
    parts: list[Item] = []
    seen: set[str] = set()
    for item in items:
        if not addable(whole, item) or item.group != whole.group:
            continue
        status = _status(item)
        if status == "" and item.depth == whole.depth:
            break
        if status and status not in seen and item.depth <= whole.depth + 1:
            if _CUMULATIVE.search(item.clause) and status == "now":
                break
            seen.add(status)
            parts.append(item)
    return parts, seen


def _plausible(whole: Item, parts: Sequence[Item]) -> bool:
    """A misprint rather than another scope: one slip away, or within a quarter."""
    if nearly_adds_up(whole, parts, [1] * len(parts)):
        return True
    total = sum(p.amount for p in parts)
    value = whole.amount
    return value > 0 and abs(total - value) * 4 <= value


def _deaths_nearby(passage: Passage, whole: Item, parts: Sequence[Item]) -> Item | None:
    """Cumulative deaths told in one of the next sentences, if they make the identity whole."""
    reading = passage.reading
    for other in reading.passages[passage.index + 1 : passage.index + 5]:
        if other.paragraph - passage.paragraph > 2:
            return None
        for item in other.items:
            if "死亡" in item.words and not _TODAY.search(item.clause) and addable(whole, item):
                candidate = [*parts, item]
                if adds_up(whole, candidate, [1] * len(candidate)) or nearly_adds_up(
                    whole, candidate, [1] * len(candidate)
                ):
                    return item
    return None


def _flow(passage: Passage) -> None:
    """上月末…本月新納入…清退…月末…; 現有349例，昨日615例，新增13例，核減279例."""
    reading, items = passage.reading, [i for i in passage.items if i.role == "quantity"]
    opening = next((i for i in items if _OPENING.search(i.label) and not _ADDED.search(i.label)), None)
    if opening is None:
        lead = passage.between(passage.span.start, items[0].start) if items else ""
        told = items and _OPENING.search(lead) and not _ADDED.search(items[0].label)
        opening = items[0] if told else next((i for i in items if _STILL.search(i.label)), None)
    if opening is None and len(items) > 2 and _is_year_later(items[0], items[-1]):
        opening = items[0]  # 2022年末12.6萬人，…，2023年末14.1萬人
    counts_up = opening is None and len(items) > 2 and "累计" in items[0].label
    if counts_up:
        opening = items[0]  # 4月15日累計…，4月16日新增…，累計達…
    if opening is None:
        return
    others = [
        i for i in items
        if i is not opening and alike(i, opening) and i.depth == opening.depth and not is_whole_of_share(passage, i)
    ]  # fmt: skip
    closing = next((i for i in reversed(others) if _CLOSING.search(i.label) and not _OPENING.search(i.label)), None)
    if closing is None and counts_up and _CUMULATIVE.search(others[-1].label if others else ""):
        closing = others[-1]  # 截至5日累計…，6日新增…，截至6日累計…
    is_only_level = closing is None and _OPENING.search(opening.label) is not None
    if is_only_level:
        closing = _unsigned(opening, others)
    if closing is None:
        return
    flows = [i for i in others if i is not closing and not _CLOSING.search(i.label)]
    signs = [_sign(item) for item in flows]
    if not flows or len(flows) > 6 or (len(flows) == 1 and flows[0].start > closing.start and not is_only_level):
        return
    members = [opening, *flows]
    if 0 in signs:  # the words leave it open whether it came or went: only what agrees is taken
        weights = next((w for w in _signings(signs) if adds_up(closing, members, w)), None)
        if weights is None:
            return
    else:
        weights = [1, *signs]
        if not adds_up(closing, members, weights):  # 收回 of loans goes out, 收回 of money comes in
            others_fit = [w for w in _signings([0] * len(signs)) if adds_up(closing, members, w)]
            weights = others_fit[0] if len(others_fit) == 1 else weights
    told = _PERIOD_END.search(closing.label) and _OPENING.search(opening.label) and closing.start > flows[-1].start
    if not (told or adds_up(closing, members, weights) or nearly_adds_up(closing, members, weights)):
        return
    cues = [
        reading.cue(_OPENING, opening.start - len(opening.label), opening.start),
        reading.cue(_CLOSING, closing.start - len(closing.label), closing.start),
    ]
    reading.add(
        "net_flow", closing, members, cues, weights=weights if -1 in weights else (), rule="flow.opening_closing"
    )
    reading.bound.update((closing.start, member.start) for member in members)
    reading.flowing.update(member.start for member in [closing, *members])


_NET = cues("net_flow", "net")
_FALLS = re.compile(r"减|出")


def _net(passage: Passage) -> None:
    """較上年淨增58家，當年新入庫97家、退庫39家: what came less what went, where one of each is told."""
    items = [i for i in passage.items if i.role == "quantity"]
    for change in items:
        if not _NET.search(change.label) or change.start in passage.reading.results:
            continue
        near = [i for i in items if alike(i, change) and i is not change and 0 < abs(i.index - change.index) <= _NEXT]
        near = [i for i in near if not _CLOSING.search(i.label) and not _OPENING.search(i.label)]
        came, went = ([i for i in near if _sign(i) == sign and not _NET.search(i.label)] for sign in (1, -1))
        if len(came) != 1 or len(went) != 1 or abs(came[0].index - went[0].index) != 1:
            continue
        pair = [*went, *came] if _FALLS.search(change.label) else [*came, *went]
        cue = passage.reading.cue(_NET, change.start - len(change.label), change.start)
        passage.reading.add("difference", change, pair, [cue], rule="difference.net")


_NEXT = 3
_THIS_TERM = worded(r"[本当][日周旬月季期年](?:度|内)?<net_flow.in_this_term>")


def _unsigned(opening: Item, others: Sequence[Item]) -> Item | None:
    """館藏426萬冊，新購18萬冊，剔舊6萬冊，上年底414萬冊: the one level among flows, where it is what they lead to."""
    signs = [_sign(item) or int(bool(_THIS_TERM.match(item.label))) for item in others]
    if signs.count(0) != 1 or len(signs) < 2:
        return None
    level = others[signs.index(0)]
    flows = [item for item in others if item is not level]
    if len(flows) == 1:  # 累計完成43.6億元，…，本月完成2.9億元，上月底累計40.7億元
        told = _THIS_TERM.match(flows[0].label) and opening.digits > 2
        return level if told and adds_up(level, [opening, *flows], [1, 1]) else None
    weights = [1, *(sign for sign in signs if sign)]
    members = [opening, *flows]
    return level if adds_up(level, members, weights) or nearly_adds_up(level, members, weights) else None


_YEAR_END = re.compile(r"(\d{4})年(?:年?[末底])")


def _is_year_later(first: Item, last: Item) -> bool:
    one, other = _YEAR_END.search(first.label), _YEAR_END.search(last.label)
    return bool(one and other and int(other.group(1)) == int(one.group(1)) + 1)


def _sign(item: Item) -> int:
    """+1 for what came, -1 for what went, 0 where the words do not say."""
    out, into = _OUT.search(item.label), _IN.search(item.label)
    if out and not (into and into.start() < out.start()):
        return -1
    return 1 if into else 0


def _signings(signs: Sequence[int]) -> Iterator[list[int]]:
    for choice in product((1, -1), repeat=len(signs)):
        if all(sign in (0, chosen) for sign, chosen in zip(signs, choice, strict=True)):
            yield [1, *choice]


def relate_sections(reading: Reading) -> None:
    """Dated or numbered sections of one text as a small series: cumulative figures grow by what is new."""
    sections = _sections(reading)
    for (before_mark, before), (after_mark, after) in pairwise(sections):
        if before_mark == after_mark:
            continue
        for level in after:
            if not _COUNTED_UP.search(level.clause):
                continue
            earlier = next(
                (i for i in before if alike(i, level) and _core(i) == _core(level) and _COUNTED_UP.search(i.clause)),
                None,
            )
            if earlier is None:
                continue
            cue = reading.cue(_COUNTED_UP, level.start - len(level.clause), level.start)
            reading.add("cumulative", level, [earlier], [cue], rule="sections.cumulative")
            core = _core(level)
            new = [i for i in after if alike(i, level) and _is_new(i, after) and core and _same_core(_core(i), core)]
            if len(new) == 1:
                cue_new = reading.cue(_NEW, new[0].start - 20, new[0].start)
                reading.add("net_flow", level, [earlier, new[0]], [cue, cue_new], rule="sections.flow")


def _sections(reading: Reading) -> list[tuple[str, list[Item]]]:
    """Mark and figures of each section of a paragraph that has several."""
    found: list[tuple[str, list[Item]]] = []
    for passage in reading.passages:
        text = passage.text
        marks = [
            m
            for m in _SECTION.finditer(text)
            if text[: m.start()].rstrip("，,;；。") in ("",) or text[m.start() - 1] in ";；。【"
        ]
        if not marks:
            if found and found[-1][0].startswith("【"):
                found[-1][1].extend(passage.items)
            continue
        offsets = [m.start() + passage.span.start for m in marks]
        for k, mark in enumerate(marks):
            end = offsets[k + 1] if k + 1 < len(offsets) else passage.span.end
            own = [i for i in passage.items if offsets[k] <= i.start < end]
            found.append((mark.group(), own))
    return found


_NOISE = worded(r"<net_flow.no_name>|【.*?】|第[0-9一二三四五六七八九十]+[期次轮批]|\d+月\d+日|[^\u4e00-\u9fff]")


def _core(item: Item) -> str:
    """What the figure counts, without the words that say whether it is new or cumulative."""
    return _NOISE.sub("", item.label)


def _same_core(new: str, ever: str) -> bool:
    """新增索賠 and 累計受理索賠 count the same."""
    return new == ever or (len(new) > 1 and ever.endswith(new))


def _is_new(item: Item, section: Sequence[Item]) -> bool:
    """New, or listed after a new one without a word of its own: 當日新增確診889例、治癒2109例."""
    if _CUMULATIVE.search(item.clause):
        return False
    if _NEW.search(item.clause):
        return True
    at = section.index(item)
    return at > 0 and item.gap.startswith("、") and _is_new(section[at - 1], section)
