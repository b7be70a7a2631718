"""How well the words of a passage, and arithmetic, say that a rate is a share of one figure in another.

Every pair of figures that could be the part and the whole is weighed in bits: what the words say for it and against
it (where the two stand, which words they share with the rate, whether the text says 共 or 其中), and what it tells
that they agree with the printed rate, or are as near to it as a slip would leave them. Unrelated figures agree once in
so many times: that often less is it chance, and as many pairs as were weighed that often more.
"""

import re
from fractions import Fraction
from math import log2
from typing import NamedTuple

from flows.relate.averages import is_mean
from flows.relate.candidates import Trial, quotient_trial
from flows.relate.cues import cues, worded
from flows.relate.fits import RATE_SCALES, Bounds, meets, printed, quotient
from flows.relate.levels import SAME_TIME_BEFORE, is_increment, is_whole_of_share, told_before
from flows.relate.reading import Item, Passage, alike, counters, similarity

#: So many figures before a rate, of its paragraph, may be the part or the whole; the whole may be one of so many after.
_BEFORE = 14
_AFTER = 2
#: So many sentences back a figure may stand.
_BACK = 3
#: Pairs for which the words of their figures speak less than this are not gone into.
LEAST_WORDS = -4
_SHARE = cues("share", "share")
_CHANGES = cues("share", "changes")
_WHOLE = worded(r"<share.whole>|<average.total>")
#: 占備苗量40,000劑的, 相當於年度計劃2萬套的: the whole stands in the words of the share.
_OF_PRINTED = worded(r"(?:占|<share.is>)[^，,;；。]{0,16}$")
#: 占全部發電量的, 占一般公共預算收入的比重為
_OF_NAMED = worded(
    r"(?:占[了到]?(?!比)([^，,;；。0-9]{2,16}?)(?:的?<share.of_whole>)?的?[为是达约近超逾过]{0,3}"
    r"|<share.is>([^，,;；。0-9]{2,14}?)的[约近]?)$"
)
_OF_ALL = worded(r"<share.of_all>.{0,4}")
_RATE_NAME = worded(r"([\u4e00-\u9fff]{2,10}?)率<rate.came_to>?[^\u4e00-\u9fff0-9]*$")
_SUBJECT = worded(r"^(?:其中)?([\u4e00-\u9fffA-Za-z]{2,8}?)<share.number>?<share.of_whole>[^，,;；。0-9]{0,10}$")
_SUBJECT_OF_PRINTED = re.compile(r"(?:^|[，,、])([\u4e00-\u9fff]{2,8}?)占[^，,;；。]*$")
_OTHER_RATE = worded(r"<rate.no_share>|<rate.no_share_at_end>$")
_PLANNED = cues("share", "to_do")
_AMONG = worded(r"<share.among>$")
_PARTS = worded(r"^<subset.part_of>")
#: Characters of the names of rates that say nothing of what is counted.
_TOO_COMMON = frozenset("合成完达通有人数总年已未不的个全体综整率比重占例量工作情况各类其中")
_DENIED = "[不未非无]"
#: So many of a name's pairs of characters stand in the words of what it names; so much the words behind it count.
_ALIKE, _BEHIND = Fraction(1, 3), Fraction(3, 4)
#: As in `fitting`.
_SLIPS_A_DIGIT = 11


class Weighed(NamedTuple):
    """A reading of the rate with its weight in bits: by the words alone, and with what arithmetic says."""

    trial: Trial
    words: int
    bits: float
    agrees: bool

    @property
    def weight(self) -> float:
        return self.words + self.bits


class Told(NamedTuple):
    """A figure that may be part or whole, so many sentences before the rate's (-1: in the next one)."""

    item: Item
    back: int


def told_around(passage: Passage, rate: Item) -> list[Told]:
    """The quantities around a rate in its paragraph, the nearest first."""
    found: list[Told] = []
    for back in range(_BACK + 1):
        other = passage if not back else passage.beside(-back)
        if other is None:
            break
        items = other.items[: rate.index] if not back else other.items
        found.extend(Told(item, back) for item in reversed(items) if _may_be(item))
    found = found[:_BEFORE]
    following = [
        i for i in passage.items[rate.index + 1 :]
        if _may_be(i) and (i.group == rate.group or _WHOLE.search(i.label))
    ][:_AFTER]  # fmt: skip
    if len(following) < _AFTER and (after := passage.beside(1)) is not None:
        found.extend(Told(item, -1) for item in after.items[:1] if _may_be(item) and _WHOLE.search(item.label))
    return [*found, *(Told(item, 0) for item in following)]


def _may_be(item: Item) -> bool:
    """Whether the figure is of something counted or measured, and no ordinal or class: 一類, 三區."""
    is_quantity = item.role == "quantity" and bool(item.figure.value) and bool(item.figure.unit)
    return is_quantity and (item.digits > 1 or item.figure.quote[0].isdecimal())


