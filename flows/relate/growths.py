"""Growth by weight: which level and which earlier level a rate of change is told of, where no rule binds them.

As shares are weighed in `rates`: what the words say of the two levels, and how seldom unrelated figures agree.
"""

from math import log2

from flows.record import Claim
from flows.relate.averages import is_mean
from flows.relate.candidates import quotient_trial
from flows.relate.cues import cues, worded
from flows.relate.fits import RATE_SCALES, meets
from flows.relate.levels import (
    COMPARED_OR_FROM,
    SAME_TIME_BEFORE,
    cue_before,
    is_earlier,
    is_from_to,
    is_increment,
    names_differ,
    told_before,
)
from flows.relate.reading import Item, Passage, Reading, alike
from flows.relate.weighing import Told, Weighed, agreement, nearness, told_around

_GROWTH = cues("growth", "change")
#: 8.7%的同比降幅
_TOLD_AFTER = worded(r"^的?(?:同比|环比|按年)?(?:<growth.pace>|<growth.change>)")
_CONSTANT = worded(r"<growth.constant_prices>|<growth.at_constant_prices>")
_OTHER = worded(r"<average_growth.yearly>|<pp_change.contributes>|[占率]")
_EXPLAINS = frozenset({"growth", "growth_from_increment", "average_growth", "share", "ratio", "sum", "difference"})
#: In bits, as in `rates`.
_LEAST, _LEAST_WORDS = 6, 2
_LEAST_OF_BROKEN, _LEAST_WORDS_OF_BROKEN, _LEAST_NEARNESS = 10, 8, 3.0
#: A level further from the other than this is seldom compared with it.
_FAR = 3


def relate_growths(reading: Reading, passages: list[Passage]) -> None:
    """Growth of the rates of change of `passages` that no claim explains, or only one of an earlier level alone."""
    explained: dict[int, list[Claim]] = {}
    for claim in reading.claims:
        if claim.kind in _EXPLAINS and claim.result:
            explained.setdefault(int(claim.result.rpartition("#")[2]), []).append(claim)
    for passage in passages:
        for rate in passage.items:
            if rate.role != "rate" or rate.figure.unit not in RATE_SCALES or not _is_told(rate):
                continue
            claims = explained.get(rate.start, [])
            if any(claim.kind != "growth_from_increment" for claim in claims):
                continue
            told = told_around(passage, rate)
            earlier = {t.item.start for t in told if SAME_TIME_BEFORE.search(told_before(t.item))}
            if not earlier:
                continue
            levels = [int(claim.operands[0].rpartition("#")[2]) for claim in claims]
            if any(start not in earlier for start in levels):
                continue
            chosen = _chosen(weigh_growths(passage, rate, told))
            if chosen is None or (claims and not chosen.agrees):
                continue
            for claim in claims:
                reading.withdraw(claim)  # 較去年同期1,396件減少122件，降幅8.7%: what it fell from is told, not to
            cue = cue_before(passage, _GROWTH, rate)
            reading.add("growth", rate, chosen.trial.operands, [cue], rule="growth.weighed")


def _is_told(rate: Item) -> bool:
    told = _GROWTH.search(rate.label) is not None
    told = told or _TOLD_AFTER.match(rate.tail) is not None
    return told and not _OTHER.search(rate.label) and not _CONSTANT.search(rate.clause + rate.tail)


def weigh_growths(passage: Passage, rate: Item, told: list[Told]) -> list[Weighed]:
    """The readings of the rate as the change from one level to another, the weightiest first."""
    levels = [t for t in told if not is_increment(t.item) and not is_mean(t.item)]
    pairs = [(new, old) for new in levels for old in levels if new is not old and alike(new.item, old.item)]
    many = log2(max(len(pairs), 1)) / 2
    news = {new.item.start: _weight_of_new(rate, new, levels) for new in levels}
    olds = {old.item.start: _weight_of_old(rate, old) for old in levels}
    found = []
    for new, old in pairs:
        words = news[new.item.start] + olds[old.item.start] + _weight_of_pair(passage, new, old)
        if words < _LEAST_WORDS:
            continue
        trial = quotient_trial("growth", rate, new.item, old.item, RATE_SCALES[rate.figure.unit], shift=1)
        agrees = trial.image != (None, None) and meets(trial.stated, trial.image)
        bits = (agreement(trial, rate) if agrees else nearness(trial, rate)) - many
        found.append(Weighed(trial, words, bits, agrees))
    return sorted(found, key=lambda w: -w.weight)


def _weight_of_new(rate: Item, told: Told, levels: list[Told]) -> int:
    new = told.item
    if SAME_TIME_BEFORE.search(told_before(new)):
        return -6
    if told.back:
        return -1 - abs(told.back)
    if new.start > rate.start:
        return -1
    own = [t.item for t in levels if not t.back and t.item.start < rate.start]
    own = [item for item in own if not SAME_TIME_BEFORE.search(told_before(item))]
    return (4, 1, -1)[min(own.index(new), 2)]


def _weight_of_old(rate: Item, told: Told) -> int:
    old = told.item
    weight = 4 if SAME_TIME_BEFORE.search(told_before(old)) else -3
    if COMPARED_OR_FROM.search(old.clause):
        weight += 1
    if not told.back and abs(old.index - rate.index) <= _FAR - 1:
        weight += 1
    return weight - abs(told.back)


def _weight_of_pair(passage: Passage, new: Told, old: Told) -> int:
    weight = 0
    if names_differ(new.item, old.item):
        weight -= 5
    if new.back == old.back:
        if not new.back and is_from_to(passage, old.item, new.item):
            weight += 4
        if abs(new.item.index - old.item.index) > _FAR:
            weight -= 2
    if is_earlier(old.item, new.item):
        weight += 2
    return weight


def _chosen(readings: list[Weighed]) -> Weighed | None:
    for reading in readings:
        if reading.agrees and reading.weight >= _LEAST:
            return reading
    if not readings:
        return None
    best = readings[0]
    is_plain = best.words >= _LEAST_WORDS_OF_BROKEN and best.bits >= _LEAST_NEARNESS
    return best if is_plain and best.weight >= _LEAST_OF_BROKEN else None
