"""Whether the claims of a report can all hold at once, and if not, which of them contradict each other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from math import ceil, floor

from flows.judge.fast import KINDS_ON_INTEGERS, Scaled, holds_as_printed
from flows.judge.interval import Interval, point
from flows.judge.members import CannotTellError, Members, aligned, all_of, interval_of, is_fall
from flows.judge.relations import granted_scale
from flows.judge.say import CHINESE, ENGLISH, line
from flows.judge.simplex import Constraint, conflict
from flows.judge.verdicts import gather
from flows.judge.wording import numeral_of
from flows.record import Claim, Figure
from flows.record.vocabulary import vocabulary

#: A weighted sum of figures (by figure_id) and the interval it must lie in.
_Row = tuple[dict[str, Fraction], Interval]
_ZERO = Fraction(0)
_NOT_NEGATIVE = Interval(_ZERO, None)
_TRIES = 300  # smaller sets of claims that are tried before a conflict is taken as it is


@dataclass(slots=True)
class JointVerdict:
    """What exact feasibility says of many claims together.

    `conflict` lists claims (their places in the given order) that cannot all hold, none of which can be left
    out; `figures` their figures. Both are empty where everything can hold. `is_smallest` says that no conflict
    of fewer claims was possible among those connected with it. `left_out` lists the claims that were not
    considered: not linear in their figures, without their figures, or with their scope in doubt.
    """

    feasible: bool
    conflict: list[int] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    message: str = ""
    message_zh: str = ""
    is_smallest: bool = True


def judge_jointly(claims: Sequence[Claim], figures: Mapping[str, Figure]) -> JointVerdict:
    """Whether one value for each figure, within what its printed number can mean, satisfies all claims at
    once.

    Sums, differences and bounds are taken as they are. A quotient (share, growth, average, ratio) is linear
    in its operands once the result is held to its own interval, so a conflict found is always real; counts
    hold whole numbers only. The conflict is made as small as can be by leaving out one claim after the other,
    and, where few claims are connected, by trying every smaller set of them.
    """
    system = _System(claims, figures)
    for places in system.doubtful():
        core = system.conflicting(places)
        if core:
            return system.verdict(core, places)
    return system.feasible()


def joint_conflicts(claims: Sequence[Claim], figures: Mapping[str, Figure]) -> list[JointVerdict]:
    """Every conflict among the claims, no claim in two of them; empty where all can hold."""
    scaled = Scaled(figures)
    if all(_has_no_doubt(claim, scaled) for claim in claims):
        return []
    system = _System(claims, figures)
    found = []
    for connected in system.doubtful():
        places = list(connected)
        while core := system.conflicting(places):
            verdict = system.verdict(core, places)
            found.append(verdict)
            places = [place for place in places if place not in verdict.conflict]
    return found


def _has_no_doubt(claim: Claim, scaled: Scaled) -> bool:
    """Whether the printed values satisfy the claim, or it asks nothing. Where that is so of all, all can hold."""
    if claim.scope_doubt or claim.kind not in _LINEAR:
        return True
    if claim.kind in KINDS_ON_INTEGERS and holds_as_printed(claim, scaled):
        return True
    return not _System([claim], scaled.figures).doubtful()


class _System:
    """The claims as linear rows over their figures."""

    def __init__(self, claims: Sequence[Claim], figures: Mapping[str, Figure]) -> None:
        self.figures = figures
        self.rows: dict[int, list[_Row]] = {}
        self.left_out: list[int] = []
        for place, claim in enumerate(claims):
            found = None if claim.scope_doubt else _rows(claim, figures)
            if found is None:
                self.left_out.append(place)
            else:
                self.rows[place] = found
        names = {name for found in self.rows.values() for row, _ in found for name in row}
        self.bounds = {name: _bounds(figures[name]) for name in names}
        #: the printed values, where they are what the figure can mean
        self.printed = {
            name: value
            for name, bound in self.bounds.items()
            if (value := figures[name].value) is not None and bound.contains(value)
        }

    def feasible(self) -> JointVerdict:
        said = line("together", count=len(self.rows))
        return JointVerdict(True, left_out=self.left_out, message=said.text(ENGLISH), message_zh=said.text(CHINESE))

    def doubtful(self) -> list[list[int]]:
        """The claims that share figures, group by group, where the printed values themselves do not satisfy
        them.
        """
        return [places for places in self._connected() if not all(map(self._holds_as_printed, places))]

    def _connected(self) -> list[list[int]]:
        first: dict[str, int] = {}
        root = {place: place for place in self.rows}

        def top(place: int) -> int:
            while root[place] != place:
                root[place] = place = root[root[place]]
            return place

        for place, found in self.rows.items():
            for name in {name for row, _ in found for name in row}:
                root[top(place)] = top(first.setdefault(name, place))
        groups: dict[int, list[int]] = {}
        for place in self.rows:
            groups.setdefault(top(place), []).append(place)
        return list(groups.values())

    def _holds_as_printed(self, place: int) -> bool:
        for row, interval in self.rows[place]:
            total = _ZERO
            for name, weight in row.items():
                if name not in self.printed:
                    return False
                total += weight * self.printed[name]
            if not interval.contains(total):
                return False
        return True

    def conflicting(self, places: Sequence[int]) -> list[int]:
        return _conflicting(places, self.rows, self.bounds)

    def verdict(self, core: list[int], places: Sequence[int]) -> JointVerdict:
        core, is_smallest = self._least(core, places)
        names = list(dict.fromkeys(name for place in core for row, _ in self.rows[place] for name in row))
        shown = [numeral_of(self.figures[name]) or name for name in names]
        said = line("alone" if len(core) == 1 else "not_together", count=len(core), list=shown)
        return JointVerdict(False, core, names, self.left_out, said.text(ENGLISH), said.text(CHINESE), is_smallest)

    def _least(self, core: list[int], places: Sequence[int]) -> tuple[list[int], bool]:
        """The conflict without what it does not need, and whether no smaller one is among `places`."""
        for place in core:
            if self.conflicting([place]):
                return [place], True
        for place in list(core):
            rest = [other for other in core if other != place]
            if self.conflicting(rest):
                core = rest
        tried = 0
        for size in range(2, len(core)):
            for some in combinations(places, size):
                tried += 1
                if tried > _TRIES:
                    return core, False
                if self.conflicting(some):
                    return list(some), True
        return core, True


def _conflicting(places: Sequence[int], rows: Mapping[int, list[_Row]], bounds: Mapping[str, Interval]) -> list[int]:
    """The places among which a conflict lies, in order; empty where all can hold."""
    constraints = [Constraint(place, row, interval) for place in places for row, interval in rows[place]]
    used = {name for constraint in constraints for name in constraint.coefficients}
    # the bounds of figures come first: without them every claim can hold
    own = [Constraint(("figure", name), {name: Fraction(1)}, bounds[name]) for name in sorted(used)]
    return sorted(origin for origin in conflict([*own, *constraints]) if isinstance(origin, int))


def _bounds(figure: Figure) -> Interval:
    """What the figure can mean; whole numbers only where it counts things."""
    interval = interval_of(figure)
    if figure.unit not in _counters() or figure.value is None or figure.value.denominator != 1:
        return interval
    low = None if interval.low is None else _whole(ceil(interval.low), interval, 1)
    high = None if interval.high is None else _whole(floor(interval.high), interval, -1)
    return Interval(low, high)


def _whole(number: int, interval: Interval, inward: int) -> Fraction:
    return Fraction(number if interval.contains(Fraction(number)) else number + inward)


@lru_cache(maxsize=1)
def _counters() -> frozenset[str]:
    return frozenset(row["unit"] for row in vocabulary("units") if row["kind"] == "counter")


def _rows(claim: Claim, figures: Mapping[str, Figure]) -> list[_Row] | None:
    """What the claim asks of its figures, as linear rows; None where it is not linear or cannot be told."""
    build = _LINEAR.get(claim.kind)
    if build is None:
        return None
    try:
        return build(gather(claim, figures))
    except CannotTellError:
        return None


def _factors(figures: Sequence[Figure]) -> list[Fraction]:
    """What brings each figure to the common unit."""
    return [interval.low or _ZERO for interval in aligned(figures, [point(1)] * len(figures))]


def _sum_row(names: Sequence[str], weights: Sequence[Fraction]) -> dict[str, Fraction]:
    row: dict[str, Fraction] = {}
    for name, weight in zip(names, weights, strict=True):
        row[name] = row.get(name, _ZERO) + weight
    return row


def _weighted(m: Members) -> list[_Row]:
    if m.result is None:
        raise CannotTellError("no_result")
    first, *rest = _factors([m.result, *m.operands])
    weights = [-first, *(weight * factor for weight, factor in zip(m.weights, rest, strict=True))]
    return [(_sum_row([m.claim.result, *m.claim.operands], weights), point(0))]


def _difference(m: Members) -> list[_Row] | None:
    if m.result is None or m.is_set("absolute") or len(m.operands) != 2:
        return None
    first, *rest = _factors([m.result, *m.operands])
    sign = m.number("sign", 1) if m.claim.kind == "pp_change" else Fraction(1)
    if m.claim.kind == "pp_change" and is_fall(m.operands[0]) != is_fall(m.operands[1]):
        rest = [-f if is_fall(figure) else f for f, figure in zip(rest, m.operands, strict=True)]
    return [(_sum_row([m.claim.result, *m.claim.operands], [-first, sign * rest[0], -sign * rest[1]]), point(0))]


def _complement(m: Members) -> list[_Row]:
    return [(_sum_row(m.claim.operands, _factors(m.operands)), point(all_of(m.operands)))]


def _parts(m: Members) -> list[_Row]:
    if m.result is None:
        raise CannotTellError("no_result")
    first, *rest = _factors([m.result, *m.operands])
    rows = [
        (_sum_row([m.claim.result, name], [first, -factor]), _NOT_NEGATIVE)
        for name, factor in zip(m.claim.operands, rest, strict=True)
    ]
    if m.claim.kind == "open_list":
        weights = [first, *(-weight * factor for weight, factor in zip(m.weights, rest, strict=True))]
        rows.append((_sum_row([m.claim.result, *m.claim.operands], weights), _NOT_NEGATIVE))
    return rows


def _same(m: Members) -> list[_Row]:
    if m.result is None:
        raise CannotTellError("no_result")
    if m.claim.kind == "unit_equal" and "factor" in m.claim.parameters:
        first, factor = Fraction(1), m.number("factor", 1)
    else:
        first, factor = _factors([m.result, m.operands[0]])
    row = _sum_row([m.claim.result, m.claim.operands[0]], [first, -factor])
    return [(row, point(m.number("change", 0)))]


def _range(m: Members) -> list[_Row]:
    return [({m.claim.result: Fraction(1)}, Interval(m.bound("low"), m.bound("high")))]


def _order(m: Members) -> list[_Row]:
    first, second = _factors(m.operands[:2])
    row = _sum_row(m.claim.operands[:2], [first, -second])
    return [(row, Interval(_ZERO, None, not m.is_set("strict", default=True)))]


def _quotient(m: Members) -> list[_Row] | None:
    """low * bottom <= scale * top - shift * bottom <= high * bottom, for a bottom that is above 0."""
    if m.result is None or m.o[1].low is None or m.o[1].low <= 0 or m.is_set("doublings"):
        return None
    if m.claim.kind == "average":
        top = bottom = Fraction(1)
        if len({figure.unit for figure in (m.result, *m.operands) if figure.base_unit != figure.unit}) > 1:
            return None
    else:
        top, bottom = _factors(m.operands[:2])
    scale = granted_scale(m)
    r = m.r.times(-1) if m.claim.kind == "growth" and is_fall(m.result) else m.r
    shift = scale if m.claim.kind == "growth" else m.number("minus", 0) if m.claim.kind == "multiple" else _ZERO
    names = m.claim.operands[:2]
    rows = []
    rest = top if m.is_set("rest") else _ZERO  # the whole is the part and the rest
    if m.is_set("left"):  # low * bottom <= scale * (bottom - top) <= high * bottom
        top, shift = -top, shift - scale
    if r.low is not None:
        weights = [scale * top - r.low * rest, -(r.low + shift) * bottom]
        rows.append((_sum_row(names, weights), Interval(_ZERO, None, r.low_closed)))
    if r.high is not None:
        weights = [scale * top - r.high * rest, -(r.high + shift) * bottom]
        rows.append((_sum_row(names, weights), Interval(None, _ZERO, True, r.high_closed)))
    return rows


_LINEAR: dict[str, Callable[[Members], list[_Row] | None]] = {
    "sum": _weighted,
    "stock_identity": _weighted,
    "net_flow": _weighted,
    "contribution": _weighted,
    "difference": _difference,
    "pp_change": _difference,
    "complement": _complement,
    "subset": _parts,
    "open_list": _parts,
    "cumulative": _parts,
    "duplicate": _same,
    "restatement": _same,
    "unit_equal": _same,
    "range": _range,
    "order": _order,
    "share": _quotient,
    "growth": _quotient,
    "ratio": _quotient,
    "average": _quotient,
    "multiple": _quotient,
}
