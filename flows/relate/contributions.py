"""What each part contributed to the growth of the whole, in points.

增長5.8%…。第一產業拉動0.3個百分點，第二產業拉動…: the whole's rate may stand sentences before. Who lists all parts
says so: the rest of them, the last of three industries.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from flows.record import Span
from flows.relate.cues import cues, worded
from flows.relate.fits import adds_up, are_near, nearly_adds_up
from flows.relate.reading import Item, Passage

_ADDS = cues("contribution", "adds")
_TAKES = cues("contribution", "takes")
_ALL = worded(r"<contribution.all>|<sum.rest>")
_TOTAL = worded(r"<sum.total>|<contribution.together>")
_GROWTH = cues("growth", "change")
_NO_GROWTH = worded(r"率(?!为|达|是|约|$)|<share.share>")
_BACK = 2
#: Points that are all there are make the rate, or one of the two is misprinted: neither is so many times the other.
_NEAR = Fraction(5, 4)
_LEAST = 10


def relate_contributions(passage: Passage) -> None:
    """The rate that the points of the sentence's parts make up."""
    if _ADDS.search(passage.text) is None and _TAKES.search(passage.text) is None:
        return
    for parts in _runs(passage):
        if len(parts) < 2 or any(part.start in passage.reading.bound.parts for part in parts):
            continue
        whole = _whole(passage, parts)
        if whole is None:
            continue
        weights = [-1 if _TAKES.search(part.label) else 1 for part in parts]
        made = sum((part.amount * w for part, w in zip(parts, weights, strict=True)), Fraction(0))
        is_all = _ALL.search(parts[-1].label) is not None
        agrees = adds_up(whole, parts, weights)
        slipped = nearly_adds_up(whole, parts, weights, _LEAST) or are_near(made, whole.amount, _NEAR)
        if (agrees and (is_all or len(parts) > 2)) or (is_all and slipped):
            span = Span(parts[0].start - len(parts[0].label), parts[0].start)
            signs = weights if -1 in weights else ()
            passage.reading.add("contribution", whole, parts, [span], weights=signs, rule="contribution.points")


def _runs(passage: Passage) -> list[list[Item]]:
    """Points told one after the other, of parts: each by a word of its own, or listed after the first."""
    runs: list[list[Item]] = [[]]
    for one, item in pairwise([None, *passage.items]):
        if item is None or item.role != "points":
            runs.append([])
            continue
        told = _ADDS.search(item.label) or _TAKES.search(item.label)
        listed = runs[-1] and one is runs[-1][-1] and item.gap[:1] in "、和及与，,"
        if (told or listed) and not _TOTAL.search(item.label.removeprefix("其余")):
            if runs[-1] and one is not runs[-1][-1]:
                runs.append([])
            runs[-1].append(item)
        elif told and _ALL.search(item.label):
            runs[-1].append(item)  # 其餘各大類合共拉動
        else:
            runs.append([])
    return [run for run in runs if run]


def _whole(passage: Passage, parts: Sequence[Item]) -> Item | None:
    """The rate of growth told last before the parts, or the points that all of them contributed."""
    after = passage.items[parts[-1].index + 1 : parts[-1].index + 2]
    if after and after[0].role == "points" and _TOTAL.search(after[0].label):
        return after[0]
    for back in range(_BACK + 1):
        at = passage if not back else passage.beside(-back)
        for item in reversed(at.items if at is not None else ()):
            if item.start >= parts[0].start or item.role != "rate" or item.figure.unit != "%":
                continue
            if _GROWTH.search(item.label) and not _NO_GROWTH.search(item.label):
                return item
    return None
