"""What a figure could be made of, by units and roles alone: the trials of which `fitting` lets arithmetic choose.

A trial says how the result would be reckoned from its operands (a kind of claim), what that makes, and whether one
slip would explain that it makes something else. No words are asked here but those that tell a role: a change is no
level, a mean is no total.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations, permutations
from typing import NamedTuple

from flows.record import Claim
from flows.relate.averages import counted, is_mean
from flows.relate.fits import (
    RATE_SCALES,
    Bounds,
    bounds,
    is_slip_in_print,
    is_within_a_slip,
    mean_bounds,
    nearly_adds_up,
    printed,
    quotient,
    weighted,
)
from flows.relate.levels import is_increment, is_whole_of_share
from flows.relate.reading import Item, Passage, addable, alike, is_count

#: Figures further from the result than this, among those of its unit, are not asked.
_NEAR = 8
#: How many of its unit a share or change is tried with: the pairs grow with the square.
_PAIRED = 6
_AFTER = 2
_PERSON_TIMES = ("人次", "人")
#: Kinds whose claims by words give way where other figures give the rate exactly.
WITHDRAWN = frozenset({"share", "growth"})
_ONE = Fraction(1)
#: What lies further apart than this part of the larger side has nothing to do with each other, or is for the words.
FAR = Fraction(1, 5)
_ALL = Fraction(100)


class Trial(NamedTuple):
    """A way to reckon the result: `image` is what the operands make, `stated` what is printed, both in one unit."""

    kind: str
    operands: tuple[Item, ...]
    stated: Bounds
    image: Bounds
    slips: Callable[[], bool]
    weights: tuple[Fraction | int, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    natural: bool = False  # what a reader would take first: a slip is believed of it alone
    whole: Item | None = None  # the result, where that is not the figure with the cue
    room: Fraction | None = None  # the size that chance is reckoned by, where that is not the result's: what 93% leaves


class Beside(NamedTuple):
    """A figure with those told beside it: `before` it, the nearest first, in its sentence or the one before in the same
    paragraph, and `after` it up to the next semicolon, in order."""

    passage: Passage
    result: Item
    before: list[Item]
    after: list[Item]

    def is_here(self, item: Item) -> bool:
        """Whether the figure stands in the result's own sentence."""
        return item.start >= self.passage.span.start


def beside(passage: Passage, result: Item) -> Beside:
    """The figure with those told beside it."""
    before = list(reversed(passage.items[: result.index]))
    previous = passage.beside(-1)
    if previous is not None:
        before.extend(reversed(previous.items))
    return Beside(passage, result, before, [i for i in passage.items[result.index + 1 :] if i.group == result.group])


def is_beside_the_point(claim: Claim, view: Beside, better: Trial) -> bool:
    """Whether the claim is a share or rate of figures that are far from giving it, and no slip explains it, so that the
    words were read as if they related others; or of the very figures that give it exactly when read otherwise.

    What is told of the wrong whole is near, and stays."""
    rate = view.result
    items = {item.start: item for item in (*view.before, *view.after)}
    told = [items.get(int(name.rpartition("#")[2])) for name in claim.operands]
    scale = RATE_SCALES.get(rate.figure.unit)
    if claim.kind not in WITHDRAWN or len(told) != 2 or None in told or scale is None or claim.parameters:
        return False
    top, bottom = (item for item in told if item is not None)
    trial = quotient_trial(claim.kind, rate, top, bottom, scale, shift=int(claim.kind == "growth"))
    return _is_far(trial) and (set(better.operands) == {top, bottom} or not trial.slips())


def _is_far(trial: Trial) -> bool:
    """Whether a fifth of the larger side, or more, lies between the sides."""
    low, high = trial.image
    least, most = trial.stated
    if low is None or high is None or least is None or most is None:
        return False
    return max(low - most, least - high) >= FAR * max(abs(end) for end in (low, high, least, most))


