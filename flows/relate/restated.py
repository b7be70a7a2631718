"""Facts that later reports of a series tell again: the same period restated, and last year's level under a growth rate.

These hold or cannot be told: a later report may restate a figure, and many rates are at constant prices.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from flows.record import Claim, Figure, Report
from flows.relate.cues import cues

_GROWTH = "_growth"
_SHORTEST = 28  # days: what is told of a month, a quarter or a year
_NOT_ACTUAL = frozenset({"part", "planned", "target", "expected"})
_REVISED = cues("restatement", "announced")


class Fact(NamedTuple):
    """What a figure tells: of whom and of when."""

    indicator: str
    entity: str
    start: date
    end: date
    unit: str


def relate_restated(reports: Sequence[tuple[Report, Sequence[Figure]]]) -> list[Claim]:
    """Claims between reports of one series, in order of date."""
    claims: list[Claim] = []
    known: dict[Fact, tuple[str, Figure]] = {}
    for report, figures in reports:
        own = _facts(figures)
        for fact, figure in own.items():
            name = f"{report.report_id}#{figure.start}"
            if fact in known and known[fact][0].rpartition("#")[0] != report.report_id:
                claims.append(_restatement(name, figure, known[fact][0]))
            if fact.indicator.endswith(_GROWTH):
                claims.extend(_growth(report, fact, name, own, known))
        for fact, figure in own.items():
            known[fact] = (f"{report.report_id}#{figure.start}", figure)
    return claims


def _facts(figures: Sequence[Figure]) -> dict[Fact, Figure]:
    """The first figure of each fact; one told with two values settles nothing and is left out."""
    found: dict[Fact, Figure] = {}
    unsettled: set[Fact] = set()
    for figure in figures:
        if not figure.indicator or figure.value is None or figure.period_start is None or figure.period_end is None:
            continue
        if (figure.period_end - figure.period_start).days < _SHORTEST or _NOT_ACTUAL & set(figure.modifiers.split(";")):
            continue
        unit = figure.base_unit or figure.unit
        fact = Fact(figure.indicator, figure.entity, figure.period_start, figure.period_end, unit)
        if fact in found and found[fact].value != figure.value:
            unsettled.add(fact)
        found.setdefault(fact, figure)
    return {fact: figure for fact, figure in found.items() if fact not in unsettled}


def _restatement(name: str, figure: Figure, earlier: str) -> Claim:
    announced = _REVISED.search(figure.indicator_text) is not None
    doubt = "a restatement is announced" if announced else "a later report may restate what an earlier one told"
    return Claim("restatement", name, [earlier], origin="series", scope_doubt=doubt, rule="series.restated")


def _growth(
    report: Report, fact: Fact, name: str, own: Mapping[Fact, Figure], known: Mapping[Fact, tuple[str, Figure]]
) -> list[Claim]:
    """The rate of growth of a level over that of the same time a year before, told by an earlier report."""
    indicator = fact.indicator.removesuffix(_GROWTH)
    level = next((f for f in own if f.indicator == indicator and f[1:4] == fact[1:4]), None)
    if level is None:
        return []
    before = level._replace(start=_year_before(level.start), end=_year_before(level.end))
    if before not in known or before in own:
        return []
    return [
        Claim(
            "growth",
            name,
            [f"{report.report_id}#{own[level].start}", known[before][0]],
            origin="series",
            scope_doubt="the earlier level may have been restated, the rate be at constant prices",
            rule="series.growth",
        )
    ]


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