def is_share(rate: Item) -> bool:
    """Whether the words before a rate tell a share: 佔, 率, 比重, 完成…的, and no change."""
    words = rate.clause
    if _CHANGES.search(rate.label):
        return False
    return bool(_SHARE.search(words) or "率" in rate.label or _OF_PRINTED.search(words))


def is_share_of(rate: Item, part: Item, whole: Item) -> bool:
    """Whether the figures agree with the rate as part and whole."""
    image = quotient(part, whole, RATE_SCALES.get(rate.figure.unit, 1))
    return image != (None, None) and meets(printed(rate), image)


def is_no_share(rate: Item) -> bool:
    """Whether the name of the rate is one of those that are seldom a share of what is counted beside it: 失業率."""
    name = _RATE_NAME.search(rate.label)
    return name is not None and _OTHER_RATE.search(name.group(1)) is not None


def weigh_shares(passage: Passage, rate: Item, whole_before: Item | None) -> list[Weighed]:
    """The readings of the rate as a share, the weightiest first. `whole_before`: the whole of the share told last."""
    scale = RATE_SCALES.get(rate.figure.unit) or (1 if "分之" in rate.figure.quote else 0)
    if not scale:
        return []
    told = told_around(passage, rate)
    pairs = [
        (top, whole) for top in told for whole in told
        if top.item is not whole.item and _go_together(top.item, whole.item)
    ]  # fmt: skip
    tops = {top.item.start: weight_of_part(passage, rate, top) for top in told}
    wholes = {whole.item.start: weight_of_whole(passage, rate, whole, whole_before) for whole in told}
    many = log2(max(len(pairs), 1)) / 2  # most of them no reader would think of
    parameters = (("scale", "1"),) if scale == 1 else ()
    found = []
    for top, whole in pairs:
        words = tops[top.item.start] + wholes[whole.item.start]
        if words < LEAST_WORDS:
            continue  # whatever else is said of the pair, it is not meant
        words += _weight_of_pair(passage, rate, top, whole)
        trial = quotient_trial("share", rate, top.item, whole.item, scale, parameters=parameters)
        if (top.item.amount > whole.item.amount) != _exceeds(rate):
            words -= 2 if trial.slips() else 5
        agrees = trial.image != (None, None) and meets(trial.stated, trial.image)
        bits = (agreement(trial, rate) if agrees else nearness(trial, rate)) - many
        found.append(Weighed(trial, words, bits, agrees))
    return sorted(found, key=lambda w: -w.weight)


def _go_together(top: Item, whole: Item) -> bool:
    if alike(top, whole):
        return True
    return top.figure.unit in counters() and whole.figure.unit in counters()


def weight_of_part(passage: Passage, rate: Item, told: Told) -> int:
    """What the words say for the figure as the part."""
    top = told.item
    weight = 0
    if told.back or top.start > rate.start:
        gap = passage.between(rate.end, top.start) if not told.back else ""
        is_same = bool(gap) and re.fullmatch(r"[,，(]\s*(?:即|也就是|为|计|约|共|有)?[^，,;；。]{0,4}", gap)
        if is_same:
            return 6  # 約佔7.7%，即24億元
        weight -= 2 + told.back if told.back > 0 else 6
    else:
        quantities = [i for i in passage.items[: rate.index] if _may_be(i)]
        steps = len(quantities) - 1 - quantities.index(top)
        weight += (3, 0, -1)[min(steps, 2)]
        between = passage.between(top.end, rate.start)
        weight += 1 if top.index == rate.index - 1 and not re.search("[;；]", between) else 0
        if any(i.role == "rate" for i in passage.items[top.index + 1 : rate.index]):
            weight -= 2
    weight += _weight_of_name(rate, top)
    if is_increment(top) or is_mean(top):
        weight -= 4
    if bool(SAME_TIME_BEFORE.search(top.label)) != bool(SAME_TIME_BEFORE.search(rate.label)):
        weight -= 6
    if _PLANNED.search(top.words):
        weight -= 3
    if _stands_before_of(rate, told) and _OF_PRINTED.search(told_before(top)):
        weight -= 4  # it is what the share is of
    return weight


def _stands_before_of(rate: Item, told: Told) -> bool:
    """佔備苗量40,000劑的: whether the figure is the one before 的."""
    return not told.back and told.item.index == rate.index - 1 and rate.label.startswith("的")


def _weight_of_name(rate: Item, top: Item) -> int:
    """Whether the part is told by the rate's own word: 已結 and 結案率, 內地旅客 and 內地旅客佔比."""
    subject = _SUBJECT.search(rate.label) or (rate.label == "的" and _SUBJECT_OF_PRINTED.search(rate.clause)) or None
    if subject is not None:
        return 3 if _shares_word(subject.group(1), top.words) else -3
    name = _RATE_NAME.search(rate.label)
    if name is None:
        return 0
    stem = name.group(1)
    if re.search(f"{_DENIED}{re.escape(stem[-2:])}", top.words) and not re.search(_DENIED, stem):
        return -5
    if _shares_word(stem, top.words):
        return 3
    telling = [char for char in stem if char not in _TOO_COMMON]
    return 0 if not telling else 1 if any(char in top.words for char in telling) else -1


