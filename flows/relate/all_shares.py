"""Shares of all parts of a whole make all of it: where the parts are told one by one, each with its share."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from flows.record import Claim
from flows.relate.cues import cues
from flows.relate.fits import adds_up, meets, weighted
from flows.relate.levels import cue_before
from flows.relate.reading import Item, Passage, Reading

_SHARE = cues("share", "share")
_ALL = {"%": Fraction(100), "成": Fraction(10)}
_LEAST = 2


def relate_all_shares(reading: Reading, passages: Sequence[Passage]) -> None:
    """Complements of shares of one whole whose parts make up the whole, and the sum of the parts if none is claimed."""
    items = {item.start: item for passage in passages for item in passage.items}
    homes = {item.start: passage for passage in passages for item in passage.items}
    shares = [claim for claim in reading.claims if claim.kind == "share" and not claim.parameters]
    by_whole: dict[str, list[Claim]] = {}
    for claim in shares:
        by_whole.setdefault(claim.operands[1], []).append(claim)
    for claims in by_whole.values():
        if len(claims) >= _LEAST:
            _relate(reading, claims, items, homes)


def _relate(reading: Reading, claims: Sequence[Claim], items: Mapping[int, Item], homes: Mapping[int, Passage]) -> None:
    told = [[items.get(_start(name)) for name in (c.result, *c.operands)] for c in claims]
    found = sorted(
        ((rate, part, whole) for rate, part, whole in told if rate and part and whole), key=lambda t: t[0].start
    )
    if len(found) != len(claims):
        return
    rates, parts, whole = [f[0] for f in found], [f[1] for f in found], found[0][2]
    unit = rates[0].figure.unit
    of_one_list = {rate.figure.unit for rate in rates} == {unit} and unit in _ALL
    if not of_one_list or len({homes[rate.start].paragraph for rate in rates}) > 1:
        return
    if not adds_up(whole, parts, [1] * len(parts)) or len({part.start for part in parts}) < len(parts):
        return
    if any(
        claim.kind == "complement" and reading.figure_id(rates[0].start) in claim.operands for claim in reading.claims
    ):
        return
    passage, first = homes[rates[0].start], rates[0]
    cue = cue_before(passage, _SHARE, first)
    makes_all = meets((_ALL[unit], _ALL[unit]), weighted(rates, [1] * len(rates)))
    if makes_all:  # where they do not, one of the shares does not agree and says so itself
        reading.add("complement", None, rates, [cue], rule="complement.all_parts")
    if reading.add("sum", whole, parts, [], rule="sum.all_parts"):
        reading.bound.update((whole.start, part.start) for part in parts)


def _start(name: str) -> int:
    return int(name.rpartition("#")[2])
