"""Identities declared between indicators in `seeds/identities.csv`, within one report."""

import csv
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from flows.record import Claim, Figure
from flows.record.vocabulary import SEEDS, words


class Identity(NamedTuple):
    """A row of `seeds/identities.csv`. `since` and `until` bound the days it holds on; None is unbounded."""

    identity_id: str
    kind: str
    result: str
    operands: list[str]
    weights: list[Fraction]
    scope: str
    since: date | None
    until: date | None

    @property
    def anchor(self) -> str:
        """The indicator whose figure the others stand beside: the result, else the first operand."""
        return self.result or self.operands[0]


#: Kinds of claims whose second operand is an earlier level.
_COMPARING = frozenset({"growth", "average_growth", "multiple"})
#: Figures of one fact stand within so many characters of one another; a longer way is another context.
_REACH = 400


@lru_cache(maxsize=1)
def identities() -> tuple[Identity, ...]:
    """The declared identities, in file order."""
    with (SEEDS / "identities.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Identity(
                row["identity_id"],
                row["kind"],
                row["result_indicator"],
                words(row["operand_indicators"]),
                [Fraction(weight) for weight in words(row["weights"])],
                row["scope"],
                date.fromisoformat(row["since"]) if row["since"] else None,
                date.fromisoformat(row["until"]) if row["until"] else None,
            )
            for row in csv.DictReader(file)
        )


@lru_cache(maxsize=1)
def _by_anchor() -> dict[str, list[tuple[int, Identity]]]:
    """The identities by the indicator whose figure they start from, each with its place in the file."""
    found: dict[str, list[tuple[int, Identity]]] = defaultdict(list)
    for place, identity in enumerate(identities()):
        found[identity.anchor].append((place, identity))
    return found


def relate_catalogue(figures: Sequence[Figure], report_id: str, known: Sequence[Claim] = ()) -> list[Claim]:
    """Claims of declared identities whose indicators stand close together, for one entity and period.

    An indicator that stands there with two different values settles nothing and is passed over. Claims with
    the same members as one of `known` (what the text says already) are left out.
    """
    by_indicator: dict[str, list[Figure]] = defaultdict(list)
    earlier = {claim.operands[1] for claim in known if claim.kind in _COMPARING}
    for figure in figures:
        if f"{report_id}#{figure.start}" in earlier:
            continue  # the level of the year before is told beside this year's parts
        if figure.indicator and figure.value is not None and "part" not in figure.modifiers.split(";"):
            by_indicator[figure.indicator].append(figure)
    starts = {indicator: [figure.start for figure in told] for indicator, told in by_indicator.items()}
    claims: list[Claim] = []
    said = {_members(claim) for claim in known}
    told_of = {(claim.kind, frozenset(claim.operands)) for claim in known if claim.result}
    bound = _bound(known)
    anchored = [found for indicator in by_indicator for found in _by_anchor().get(indicator, ())]
    for _, identity in sorted(anchored, key=itemgetter(0)):
        if any(name not in by_indicator for name in identity.operands):
            continue
        for claim in _claims(identity, by_indicator, starts, report_id):
            if identity.kind != "subset" and (claim.kind, frozenset(claim.operands)) in told_of:
                continue  # the text says of which figure it is: 由上年的2.02縮小到1.97
            if _members(claim) in said or (claim.kind == "subset" and _bound([claim]) <= bound):
                continue
            said.add(_members(claim))
            claims.append(claim)
            bound.update(_bound([claim]))
    return claims


def _bound(claims: Sequence[Claim]) -> set[tuple[str, str]]:
    """Wholes with parts of theirs: a sum says already that none of its parts is more than the whole."""
    kinds = ("sum", "stock_identity", "open_list", "subset")
    return {(claim.result, part) for claim in claims if claim.kind in kinds for part in claim.operands}


def _members(claim: Claim) -> frozenset[str]:
    return frozenset([claim.result, *claim.operands])


def _claims(
    identity: Identity, by_indicator: Mapping[str, list[Figure]], starts: Mapping[str, list[int]], report_id: str
) -> list[Claim]:
    found: list[Claim] = []
    told: set[tuple[object, ...]] = set()
    for anchor in by_indicator[identity.anchor]:
        fact = (anchor.value, *_key(anchor))
        is_again = bool(found) and fact in told
        told.add(fact)
        if is_again or not _holds_on(identity, anchor):
            continue
        operands = [_beside(anchor, by_indicator[name], starts[name]) for name in identity.operands]
        members = [operand for operand in operands if operand is not None]
        different = {figure.start for figure in members} | ({anchor.start} if identity.result else set())
        if len(members) < len(identity.operands) or len(different) < len(members) + bool(identity.result):
            continue
        if identity.kind != "subset" and _is_told_twice(identity, anchor, by_indicator, starts):
            continue
        found.append(
            Claim(
                kind=identity.kind,
                result=f"{report_id}#{anchor.start}" if identity.result else "",
                operands=[f"{report_id}#{figure.start}" for figure in members],
                weights=identity.weights,
                origin="catalogue",
                rule=identity.identity_id,
            )
        )
    return found


def _is_told_twice(
    identity: Identity, anchor: Figure, by_indicator: Mapping[str, list[Figure]], starts: Mapping[str, list[int]]
) -> bool:
    """Whether the result stands there with two values: which of them is meant no word says here."""
    return bool(identity.result) and _beside(anchor, by_indicator[identity.anchor], starts[identity.anchor]) is None


def _holds_on(identity: Identity, figure: Figure) -> bool:
    day = figure.period_end or figure.as_of
    if day is None:
        return True
    return (identity.since is None or day >= identity.since) and (identity.until is None or day <= identity.until)


def _key(figure: Figure) -> tuple[str, date | None, date | None]:
    return figure.entity, figure.period_start, figure.period_end


def _beside(result: Figure, figures: Sequence[Figure], starts: Sequence[int]) -> Figure | None:
    """The figure of the same entity and period near the result; None where two values stand there."""
    first = bisect_left(starts, result.start - _REACH)
    last = bisect_right(starts, result.start + _REACH, lo=first)
    near = [f for f in figures[first:last] if _key(f) == _key(result)]
    if not near or len({f.value for f in near}) > 1:
        return None
    return min(near, key=lambda f: abs(f.start - result.start))
