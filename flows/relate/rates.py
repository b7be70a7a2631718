"""Shares by weight: of all readings of a rate the one that words and arithmetic together speak for.

The rules of `shares` know the words between figures. What they leave unexplained is weighed here (`weighing`), and so
is what they explain by figures that do not agree: where another reading agrees, or the words speak more for another,
theirs gives way.
"""

from fractions import Fraction

from flows.record import Claim
from flows.relate.cues import cues
from flows.relate.levels import cue_before
from flows.relate.reading import Item, Passage, Reading
from flows.relate.weighing import Weighed, gap_of, is_no_share, is_share, is_share_of, weigh_shares

_CUE = cues("fitting", "share")
#: What explains a rate, so that nothing is sought for it.
_EXPLAINS = frozenset(
    {"share", "ratio", "average", "growth", "growth_from_increment", "average_growth", "multiple", "sum", "difference"}
)
#: In bits, what figures that agree must come to: with words that speak for them, and with none against them.
_LEAST = 4
_LEAST_WORDS = 1
_LEAST_WITHOUT_WORDS = 6
#: In bits, what figures that do not agree must come to; the words alone; how near they are to agreeing, where the words
#: are not so plain as to make up for it; so much more than the next.
_LEAST_OF_BROKEN = 6
_LEAST_WORDS_OF_BROKEN = 3
_PLAIN_WORDS = 8
_LEAST_NEARNESS = 1.5
_LEAST_NEARNESS_OF_SHORT = 5.0
_LEAST_NEARNESS_OF_OTHER_RATES = 3.0
_AHEAD = 2
#: A rate of fewer digits is near to too many quotients.
_LEAST_DIGITS = 3
#: What lies between the sides of plain figures at most, as a part of the larger one, where no slip explains it.
_NEAR = Fraction(3, 20)
#: What a rule claims gives way to figures that agree, for which the words speak so much less, where it is so far off;
#: and to none where it is farther off, no slip explains it, and the words are not beyond doubt.
_LOST = 4
_FAR_OFF, _FARTHER_OFF = Fraction(1, 5), Fraction(1, 4)
_BEYOND_DOUBT = 10


def relate_rates(reading: Reading, passages: list[Passage]) -> None:
    """Shares of the rates of `passages` that no claim explains, and in the place of claims that lose against others."""
    claimed = _by_result(reading)
    explained = _pairs(claimed)
    items = {item.start: item for passage in passages for item in passage.items}
    for passage in passages:
        whole: Item | None = None
        for rate in passage.items:
            if rate.role != "rate" or not is_share(rate):
                continue
            claims = claimed.get(rate.start, [])
            own = claims[0] if claims else None
            if own is not None and (len(claims) > 1 or own.kind != "share" or own.parameters.keys() - {"scale"}):
                continue
            told = [items.get(_start(name)) for name in own.operands] if own is not None else []
            part_and_whole = [item for item in told if item is not None]
            if own is not None and (len(part_and_whole) < 2 or is_share_of(rate, *part_and_whole)):
                whole = told[-1]
                continue
            whole = _weighed(passage, rate, own, whole, explained) or whole


def _weighed(
    passage: Passage, rate: Item, own: Claim | None, whole_before: Item | None, explained: dict[frozenset[int], int]
) -> Item | None:
    """The whole of the share that the rate is, as it is claimed now: `own` is what a rule claimed of it."""
    reading = passage.reading
    readings = weigh_shares(passage, rate, whole_before)
    told = next((r for r in readings if own is not None and _is_of(own, reading, r)), None)
    chosen = _chosen(rate, readings, explained)
    if own is not None:
        if told is None:
            return None  # of figures further off than are weighed here
        if chosen is told or not _gives_way(rate, told, chosen, readings, explained):
            return told.trial.operands[1]
        reading.withdraw(own)
    if chosen is None or not _claim(passage, rate, chosen):
        return None
    explained.setdefault(_pair(chosen), rate.start)
    return chosen.trial.operands[1]


