"""Which figure is probably wrong, and what it should have been."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from flows.judge.members import CannotTellError, is_rounded
from flows.judge.relations import RULES
from flows.judge.slips import MISCALCULATED, OTHER, SCALE_WORD, slips
from flows.judge.verdicts import gather
from flows.judge.wording import other_scales, printed_as
from flows.record import KINDS, Claim, Figure, Suspect, Verdict

#: A figure moved by whole last places (days, for a date).
_Moved = Callable[[int], Figure]
_UNBOUNDED_DIGITS = 1  # a one-sided range is taken to end one digit beyond the printed number
#: Kinds whose result is worked out from the operands: it can be miscalculated as well as misprinted.
_DERIVED = frozenset(KINDS) - {
    "subset",
    "open_list",
    "cumulative",
    "duplicate",
    "restatement",
    "unit_equal",
    "range",
}
#: Each sound relation of a figure halves its likelihood: what agrees elsewhere is seldom wrong.
_SUPPORTED = 2
#: What was printed as something was seldom meant as nothing, or less.
_NOTHING = 8
#: What was worked out is wrong more often than what it was worked out from.
_DERIVED_SLIPS = Fraction(3, 2)
#: A hedge (about, nearly, at least) is put on by somebody who looks at the exact figures.
_HEDGED = 8
_SAME = frozenset({"duplicate", "restatement", "unit_equal"})
_BOUNDS = frozenset({"subset", "open_list", "cumulative", "order", "range", "date_order"})
_WINDOW = 50  # how many last places to either side are tried where a relation is not monotone


class _Mend(NamedTuple):
    """The best change of one figure: what it mends and breaks, how likely the slip is, and the value.

    `choices` is how many values would do: the more there are, the less it means that one of them is a slip
    away.
    """

    figure_id: str
    repairs: int
    breaks: int
    likelihood: Fraction
    choices: int
    suggested: str
    slip: str


def suspects(claims: Sequence[Claim], verdicts: Sequence[Verdict], figures: Mapping[str, Figure]) -> list[Suspect]:
    """The figures whose change alone mends broken relations, likeliest first; empty where nothing is broken.

    A figure is ranked by how many relations its change mends less how many sound ones it breaks, then by how
    likely its slip is: among the values that fit, how many are one slip away from the printed one and how
    frequent that slip is. Figures that would break as much as they mend are left out while others remain.
    """
    touching: dict[str, list[tuple[Claim, bool]]] = {}
    for claim, verdict in zip(claims, verdicts, strict=True):
        if verdict.verdict != "cannot_tell":
            for name in dict.fromkeys([claim.result, *claim.operands]):
                if name:
                    touching.setdefault(name, []).append((claim, verdict.verdict == "broken"))
    accused = [name for name, found in touching.items() if any(is_broken for _, is_broken in found)]
    derived = {
        claim.result
        for claim, verdict in zip(claims, verdicts, strict=True)
        if verdict.verdict == "broken" and claim.kind in _DERIVED
    }
    mends = [mend for name in accused if (mend := _best_mend(name, touching[name], figures)) is not None]
    if any(mend.repairs > mend.breaks for mend in mends):
        mends = [mend for mend in mends if mend.repairs > mend.breaks]
    mends.sort(
        key=lambda mend: (
            mend.breaks - mend.repairs,
            -mend.likelihood,
            mend.figure_id not in derived,
            -figures[mend.figure_id].start,
        )
    )
    return [
        Suspect(mend.figure_id, rank, mend.repairs, mend.breaks, mend.suggested, mend.slip)
        for rank, mend in enumerate(mends, start=1)
    ]


def suspects_by_claim(
    claims: Sequence[Claim], verdicts: Sequence[Verdict], figures: Mapping[str, Figure]
) -> dict[int, list[Suspect]]:
    """The suspects of each broken claim (by its place), ranked among its own figures.

    Broken claims that share figures are weighed together with every claim that touches those figures, so the
    answer for a claim does not depend on claims that have nothing to do with it.
    """
    found: dict[int, list[Suspect]] = {}
    for broken, around in blame_groups(claims, verdicts):
        named = suspects([claims[i] for i in around], [verdicts[i] for i in around], figures)
        for place in broken:
            own = {claims[place].result, *claims[place].operands}
            mine = [suspect for suspect in named if suspect.figure_id in own]
            found[place] = [replace(suspect, rank=rank) for rank, suspect in enumerate(mine, start=1)]
    return found


def blame_groups(claims: Sequence[Claim], verdicts: Sequence[Verdict]) -> list[tuple[list[int], list[int]]]:
    """The broken claims that share figures, and all claims that touch those figures: places, in order."""
    touching: dict[str, list[int]] = {}
    for place, claim in enumerate(claims):
        for name in dict.fromkeys([claim.result, *claim.operands]):
            if name:
                touching.setdefault(name, []).append(place)
    groups = []
    seen: set[int] = set()
    for start, verdict in enumerate(verdicts):
        if verdict.verdict != "broken" or start in seen:
            continue
        broken, around, waiting = set(), set(), [start]
        while waiting:
            place = waiting.pop()
            if place in broken:
                continue
            broken.add(place)
            for name in {claims[place].result, *claims[place].operands} - {""}:
                around.update(touching[name])
                waiting += [other for other in touching[name] if verdicts[other].verdict == "broken"]
        seen |= broken
        groups.append((sorted(broken), sorted(around)))
    return groups


def _best_mend(name: str, touching: list[tuple[Claim, bool]], figures: Mapping[str, Figure]) -> _Mend | None:
    """The change of one figure that mends most; None where no change mends anything."""
    figure = figures[name]
    sides = [(_sides(claim, name, figures), is_broken) for claim, is_broken in touching]
    best = _best_shift(name, figure, sides, touching)
    scaled = _best_scale(name, figure, sides, {claim.kind for claim, _ in touching}, best)
    if scaled is not None and (best is None or _worth(scaled) > _worth(best)):
        best = scaled
    if best is None:
        return None
    derived = any(is_broken and claim.result == name and claim.kind in _DERIVED for claim, is_broken in touching)
    if figure.cls != "date" and not _is_plain(figure):
        likelihood = (best.likelihood + OTHER) / _HEDGED
    else:
        likelihood = best.likelihood * (_DERIVED_SLIPS if derived else 1) + (MISCALCULATED if derived else OTHER)
    if (figure.value or 0) > 0 and (best.suggested == "0" or best.suggested.startswith("-")):
        likelihood /= _NOTHING
    sound = sum(not is_broken and claim.kind not in _BOUNDS for claim, is_broken in touching)
    return best._replace(likelihood=likelihood / _SUPPORTED**sound)


def _is_plain(figure: Figure) -> bool:
    """Whether the figure is a count or plainly rounded, without a hedge that gives it leeway of its own."""
    return is_rounded(figure) or (figure.low == figure.high)


def _worth(mend: _Mend) -> tuple[int, Fraction]:
    return mend.repairs - mend.breaks, mend.likelihood


def _mover(figure: Figure) -> _Moved:
    if figure.cls == "date":
        return lambda steps: _moved_date(figure, steps)
    step = figure.ulp or Fraction(1)
    return lambda steps: _moved_number(figure, steps * step)


def _moved_date(figure: Figure, days: int) -> Figure:
    shift = timedelta(days=days)
    start, end = figure.period_start, figure.period_end
    return replace(
        figure,
        period_start=None if start is None else start + shift,
        period_end=None if end is None else end + shift,
        as_of=None if figure.as_of is None else figure.as_of + shift,
    )


def _moved_number(figure: Figure, shift: Fraction) -> Figure:
    def plus(value: Fraction | None) -> Fraction | None:
        return None if value is None else value + shift

    factor = figure.base_value / figure.value if figure.value and figure.base_value is not None else Fraction(1)
    value = plus(figure.value)
    return replace(
        figure,
        value=value,
        low=plus(figure.low),
        high=plus(figure.high),
        base_value=None if value is None else value * factor,
    )


def _sides(claim: Claim, name: str, figures: Mapping[str, Figure]) -> Callable[[Figure], int | None]:
    """Where the stated interval lies beside the computed one if `name` were another figure: -1, 0 (they
    meet), 1.
    """
    members = {member: figures[member] for member in [claim.result, *claim.operands] if member in figures}

    def side(figure: Figure) -> int | None:
        members[name] = figure
        try:
            stated, computed = RULES[claim.kind](gather(claim, members))
        except CannotTellError:
            return None
        if stated.meets(computed):
            return 0
        return -1 if stated.high is not None and computed.low is not None and stated.high <= computed.low else 1

    return side


_Judged = tuple[Callable[[Figure], int | None], bool]


def _best_shift(name: str, figure: Figure, sides: list[_Judged], touching: list[tuple[Claim, bool]]) -> _Mend | None:
    """The best change by whole last places, or days: within the steps where most of the figure's relations
    hold.
    """
    moved = _mover(figure)
    printed = _in_last_places(figure)
    floor = None if figure.cls == "date" else -printed if printed is not None and printed >= 0 else None
    reach = 10 ** (len(str(abs(printed or 0))) + _UNBOUNDED_DIGITS)
    ranges = [
        _fitting(lambda steps, side=side: side(moved(steps)), floor, reach)  # type: ignore[misc]
        for (side, _), (claim, _) in zip(sides, touching, strict=True)
        if claim.kind != "granularity"
    ]
    regions = _regions(ranges)
    if not regions:
        regions = [(-_WINDOW, _WINDOW)]
    # A figure that repeats another has one right value, whatever rounding would let pass; and of the many
    # that a mere bound allows, how many there are says nothing.
    repeats = all(claim.kind in _SAME | _BOUNDS for claim, is_broken in touching if is_broken)
    best: _Mend | None = None
    for region in regions:
        mend = _in_region(name, figure, sides, region, repeats=repeats)
        if mend is not None and (best is None or _worth(mend) > _worth(best)):
            best = mend
    return best


def _regions(ranges: list[tuple[int, int] | None]) -> list[tuple[int, int]]:
    """The stretches that lie in most of the ranges."""
    starts = sorted({edge for found in ranges if found for edge in (found[0], found[1] + 1)})
    counted = []
    for start, after in pairwise(starts):
        inside = sum(1 for found in ranges if found and found[0] <= start and after - 1 <= found[1])
        counted.append((inside, start, after - 1))
    most = max((inside for inside, _, _ in counted), default=0)
    return [(low, high) for inside, low, high in counted if inside == most and most]


def _in_region(
    name: str, figure: Figure, sides: list[_Judged], region: tuple[int, int], *, repeats: bool
) -> _Mend | None:
    """The likeliest change of the figure by steps within a region where most relations hold."""
    (low, high), moved, printed = region, _mover(figure), _in_last_places(figure)
    nearest = min(max(low, 0), high)
    kinds: dict[int, tuple[str, Fraction]] = {}
    if printed is not None and printed >= 0:
        for slip in slips(printed):
            if low <= slip.meant - printed <= high:
                kinds[slip.meant - printed] = (slip.kind, slip.weight)
    outcomes: dict[int, tuple[int, int]] = {}
    for steps in [*kinds, nearest]:
        outcomes[steps] = _outcome(moved(steps), sides)
    if not any(repairs for repairs, _ in outcomes.values()):
        for steps in range(max(low, -_WINDOW), min(high, _WINDOW) + 1):
            outcomes[steps] = _outcome(moved(steps), sides)
    top = max(repairs - breaks for repairs, breaks in outcomes.values())
    fitting = [steps for steps, (r, b) in outcomes.items() if r - b == top and r > 0]
    if not fitting:
        return None
    steps = max(fitting, key=lambda k: (kinds.get(k, ("", Fraction(0)))[1], -abs(k)))
    kind = kinds.get(steps, ("other", 0))[0]
    repairs, breaks = outcomes[steps]
    suggested = printed_as(figure, moved(steps))
    if repeats:
        choices, weight = 1, kinds.get(steps, ("", Fraction(0)))[1]
    else:
        choices, weight = high - low + 1, sum((kinds[k][1] for k in fitting if k in kinds), Fraction(0))
    return _Mend(name, repairs, breaks, Fraction(weight, choices), choices, suggested, kind)


def _best_scale(name: str, figure: Figure, sides: list[_Judged], kinds: set[str], shift: _Mend | None) -> _Mend | None:
    """The figure with another scale word: 萬 for 億 or none, and so on. Percentages and dates have none."""
    best: _Mend | None = None
    if figure.value is None or figure.cls != "quantity" or all(kind == "granularity" for kind in kinds):
        return None
    choices = shift.choices if shift is not None else 1
    for factor in other_scales(figure):
        other = _scaled(figure, factor)
        repairs, breaks = _outcome(other, sides)
        if repairs and (best is None or repairs - breaks > best.repairs - best.breaks):
            suggested = printed_as(figure, other)
            best = _Mend(name, repairs, breaks, Fraction(SCALE_WORD, choices), choices, suggested, "scale_word")
    return best


def _scaled(figure: Figure, factor: Fraction) -> Figure:
    def times(value: Fraction | None) -> Fraction | None:
        return None if value is None else value * factor

    return replace(
        figure,
        value=times(figure.value),
        low=times(figure.low),
        high=times(figure.high),
        ulp=times(figure.ulp),
        base_value=times(figure.base_value),
    )


def _outcome(figure: Figure, sides: list[_Judged]) -> tuple[int, int]:
    """How many broken relations hold, and how many sound ones do not, if this is the figure."""
    repairs = breaks = 0
    for side, is_broken in sides:
        holds = side(figure) == 0
        repairs += is_broken and holds
        breaks += not is_broken and not holds
    return repairs, breaks


def _in_last_places(figure: Figure) -> int | None:
    """The printed digits as a whole number; None for a date and for a number that is no whole of its last
    places.
    """
    if figure.value is None or figure.cls == "date":
        return None
    count = figure.value / (figure.ulp or Fraction(1))
    return int(count) if count.denominator == 1 else None


def _fitting(side: Callable[[int], int | None], floor: int | None, reach: int) -> tuple[int, int] | None:
    """The steps from first to last at which a monotone relation holds; None where none within reach does.

    A range without an end is cut at `reach`, and at `floor` below.
    """
    least = -reach if floor is None else max(floor, -reach)
    here = side(0)
    if here is None:
        return None
    inside: int | None = 0 if here == 0 else None
    for end in (reach, least):
        if inside is None:
            inside = _crossing(side, here, end)
    if inside is None:
        return None
    return _last_inside(side, inside, least), _last_inside(side, inside, reach)


def _crossing(side: Callable[[int], int | None], here: int, end: int) -> int | None:
    """Some step between 0 and `end` at which the relation holds."""
    direction = 1 if end > 0 else -1
    near, far = 0, direction
    while True:
        if abs(far) > abs(end):
            far = end
        found = side(far)
        if found == 0:
            return far
        if found is None or found != here:
            break
        if far == end:
            return None
        near, far = far, far * 2
    while abs(far - near) > 1:
        middle = (near + far) // 2
        found = side(middle)
        if found == 0:
            return middle
        if found == here:
            near = middle
        else:
            far = middle
    return None


def _last_inside(side: Callable[[int], int | None], inside: int, end: int) -> int:
    """The last step from `inside` towards `end` at which the relation still holds."""
    if inside == end or side(end) == 0:
        return end
    outside = end
    while abs(outside - inside) > 1:
        middle = (inside + outside) // 2
        if side(middle) == 0:
            inside = middle
        else:
            outside = middle
    return inside