def of_lists(view: Beside) -> Iterator[Trial]:
    """The figures of the result's unit just before it, or those that follow it, from two of them to all."""
    whole = view.result
    told = [i for i in view.before if addable(whole, i) and not is_mean(i) and i.amount < whole.amount][:_NEAR]
    runs = [told]
    if any(is_increment(i) for i in told):
        runs.append([i for i in told if not is_increment(i)])
    here = sum(1 for i in view.before if view.is_here(i) and addable(whole, i))
    for run in runs:
        for count in range(2, len(run) + 1):
            yield _linear("sum", whole, run[count - 1 :: -1], natural=count == here == len(run) and run is runs[-1])
    following = [i for i in view.after if addable(whole, i) and not is_mean(i)][:_NEAR]
    for count in range(2, len(following) + 1):
        yield _linear("sum", whole, following[:count])


def of_balances(view: Beside) -> Iterator[Trial]:
    """Two figures of the result's unit of which it is the difference, or an opening level, what came and what went."""
    rest = view.result
    told = [i for i in view.before if addable(rest, i) and not is_mean(i)][:_PAIRED]
    bound = view.passage.reading.bound.parts
    free = [i for i in told if view.is_here(i) and i.start not in bound]
    for one, other in combinations(told, 2):
        larger, smaller = (one, other) if one.amount > other.amount else (other, one)
        natural = one in free and other in free and len(free) == 2
        yield _linear("difference", rest, [larger, smaller], weights=(1, -1), natural=natural)
    for three in combinations(reversed(told[:4]), 3):
        yield _linear("net_flow", rest, three, weights=(1, 1, -1))
        yield _linear("net_flow", rest, three, weights=(1, -1, -1))


def of_leads(view: Beside) -> Iterator[Trial]:
    """Two figures of the sentence of which it is the difference: the two largest, but for totals, before all others."""
    lead, reading = view.result, view.passage.reading
    told = [i for i in view.before if alike(lead, i) and view.is_here(i) and not is_mean(i)][:_PAIRED]
    told.sort(key=lambda i: i.amount, reverse=True)
    ranked = [i for i in told if i.start not in reading.results][:2]
    for larger, smaller in combinations(told, 2):
        yield _linear("difference", lead, [larger, smaller], weights=(1, -1), natural=[larger, smaller] == ranked)


def of_steps(view: Beside) -> Iterator[Trial]:
    """Two levels of a change's unit, before it or one of them just after it."""
    change = view.result
    told = [i for i in view.before if _is_level_of(change, i)][:_PAIRED]
    told += [i for i in view.after[:_AFTER] if _is_level_of(change, i)]
    for one, other in combinations(told, 2):
        larger, smaller = (one, other) if one.amount > other.amount else (other, one)
        yield _linear("difference", change, [larger, smaller], weights=(1, -1))


def of_means(view: Beside) -> Iterator[Trial]:
    """A total of the mean's unit and what it is a mean of: counted by the unit or noun that is named, else anything
    counted; or the figures of which it is the mean."""
    mean = view.result
    told = [i for i in view.before if not is_increment(i) and not is_mean(i)] + view.after[:1]
    quantities = [i for i in told if i.role == "quantity" and not is_whole_of_share(view.passage, i)]
    named = counted(quantities, mean.label)
    totals = [i for i in quantities if i.base == mean.base or (i.base, mean.base) == _PERSON_TIMES]
    # per head is of the average population, which is seldom the one printed: what does not agree is no slip
    natural = len(named) == 1 and len([t for t in totals if t is not named[0]]) == 1 and "人均" not in mean.label
    others = [i for i in quantities if i not in named and (is_count(i) or not (named or i.figure.unit))]
    for count in [*named, *others][:_PAIRED]:
        for total in totals[:_PAIRED]:
            if total is not count and total.figure.value and count.figure.value:
                yield _mean(mean, total, count, natural=natural and count in named)
    run = [i for i in view.before if alike(i, mean) and not is_increment(i)][:_NEAR]
    for size in range(2, len(run) + 1):
        is_all = size == len(run) and all(view.is_here(i) for i in run)
        yield _linear("sum", mean, run[size - 1 :: -1], weights=(Fraction(1, size),) * size, natural=is_all)