def _by_result(reading: Reading) -> dict[int, list[Claim]]:
    found: dict[int, list[Claim]] = {}
    for claim in reading.claims:
        if claim.kind in _EXPLAINS and claim.result:
            found.setdefault(_start(claim.result), []).append(claim)
    return found


def _start(name: str) -> int:
    return int(name.rpartition("#")[2])


def _pairs(claimed: dict[int, list[Claim]]) -> dict[frozenset[int], int]:
    """The pairs of figures that a rate is told of, each with the first such rate."""
    found: dict[frozenset[int], int] = {}
    for start, claims in sorted(claimed.items()):
        for claim in claims:
            found.setdefault(frozenset(map(_start, claim.operands)), start)
    return found


def _pair(reading: Weighed) -> frozenset[int]:
    return frozenset(item.start for item in reading.trial.operands)


def _is_of(claim: Claim, reading: Reading, weighed: Weighed) -> bool:
    return claim.operands == [reading.figure_id(item.start) for item in weighed.trial.operands]


def _chosen(rate: Item, readings: list[Weighed], explained: dict[frozenset[int], int]) -> Weighed | None:
    """The weightiest reading that agrees, else the weightiest of all where it is plainly meant."""
    free = [r for r in readings if explained.get(_pair(r), rate.start) == rate.start]
    for reading in free:
        if reading.agrees and (
            (reading.weight >= _LEAST and reading.words >= _LEAST_WORDS)
            or (reading.weight >= _LEAST_WITHOUT_WORDS and reading.words >= -_LEAST_WORDS)
        ):
            return reading
    if not free or free[0].agrees:
        return None
    best, *others = free
    if others and best.weight < others[0].weight + _AHEAD:
        return None
    is_told = best.weight >= _LEAST_OF_BROKEN and best.words >= _LEAST_WORDS_OF_BROKEN
    return best if is_told and _is_near(rate, best) else None


def _is_near(rate: Item, best: Weighed) -> bool:
    """Whether figures that do not agree are near enough to be meant, the nearer the less the words say."""
    if is_no_share(rate):  # 出生率 is of the mean population, which is seldom printed
        return rate.figure.unit != "‰" and best.bits >= _LEAST_NEARNESS_OF_OTHER_RATES
    if best.words >= _PLAIN_WORDS:
        gap = gap_of(best.trial)
        return (gap is not None and gap <= _NEAR) or best.bits >= _LEAST_NEARNESS or best.trial.slips()
    return best.bits >= (_LEAST_NEARNESS if rate.digits >= _LEAST_DIGITS else _LEAST_NEARNESS_OF_SHORT)


def _gives_way(
    rate: Item,
    told: Weighed,
    chosen: Weighed | None,
    readings: list[Weighed],
    explained: dict[frozenset[int], int],
) -> bool:
    """Whether the claim of a rule, which does not agree, is less likely what was meant than another, or than none."""
    gap = gap_of(told.trial)
    if gap is None:
        return False
    if chosen is not None:  # who divides by the wrong whole prints what agrees with it
        least = told.words - _LOST if chosen.agrees and gap > _FAR_OFF else told.words + 1
        if chosen.words >= least:
            return True
    if max(reading.words for reading in readings) > told.words + _LOST:
        return True  # 10.3 of 14.2, where 10.3 is told as a part of 86.4
    if told.words < _LEAST_WORDS_OF_BROKEN or explained.get(_pair(told), rate.start) != rate.start:
        return True  # no word binds the two, or they are told of another rate
    return gap > _FARTHER_OFF and told.words < _BEYOND_DOUBT and not told.trial.slips()


def _claim(passage: Passage, rate: Item, chosen: Weighed) -> bool:
    return passage.reading.add(
        "share",
        rate,
        chosen.trial.operands,
        [cue_before(passage, _CUE, rate)],
        parameters=dict(chosen.trial.parameters),
        rule="share.weighed",
    )
