"""Parts of a whole that need not add up to it: 其中, 含, states of some cases, parts told by their noun."""

import re
from collections.abc import Sequence

from flows.record import Span
from flows.relate.cues import cues, worded
from flows.relate.fits import adds_up
from flows.relate.heads import BALANCE
from flows.relate.reading import Item, Passage, addable, alike

#: Words that make what follows a part.
PART_OF = cues("subset", "part_of")
_NEW = re.compile(r"新增")
_NEXT_STATEMENT = re.compile(r"累计|当日|[;；。]")
_EVER = re.compile(r"累计|共")
_UNLABELLED = re.compile(r"^$|(?:其中|和|及|、|与|有)$")
_STATE = cues("open_list", "states")
_TAKEN_APART = cues("subset", "taken_apart")
_NO_PART = cues("subset", "no_part")
_COMPARES = worded(r"[;；。]|<subset.compares>")


def relate_parts(passage: Passage) -> None:
    """Subsets and open lists of a sentence that no sum binds."""
    _relate_states(passage)
    _single_parts(passage)


def _relate_states(passage: Passage) -> None:
    """累計報告確診病例352例，重症37例、危重5例、死亡2例、治癒3例: states of some of the cases."""
    reading = passage.reading
    if "累计" not in passage.text and "共" not in passage.text:
        return
    for whole in passage.items:
        clause = whole.clause
        if whole.role != "quantity" or not ("累计" in clause or "共" in clause) or _STATE.search(whole.words):
            continue
        parts: list[Item] = []
        for item in passage.items[whole.index + 1 :]:
            if item.depth != whole.depth or not addable(whole, item) or not _STATE.search(item.words):
                break
            if (
                _NEW.search(item.clause)
                or _NEXT_STATEMENT.search(item.gap)
                or (whole.start, item.start) in reading.bound
            ):
                break
            parts.append(item)
        if len(parts) > 1 and not (adds_up(whole, parts, [1] * len(parts))):
            cue = reading.cue(_EVER, whole.start - len(whole.clause), whole.start)
            if reading.add("open_list", whole, parts, [cue], rule="open_list.states"):
                reading.bound.update((whole.start, part.start) for part in parts)


def _single_parts(passage: Passage) -> None:
    """A single part told with 其中, 當中 or 含."""
    reading = passage.reading
    items = passage.items
    for part in items:
        if part.index == 0 or part.role not in ("quantity", "points"):
            continue
        if PART_OF.search(part.gap) is None:
            continue
        cue = reading.cue(PART_OF, part.start - len(part.gap), part.start)
        if cue is None or not _says_part(part, cue, passage):
            continue
        pool = [i for i in items[: part.index] if alike(i, part) and i.depth <= part.depth and i.end <= cue.start]
        if not pool or BALANCE.search(pool[-1].label):
            continue
        whole = _nearest_whole(passage, pool, part, cue)
        if whole is None or (whole.start, part.start) in reading.bound or part.start in reading.bound.parts:
            continue
        if reading.add("subset", whole, [part], [cue], rule="subset.part"):
            reading.bound.add((whole.start, part.start))


def _says_part(part: Item, cue: Span, passage: Passage) -> bool:
    """Whether 其中 or 含 speaks of this figure, and of a part, not of a rate of growth or 含税."""
    between = passage.between(cue.end, part.start)
    if cue.end == cue.start + 1 and _NO_PART.search(passage.between(cue.start - 1, cue.end + 1)):
        return False
    return _COMPARES.search(between) is None


def _nearest_whole(passage: Passage, pool: Sequence[Item], part: Item, cue: Span) -> Item | None:
    if part.opened >= 0 and part.opened <= cue.start:
        outer = [i for i in pool if i.end <= part.opened and i.depth == part.depth - 1]
        return outer[-1] if outer else None
    same = [i for i in pool if i.depth == part.depth] or list(pool)
    fitting = [i for i in same if i.high is None or part.low is None or part.low <= i.high]
    return (fitting or same)[-1]


def relate_nouns(passage: Passage) -> None:
    """Wholes joined by 和 and taken apart by noun: 男24人和女34人，其中2人…."""
    reading = passage.reading
    cue = _TAKEN_APART.search(passage.text) if len(passage.items) > 2 else None
    if cue is None:
        return
    wholes: list[tuple[Item, list[Item]]] = []
    for item in passage.items:
        if item.role != "quantity" or item.depth:
            continue
        match = next(
            (
                parts
                for whole, parts in wholes
                if addable(whole, item) and _UNLABELLED.search(item.label) and _ends_with_noun(whole, item.tail)
            ),
            None,
        )
        if match is not None:
            match.append(item)
        elif "新增" in item.clause or "累计" in item.clause:
            if any(parts for _, parts in wholes):
                break  # a second statement begins
            wholes.append((item, []))
    if not any(parts for _, parts in wholes):
        return
    span = Span(passage.span.start + cue.start(), passage.span.start + cue.end())
    complete = bool(re.search(r"其余", passage.text))
    for whole, parts in wholes:
        for part in parts:
            reading.taken.add(part.start)
        bracketed = [
            i for i in passage.items
            if parts and i.depth == whole.depth + 1 and whole.end <= i.opened < parts[0].start
            and "含" in i.gap and whole.index == i.index - 1
        ]  # fmt: skip
        together = sorted([*bracketed, *parts], key=lambda part: part.start)
        for part in together if len(together) == 1 or bracketed else []:
            if part in bracketed or len(together) == 1:
                reading.add("subset", whole, [part], [span], rule="subset.noun")
        if len(together) > 1:
            doubt = "" if complete else "the parts may overlap"
            reading.add("open_list", whole, together, [span], doubt=doubt, rule="open_list.noun")
        reading.bound.update((whole.start, part.start) for part in together)


def _ends_with_noun(whole: Item, tail: str) -> bool:
    """Whether the words before the whole end with the noun that follows the part."""
    for length in range(min(len(tail), 10), 2, -1):
        if whole.label.endswith(tail[:length]):
            return True
    # 本土確診病例 of 本土新冠肺炎確診病例
    noun = re.match(r"(?:本土|境外输入性?|境外)?([\u4e00-\u9fff]{3,6}?)(?=为|在|和|及|均|因|$)", tail)
    return bool(noun and whole.label.endswith(noun.group(1)))