def of_shares(view: Beside) -> Iterator[Trial]:
    """A part and the other part that makes the whole with it, or a whole without a part; parts of wholes are weighed in
    `rates`."""
    rate = view.result
    scale = RATE_SCALES.get(rate.figure.unit)
    if scale is None:
        return
    told = [i for i in view.before if _is_amount(i)][:_NEAR] + [i for i in view.after[:_AFTER] if _is_amount(i)]
    own = [i for i in told if view.is_here(i)]
    pairs = [
        (one, other) if one.amount <= other.amount else (other, one)
        for one, other in combinations(told, 2)
        if alike(one, other)
    ]
    for part, other in permutations(own[:4], 2):
        if alike(part, other):
            yield _share_of_both(rate, part, other, scale)
    for part, whole in pairs:
        yield _share_left(rate, part, whole, scale)


def of_rates(view: Beside) -> Iterator[Trial]:
    """Two levels, a level and what it grew by, or what was added and the level before."""
    rate = view.result
    scale = RATE_SCALES.get(rate.figure.unit)
    if scale is None:
        return
    told = [i for i in view.before if _is_amount(i)][:_PAIRED] + [i for i in view.after[:1] if _is_amount(i)]
    falls = rate.figure.direction == "down"
    for one, other in permutations(told, 2):
        if not alike(one, other):
            continue
        if is_increment(one):
            if not is_increment(other):
                told_last = other.index + 1 == one.index == rate.index - 1  # 較去年的490萬元多出73萬元，增幅
                trial = quotient_trial("ratio", rate, one, other, scale, parameters=(("scale", str(scale)),))
                yield trial._replace(natural=told_last)
                yield _grown_by(rate, other, one, scale)
        elif not is_increment(other) and (one.amount < other.amount) == falls:
            yield quotient_trial("growth", rate, one, other, scale, shift=1)


def of_wholes(view: Beside) -> Iterator[Trial]:
    """The figures of a list, from the one with the cue on, as parts of one told before them."""
    first = view.result
    parts = [first]
    for item in view.after:
        if (
            item.index != parts[-1].index + 1
            or not alike(item, first)
            or is_increment(item)
            or item.depth != first.depth
        ):
            break
        parts.append(item)
    wholes = [i for i in view.before if addable(i, first) and not is_mean(i) and not is_increment(i)][:_PAIRED]
    pairs = {first.label[at : at + 2] for at in range(len(first.label) - 1)} - {"其中"}
    named = [i for i in wholes if view.is_here(i) and any(pair in i.words for pair in pairs)]
    for whole in wholes if len(parts) > 1 else ():
        natural = named == [whole] and all(part.amount < whole.amount for part in parts)
        yield _linear("sum", whole, parts, natural=natural)._replace(whole=whole)


def of_all_classes(view: Beside) -> Iterator[Trial]:
    """The shares of a list that ends with this one, as all there are."""
    last = view.result
    following = [i for i in view.after if _is_share_beside(last, i)]
    if last.figure.unit != "%" or following:
        return
    run = [last, *(i for i in view.before if view.is_here(i) and _is_share_beside(last, i))]
    if len(run) > 2:
        yield _linear("complement", last, run[::-1])._replace(stated=(_ALL, _ALL), slips=lambda: False)


def _is_share_beside(one: Item, other: Item) -> bool:
    """Whether both are rates of one unit, of one part of the sentence."""
    return (
        alike(one, other)
        and one.figure.unit == other.figure.unit
        and (one.group, one.depth) == (other.group, other.depth)
    )


def of_classes(view: Beside) -> Iterator[Trial]:
    """The shares of some classes that stand side by side, of a list of shares."""
    rate = view.result
    told = [i for i in view.before if alike(i, rate) and i.figure.unit == rate.figure.unit][:_PAIRED]
    told.reverse()
    for first, last in combinations(range(len(told)), 2):
        yield _linear("sum", rate, told[first : last + 1])


