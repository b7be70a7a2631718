"""Shares that together make 100 %: 構成, 分別佔, 其餘, 貢獻率."""

import re
from collections.abc import Sequence
from fractions import Fraction

from flows.relate.cues import cues, worded
from flows.relate.fits import adds_up, are_near, is_slip_of
from flows.relate.heads import is_complementary
from flows.relate.reading import Item, Passage

_SHARE = cues("share", "share")
_MULTIPLE_CHOICE = cues("complement", "multiple_choice")
_PARTS_OF_100 = cues("complement", "parts")
#: Words that say the list leaves nothing out.
_EXHAUSTIVE = worded(r"<complement.exhaustive>|按[^，,;；:：。]{1,8}分")
_REST = cues("complement", "rest")
_CHANGES = cues("complement", "changes")
_SEXES = worded(r"<complement.halves>[^，]{0,4}占?$")
#: 60歲及以上人口占21.8%，其中65歲及以上占16.1%: a part of the last of the list, no further one.
_PART_OF_LAST = worded(r"[，,(]?<subset.part_of>")
#: A share, or how much each contributed to what grew.
_SHARED = worded(r"<share.share>|贡献率")
_ENDS = worded(r"[;；。]|<complement.goes_on_with>")
_OF_A_WHOLE = re.compile(r"其中|分为|[总中]")

#: A total that the shares do not make is one of them all where neither is so many times the other.
_NEAR = Fraction(5, 4)


def relate_complement(passage: Passage) -> None:
    """Shares that together make the whole."""
    rates = [item for item in passage.items if item.role == "rate"]
    if len(rates) < 2:
        return
    if _MULTIPLE_CHOICE.search(passage.text):
        return
    for total in rates[2:]:
        _relate_total(passage, total)
    runs: list[list[Item]] = []
    for rate in rates:
        joined = runs and runs[-1][-1].index == rate.index - 1 and runs[-1][-1].depth == rate.depth
        words = passage.between(runs[-1][-1].end, rate.start) if joined else ""
        if joined and not _ENDS.search(words) and not _PART_OF_LAST.match(words):
            runs[-1].append(rate)
        else:
            runs.append([rate])
    for run in runs:
        lead = passage.between(passage.span.start, run[0].start)
        cue = passage.reading.cue(_PARTS_OF_100, run[0].start - len(run[0].gap), run[0].start)
        if cue is None and _lists_all(run):
            cue = passage.reading.cue(_REST, run[-1].start - len(run[-1].label), run[-1].start)
        pair = len(run) == 2 and (all(_SEXES.search(i.label) for i in run) or is_complementary(run))
        each = sum(1 for i in run if _SHARED.search(i.label))
        if cue is None and (
            pair
            or each >= 3
            or (each == 2 and _OF_A_WHOLE.search(lead))
            or (each and len(run) > 2 and _REST.search(run[-1].label))
        ):
            cue = passage.reading.cue(_SHARED, run[0].start - len(run[0].gap), run[0].start)
        if len(run) < 2 or cue is None or any(i.figure.unit not in ("%", "成") for i in run) or _tells_change(run):
            continue
        low = sum((i.low for i in run if i.low is not None), Fraction(0))
        high = sum((i.high for i in run if i.high is not None), Fraction(0))
        exact = low <= 100 <= high
        if not exact and _goes_on(passage, run):
            continue  # a figure of another kind stands in the list: it does not end here
        complete = bool(_REST.search(run[-1].label)) or pair
        told = len(run) >= 3 and bool(_EXHAUSTIVE.search(lead + run[0].label))
        slipped = len(run) >= 3 and each in (1, len(run)) and _one_slip_from_100(run)
        near = len(run) >= 3 and low >= 95 and high <= 105
        if exact or ((complete or told) and 50 <= low <= 200) or near or (slipped and 60 <= low <= 160):
            passage.reading.add("complement", None, run, [cue], rule="complement")


def _tells_change(run: Sequence[Item]) -> bool:
    contributions = all("贡献率" in item.label for item in run)
    return not contributions and _CHANGES.search(run[0].label) is not None


def _goes_on(passage: Passage, run: Sequence[Item]) -> bool:
    """Whether another share is told after the run in its part of the sentence."""
    return any(
        i.role == "rate" and i.group == run[-1].group and i.depth == run[-1].depth and _SHARE.search(i.label)
        for i in passage.items[run[-1].index + 1 :]
    )


def _lists_all(run: Sequence[Item]) -> bool:
    """住戶類型：公營房屋30.6%、私人房屋53.1%、其餘16.3%: names with shares after a colon, the rest the last of them."""
    return (
        len(run) > 2
        and run[0].gap[: len(run[0].gap) - len(run[0].label)].endswith((":", "："))
        and _REST.match(run[-1].label) is not None
        and all(item.label and not _CHANGES.search(item.words) and "率" not in item.label for item in run)
        and all(len(item.gap) == len(item.label) + 1 for item in run[1:])
    )


def _one_slip_from_100(run: Sequence[Item]) -> bool:
    values = [i.amount for i in run]
    return any(is_slip_of(i, 100 - sum(values) + value) for i, value in zip(run, values, strict=True))


def _relate_total(passage: Passage, total: Item) -> None:
    """客戶甲佔12.3%，客戶乙佔9.8%，客戶丙佔6.1%，合共28.2%: shares told one by one, and together."""
    if not _TOGETHER.search(total.label) or _CHANGES.search(total.label):
        return
    parts: list[Item] = []
    for item in reversed(passage.items[: total.index]):
        own = item.role == "rate" and item.depth == total.depth and item.figure.unit == total.figure.unit
        if not own or not _SHARE.search(item.label) or item.group != total.group:
            break
        parts.insert(0, item)
        if _OPENS_LIST.search(item.gap):
            break
    weights = [1] * len(parts)
    if len(parts) < 2 or _tells_change(parts):
        return
    value, told = total.figure.value or Fraction(0), sum((p.figure.value or Fraction(0) for p in parts), Fraction(0))
    near = len(parts) > 2 and are_near(value, told, _NEAR)
    if adds_up(total, parts, weights) or near:
        cue = passage.reading.cue(_TOGETHER, total.start - len(total.label), total.start)
        passage.reading.add("sum", total, parts, [cue], rule="sum.shares")


_TOGETHER = worded(r"<complement.together>|[前上]述.{0,4}[占共]")
_OPENS_LIST = re.compile(r"其中|[中里][，,]|分别|[:：]")