def _shares_word(name: str, words: str) -> bool:
    return any(name[at : at + 2] in words for at in range(len(name) - 1))


def weight_of_whole(passage: Passage, rate: Item, told: Told, whole_before: Item | None) -> int:
    """What the words say for the figure as the whole."""
    whole = told.item
    weight = -abs(told.back)
    is_before = told.back > 0 or (told.back == 0 and whole.start < rate.start)
    if _stands_before_of(rate, told):
        return 6 if _OF_PRINTED.search(told_before(whole)) else weight  # 占備苗量40,000劑的
    named = _OF_NAMED.search(rate.clause)
    name = (named.group(1) or named.group(2)) if named is not None else ""
    likeness = _likeness(name, whole) if name else Fraction(0)
    if likeness >= _ALIKE:
        weight += 2 + int(6 * likeness)
    elif name and not _OF_ALL.fullmatch(name):
        weight -= 4
    else:
        weight += 2 * bool(_WHOLE.search(whole.label)) + (whole.index == 0)
    if _AMONG.search(whole.tail):
        weight += 2
    if _PLANNED.search(whole.words):
        weight += 6 if "完成" in rate.label else 3
    if is_whole_of_share(passage, whole):
        weight -= 3  # 為年度預算90億元的103.9%: of that rate
    if whole is whole_before and not name:
        weight += 3
    if _PARTS.search(whole.label) or whole.start in passage.reading.bound.parts:
        weight -= 1
    if is_increment(whole) or is_mean(whole):
        weight -= 4
    if SAME_TIME_BEFORE.search(whole.label) and not SAME_TIME_BEFORE.search(rate.label):
        weight -= 4
    if not is_before and not _WHOLE.search(whole.label):
        weight -= 2
    return weight


def _likeness(name: str, item: Item) -> Fraction:
    """How well the words of the figure name it; those before the number count for more."""
    return max(similarity(name, item.label), similarity(name, item.words) * _BEHIND)


def _weight_of_pair(passage: Passage, rate: Item, top: Told, whole: Told) -> int:
    bound = passage.reading.bound
    weight = 0
    if (whole.item.start, top.item.start) in bound:
        weight += 3
    elif _PARTS.search(top.item.label) and (whole.back, -whole.item.start) > (top.back, -top.item.start):
        weight += 1
    if not alike(top.item, whole.item):
        weight -= 1
    if (top.back, -top.item.start) > (whole.back, -whole.item.start) and whole.item.start < rate.start:
        weight -= 1  # the whole is told first
    if top.back != whole.back:
        weight -= 1
    return weight


def _exceeds(rate: Item) -> bool:
    """Whether the part is more than the whole: 完成計劃的112.1%."""
    scale = RATE_SCALES.get(rate.figure.unit, 1)
    return rate.figure.value is not None and rate.figure.value > scale


def agreement(trial: Trial, rate: Item) -> float:
    """How many bits it tells that figures agree with the printed rate."""
    return -log2(float(chance(trial, rate)))


def chance(trial: Trial, rate: Item) -> Fraction:
    """How much of the numbers up to the printed one would agree, and at least a tenth where it is only bounded."""
    stated, image = _width(trial.stated), _width(trial.image)
    size = max((abs(end) for end in trial.stated if end is not None), default=Fraction(0))
    if stated is None or not size:
        return Fraction(1, 8)
    return min(max(stated, rate.figure.ulp or Fraction(1)) / size + (image or 0) / size, Fraction(1))


def _width(ends: Bounds) -> Fraction | None:
    return None if ends[0] is None or ends[1] is None else ends[1] - ends[0]


def nearness(trial: Trial, rate: Item) -> float:
    """How many bits it tells that figures are as near to the rate as they are, or one slip from it."""
    gap = gap_of(trial)
    if gap is None:
        return -8.0
    by_gap = -log2(float(min(2 * gap + Fraction(1, 1000), Fraction(4))))
    return max(by_gap, slip_bits(trial, rate)) if trial.slips() else by_gap


def slip_bits(trial: Trial, rate: Item) -> float:
    """How seldom figures that have nothing to do with each other are one slip apart."""
    slips = Fraction(0)
    for item in (rate, *trial.operands):
        places = abs(Fraction(item.figure.value or 0)) / Fraction(item.figure.ulp or 1)
        slips += Fraction(_SLIPS_A_DIGIT * item.digits) / max(places, Fraction(1))
    return -log2(float(min(slips, Fraction(1))))


def gap_of(trial: Trial) -> Fraction | None:
    """What lies between the sides, as a part of the larger one; None where a side has no end there."""
    low, high = trial.image
    least, most = trial.stated
    if low is None or high is None or (least is None and most is None):
        return None
    gaps = [low - most if most is not None else None, least - high if least is not None else None]
    size = max(abs(end) for end in (low, high, least, most) if end is not None)
    return max(Fraction(0), *(gap for gap in gaps if gap is not None)) / size if size else None
