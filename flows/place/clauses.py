"""A paragraph to slots: each figure with the words on its left and right that nothing else claims.

Marks end a clause (，；：。), commas of a list end an item (、), and brackets that hold figures open a level
of their own; brackets without figures are words like others. Between two figures of one clause the words go
to the one on the left up to the first list mark or conjunction, to the one on the right from there on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from flows.place.words import any_of
from flows.record import Figure
from flows.record.wording import worded

MARKS = re.compile(r"[，,；;：:。！？!?()【】#\n]")
_ENDS_SENTENCE = "。！？!?【】#"
_GROUP_FIRST = re.compile(r"(?!在)[^，,。:;；、\n]{1,20}中[，,:]")
_BRACKETS = re.compile(r"[()]")
_CONJUNCTION = re.compile(
    r"以及|(?<![饱温共缓总])和(?![平谐解田])|(?<![涉普危遍以])及(?!时|格|以[上下])|或|并(?!列|发)|同时|合计|总计|(?<!公)共(?!同|享|产|青)|其中|"
    r"(?<=[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff])"
)
#: 3000米以上｜山区最低降至零下2℃: a threshold, and what the next figure is of.
_THRESHOLD = re.compile(r"及?以[上下内](?=[\u4e00-\u9fff]{2,12}\Z)(?!.*[的有占为])")
#: 超过100毫米的｜站点23个: the noun a number tells of is what the next one counts.
_TELLING_OF = re.compile(r"(?:及?以[上下内]|不等)?的([\u4e00-\u9fff]{2,6}?)[有达共为约]*")
#: 规上企业｜已复工: what leads to a verb goes with it.
_BEFORE_VERB = re.compile(r"(?:已经?|均|也|都|全部|可|将|则|仍|被|予以|又|再|先后|陆续|共|最[高低大小])+\Z")
_SPLIT_BEFORE = re.compile(r"比|较|[高低多少]了|的?占|到|至|达|为|是|增加到|提高到")
#: Measures that a word of rate opens in the middle of a clause: 生产线｜日产口罩25万个.
_RATE_OPENS = worded("<count.opens>")


@dataclass(slots=True)
class Slot:
    """A figure and its words, as offsets into the text.

    `opener` is the mark before the words on the left: a clause mark, "(" , ")" , "、" for an item of a list,
    "=" where nothing stands between the figure and the one before, "" at the paragraph's start. `level`
    counts open brackets; `owner` is the slot a bracket follows, `outer_start` where the words before the
    bracket begin.
    """

    figure: Figure
    left_start: int
    left_end: int
    right_start: int
    right_end: int
    opener: str
    level: int
    sentence: int
    owner: "Slot | None" = None
    outer_start: int = -1
    outer_end: int = -1
    loose_start: int = -1  # the clause just before, where it holds no figure
    loose_end: int = -1


@dataclass(slots=True)
class _Level:
    left_start: int
    opener: str
    last: Slot | None = None
    owner: Slot | None = None
    outer_start: int = -1
    outer_end: int = -1
    has_figure: bool = False
    loose_start: int = -1
    loose_end: int = -1


def continues(folded: str, start: int) -> bool:
    """Whether the paragraph at `start` goes on with the list of the one before.

    So it does after a colon or a comma, and where it opens with a group of what was named (新增病例中，…).
    """
    at = start
    while at > 0 and folded[at - 1].isspace():
        at -= 1
    return at > 0 and (folded[at - 1] in ":,，;；、" or _GROUP_FIRST.match(folded, start) is not None)


@lru_cache(maxsize=1)
def _verb_opens() -> re.Pattern[str]:
    return re.compile(any_of("growth", "verb"))


def slots(masked: str, start: int, end: int, figures: Sequence[Figure]) -> list[Slot]:
    """The slots of the figures of one paragraph, `start` to `end` of the masked text; linear in its length."""
    found: list[Slot] = []
    stack = [_Level(start, "")]
    bracketed = _brackets_with_figures(masked, start, end, figures)
    sentence = 0
    marks = [(match.start(), match[0]) for match in MARKS.finditer(masked, start, end)]
    marks.append((end, ""))
    index = position = 0
    for figure in [*figures, None]:
        until = figure.start if figure else end
        while marks[index][0] < until:
            at, mark = marks[index]
            index += 1
            if at < position:
                continue  # inside the figure before: 1,268
            level = stack[-1]
            if mark in "()":
                if at not in bracketed:
                    continue
                _close(level, at)
                if mark == "(":
                    owner = level.last
                    before = owner.right_start if owner else level.left_start
                    stack.append(_Level(at + 1, "(", None, owner, before, at))
                else:
                    if len(stack) > 1:
                        stack.pop()
                    stack[-1].left_start, stack[-1].opener, stack[-1].last = at + 1, ")", None
            else:
                _close(level, at)
                if level.has_figure or mark in ";；" or mark in _ENDS_SENTENCE:
                    level.loose_start = level.loose_end = -1
                elif at > level.left_start:
                    level.loose_start, level.loose_end = level.left_start, at
                level.left_start, level.opener, level.last, level.has_figure = at + 1, mark, None, False
                if mark in _ENDS_SENTENCE:
                    sentence += 1
        if figure is None:
            break
        level = stack[-1]
        found.append(_open(masked, level, figure, len(stack) - 1, sentence))
        position = figure.end
    for level in stack:
        _close(level, end)
    return found


def _open(masked: str, level: _Level, figure: Figure, depth: int, sentence: int) -> Slot:
    previous = level.last
    left_start, opener = level.left_start, level.opener
    if previous is not None:
        cut, left_start, opener = _between(masked, previous, figure.start)
        previous.right_end = cut
    slot = Slot(
        figure,
        left_start,
        figure.start,
        figure.end,
        figure.end,
        opener,
        depth,
        sentence,
        level.owner,
        level.outer_start,
        level.outer_end,
        -1 if level.has_figure else level.loose_start,
        level.loose_end,
    )
    level.last, level.has_figure = slot, True
    return slot


def _close(level: _Level, at: int) -> None:
    if level.last is not None:
        level.last.right_end = max(at, level.last.right_start)


def _between(masked: str, previous: Slot, until: int) -> tuple[int, int, str]:
    """Where the words of `previous` end, where those of the next figure begin, and the opener."""
    start = previous.right_start
    if start == until:
        return start, start, "="
    if masked[start] in " \u3000\t" and not previous.figure.unit:
        return start, start, "、"  # a row of a table in one line: 加拿大 4 美国 4
    comma = masked.find("、", start, until)
    if comma >= 0:
        return comma, comma + 1, "、"
    match = _CONJUNCTION.search(masked, start, until)
    if match:
        total = match[0][-1] in "共计中"
        return match.start(), match.start() if total else match.end(), "、"
    match = _SPLIT_BEFORE.match(masked, start, until)
    if match:
        return start, start, "="
    match = _THRESHOLD.match(masked, start, until)
    if match:
        return match.end(), match.end(), "="
    match = _RATE_OPENS.search(masked, start, until) or _verb_between(masked, start, until)
    if match:
        at = match.start()
        led = _BEFORE_VERB.search(masked, max(start, at - 6), at)
        at = led.start() if led else at
        return at, at, "="
    match = _TELLING_OF.fullmatch(masked, start, until)
    if match:
        return until, match.start(1), "="
    return until, until, "="


def _verb_between(masked: str, start: int, until: int) -> re.Match[str] | None:
    """The verb that opens what the next figure is of; one just behind the number (5家复工企业｜生产口罩) only where no
    other follows.
    """
    match = _verb_opens().search(masked, start, until)
    if match and match.start() == start:
        return _verb_opens().search(masked, match.end(), until) or match
    return match


def _brackets_with_figures(masked: str, start: int, end: int, figures: Sequence[Figure]) -> set[int]:
    """Offsets of the brackets, both of a pair, that hold figures."""
    found: set[int] = set()
    opened: list[tuple[int, int]] = []
    index, count = 0, len(figures)
    for match in _BRACKETS.finditer(masked, start, end):
        at = match.start()
        while index < count and figures[index].start < at:
            index += 1
        if match[0] == "(":
            opened.append((at, index))
        elif opened:
            opened_at, first = opened.pop()
            if index > first:
                found.update((opened_at, at))
    return found