def _is_amount(item: Item) -> bool:
    return item.role == "quantity" and bool(item.figure.value) and bool(item.figure.unit)


def _is_level_of(change: Item, item: Item) -> bool:
    return alike(change, item) and not is_increment(item) and not is_mean(item)


def _linear(
    kind: str, result: Item, operands: Sequence[Item], *, weights: Sequence[Fraction | int] = (), natural: bool = False
) -> Trial:
    given = tuple(weights) or (1,) * len(operands)
    image = _weighted(operands, given)
    told = tuple(weights) if weights and kind != "difference" else ()

    def slips() -> bool:
        return nearly_adds_up(result, operands, [int(w) for w in given]) if _are_whole(given) else False

    return Trial(kind, tuple(operands), bounds(result), image, slips, told, (), natural)


def _are_whole(weights: Sequence[Fraction | int]) -> bool:
    return all(weight == int(weight) for weight in weights)


def _weighted(operands: Sequence[Item], weights: Sequence[Fraction | int]) -> Bounds:
    """The bounds of a sum with weights; those of a mean are one fraction for all."""
    if _are_whole(weights):
        return weighted(operands, [int(w) for w in weights])
    low, high = weighted(operands, [1] * len(operands))
    return None if low is None else low * weights[0], None if high is None else high * weights[0]


def _mean(mean: Item, total: Item, count: Item, *, natural: bool) -> Trial:
    own = count.factor if count.base != count.figure.unit else _ONE  # 每畝: of the unit printed, not of square metres
    low, high = quotient(total, count, own)
    parameters = (("scale", str(own)),) if own != 1 else ()

    def slips() -> bool:
        return is_within_a_slip(mean, total, count, own / mean.factor)

    return Trial("average", (total, count), mean_bounds(mean), (low, high), slips, (), parameters, natural)


def quotient_trial(
    kind: str,
    rate: Item,
    top: Item,
    bottom: Item,
    scale: int,
    *,
    shift: int = 0,
    parameters: tuple[tuple[str, str], ...] = (),
) -> Trial:
    low, high = quotient(top, bottom, scale, shift)
    if shift and rate.figure.direction == "down":
        low, high = (None if high is None else -high), (None if low is None else -low)

    image = (low, high)

    def slips() -> bool:
        if shift:
            return None not in image and is_slip_in_print(rate, image)
        return is_within_a_slip(rate, top, bottom, scale)

    return Trial(kind, (top, bottom), printed(rate), image, slips, (), parameters)


def _share_left(rate: Item, part: Item, whole: Item, scale: int) -> Trial:
    """1 - part / whole: of 620 samples 31 failed, 95.0 % passed."""
    low, high = quotient(part, whole, scale)
    image = (None if high is None else scale - high, None if low is None else scale - low)
    trial = Trial("share", (part, whole), printed(rate), image, lambda: False, (), (("left", "true"),))
    return trial._replace(room=_room(rate, scale))


def _share_of_both(rate: Item, part: Item, other: Item, scale: int) -> Trial:
    """part / (part + other): what is left is told, and not the whole."""
    low, high = quotient(other, part)
    image = (None if high is None else scale / (1 + high), None if low is None else scale / (1 + low))
    trial = Trial("share", (part, other), printed(rate), image, lambda: False, (), (("rest", "true"),))
    return trial._replace(room=_room(rate, scale))


def _room(rate: Item, scale: int) -> Fraction:
    """What the rate leaves of all: whatever small part is taken away leaves nearly all."""
    least = printed(rate)[0]
    return max(scale - least, Fraction(0)) if least is not None else Fraction(0)


def _grown_by(rate: Item, level: Item, increment: Item, scale: int) -> Trial:
    """The increment as a share of the level before: d / (a - d) = 1 / (a / d - 1)."""
    sign = -1 if increment.figure.direction == "down" else 1
    low, high = quotient(level, increment, 1, sign)
    known = low is not None and high is not None and low > 0
    image = (scale / high, scale / low) if known and low and high else (None, None)
    return Trial("growth_from_increment", (level, increment), printed(rate), image, lambda: False)
