"""Reports of one publisher in order of date: what was cumulative yesterday and new today is cumulative today.

Only the figures are at hand, not the texts: what a figure counts is read from its `indicator_text`, reduced
to its stem, so that 累計本土確診病例 and 新增本土新冠肺炎確診病例 are the same cases.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from flows.record import Claim, Figure, Report
from flows.record.script import fold
from flows.record.vocabulary import vocabulary
from flows.relate.cues import cues, worded
from flows.relate.restated import relate_restated

_CUMULATIVE = cues("cumulative", "ever")
_NEW = cues("net_flow", "new")
_REVISED = cues("restatement", "revised")
_STRUCK = cues("restatement", "struck_off")
_NOW = cues("stock_identity", "there_now")
#: How ill someone is changes: of these there is no cumulative figure unless the words say so themselves.
_SEVERITY = cues("cases", "severity")
_OWN_CUMULATIVE = re.compile(r"累[计計积積](?:报告|報告)?(?:重症|危重|重型)")
_NOISE = worded(r"<cumulative.no_name>|<cases.disease>|性(?=确诊|无症状|感染|$)|例$|[^\u4e00-\u9fff]")
_SCOPE = cues("cumulative", "scope")
_CURED = cues("cumulative", "cured")
_DEAD = re.compile(r"死亡")
#: Hong Kong, Macau and Taiwan stand in mainland bulletins as where imported cases came from.
_SELDOM_HOME = frozenset({"71", "81", "82"})
#: Figures farther from one another than this do not share their scope (本土, 境外輸入).
_NEAR = 160


class Words(NamedTuple):
    """What the words of a figure say, whatever its number."""

    stem: str  # what is counted, without 累計 and 新增
    scope: str  # 本土, 境外; empty where the words name none
    told: str  # "level", "new", "revised"; empty for what no other report continues
    stock: str  # of a level of what there is now: what it is kept as, in the place of its stem


@dataclass(slots=True, frozen=True)
class Told:
    """A figure of one report with what it counts."""

    figure: Figure
    figure_id: str
    stem: str  # what is counted, and of which scope, without 累計 and 新增
    is_inferred: bool  # the scope stands in a sentence before


@dataclass(slots=True, frozen=True)
class Day:
    """One report: its cumulative figures by stem, its new ones, and announced revisions."""

    report: Report
    on: date
    entity: str  # whom most of its figures are of
    levels: Mapping[str, Told]
    flows: Mapping[str, list[Told]]
    revisions: Mapping[str, list[Told]]


def relate_series(reports: Sequence[tuple[Report, Sequence[Figure]]]) -> list[Claim]:
    """Claims between consecutive reports of one publisher on one province, in any order; undated ones are left out.

    Flow identities need consecutive days; cumulative figures may skip days.
    Where the count's beginning differs (自2022年2月26日起累計) the claim has a `scope_doubt`.
    """
    # The second copy of a text printed twice continues nothing.
    reports = [
        (report, [figure for figure in figures if "repeated" not in figure.modifiers]) for report, figures in reports
    ]
    by_id = {report.report_id: figures for report, figures in reports}
    claims: list[Claim] = []
    for series in _series(reports):
        claims.extend(_consecutive(series))
        claims.extend(relate_restated([(day.report, by_id[day.report.report_id]) for day in series]))
    return claims


def _series(reports: Sequence[tuple[Report, Sequence[Figure]]]) -> Iterable[list[Day]]:
    """The days of each series, in order: bulletins of two provinces never continue each other.

    A report that names no province goes with its publisher's others where those are all of one.
    """
    provinces: dict[str, set[str]] = {}
    found: list[tuple[str, Day]] = []
    for report, figures in reports:
        if report.published_on is None:
            continue
        province = _province(report, figures)
        provinces.setdefault(report.publisher, set()).update({province} - {""})
        found.append((province, _day(report, figures, report.published_on)))
    series: dict[tuple[str, str], list[Day]] = {}
    for province, day in found:
        named = provinces[day.report.publisher]
        key = province or (next(iter(named)) if len(named) == 1 else "")
        series.setdefault((day.report.publisher, key), []).append(day)
    return [sorted(days, key=lambda day: (day.on, day.report.report_id)) for _, days in sorted(series.items())]


def _province(report: Report, figures: Sequence[Figure]) -> str:
    """The code of the province a report is of: that of its place, else the one most of its figures are of."""
    codes = _place_codes()
    if report.place in codes:
        return codes[report.place]
    named = (codes.get(name, "") for figure in figures if figure.is_figure for name in figure.entity.split("、"))
    counted = Counter(code for code in named if code and code not in _SELDOM_HOME)
    return counted.most_common(1)[0][0] if counted else ""


@lru_cache(maxsize=1)
def _place_codes() -> dict[str, str]:
    """Names of places in either script to the first two digits of their code."""
    rows = [row for row in vocabulary("places") if row["place_code"][:2].isdigit() and row["place_code"] != "000000"]
    return {row[name]: row["place_code"][:2] for row in reversed(rows) for name in ("name_hant", "name_hans")}


def _consecutive(days: Sequence[Day]) -> list[Claim]:
    """The claims between each level and the one told last before it."""
    claims: list[Claim] = []
    last: dict[str, tuple[Told, int]] = {}
    last_deaths: dict[str, Told] = {}
    start = 0  # the first report of today's date: those of one day are not compared with each other
    for index, today in enumerate(days):
        if today.on != days[start].on:
            for position in range(start, index):
                last.update({stem: (told, position) for stem, told in days[position].levels.items()})
            start = index
        for stem, level in today.levels.items():
            if stem in last:
                earlier, position = last[stem]
                claims.extend(_level_claims(earlier, level, days[position], today, days[position + 1 : start]))
        claims.extend(_left_out(today, last_deaths))
        last_deaths.update({stem: level for stem, level in today.levels.items() if _DEAD.search(stem)})
    return claims


def _day(report: Report, figures: Sequence[Figure], on: date) -> Day:
    levels: dict[str, Told] = {}
    flows: dict[str, list[Told]] = {}
    revisions: dict[str, list[Told]] = {}
    scope, scope_end = "", -_NEAR
    for index, figure in enumerate(figures):
        if figure.cls != "quantity" or figure.value is None or not figure.indicator_text:
            continue
        words = _words(figure.indicator_text, figure.entity)
        stem = words.stem
        inferred = False
        if words.scope:
            scope, scope_end = words.scope, figure.end
        elif scope and figure.start - scope_end < _NEAR and not _is_split(figures, index):
            inferred = True
            stem = scope + stem
        if not stem or not words.told:
            continue
        told = Told(figure, f"{report.report_id}#{figure.start}", stem, inferred)
        if words.told == "revised":
            revisions.setdefault(stem, []).append(told)
        elif words.told == "new":
            flows.setdefault(stem, []).append(told)
        elif "part" not in figure.modifiers.split(";"):
            levels.setdefault(words.stock or stem, told)
    entities = Counter(figure.entity for figure in figures if figure.is_figure and figure.entity)
    return Day(report, on, _own_entity(report, entities), levels, flows, revisions)


@lru_cache(maxsize=16_384)  # a publisher says the same of its figures day by day
def _words(indicator_text: str, entity: str) -> Words:
    words = fold(indicator_text).removeprefix(fold(entity))  # 青瀾市新增確診 is 新增確診
    named = _SCOPE.search(words)
    scope = named.group()[:2] if named else ""
    told = stock = ""
    if _REVISED.search(words):
        told = "revised"
    elif _SEVERITY.search(words) and not _OWN_CUMULATIVE.search(words):
        pass
    elif _NEW.search(words):
        told = "new"
    elif _CUMULATIVE.search(words):
        told = "level"
        stock = "在:" + _stem(_NOW.sub("", words)) if _NOW.search(words) else ""
    return Words(_stem(words), scope, told, stock)


def _own_entity(report: Report, entities: Counter[str]) -> str:
    return report.place or (entities.most_common(1)[0][0] if entities else "")


def _is_split(figures: Sequence[Figure], index: int) -> bool:
    """Whether the next figure is a part of this one by scope (1384例，其中本土1207例): then this one is of all."""
    following = next((figure for figure in figures[index + 1 : index + 4] if figure.cls == "quantity"), None)
    if following is None or "part" not in following.modifiers.split(";"):
        return False
    return _SCOPE.search(fold(following.indicator_text)) is not None


def _stem(words: str) -> str:
    stem = _NOISE.sub("", words)
    stem = stem.replace("境外输入", "境外")
    if _CURED.search(stem):  # 累計本土確診治癒出院 and 新增治癒出院
        return (_scope_of(stem)) + "出院"
    if _DEAD.search(stem):
        return _scope_of(stem) + "死亡"
    return stem


def _scope_of(stem: str) -> str:
    scope = _SCOPE.search(stem)
    return scope.group()[:2] if scope else ""


def _level_claims(earlier: Told, level: Told, before: Day, today: Day, between: Sequence[Day]) -> list[Claim]:
    """Cumulative monotone, and the level before + what is new since = the level today."""
    if level.stem.startswith("在:") or earlier.figure.base_unit != level.figure.base_unit:
        return []
    if _NOW.search(level.figure.indicator_text):
        return []
    doubt = _doubt(earlier.figure, level.figure)
    if not doubt and _is_part_by_place(level, today):
        doubt = "a case told under one place of a list may be told under another later"
    revised = today.revisions.get(level.stem, [])
    claims: list[Claim] = []
    if not revised:
        claims.append(_claim("cumulative", level, [earlier], doubt=doubt, rule="series.cumulative"))
    flow = _flow_claim(earlier, level, (before, *between, today), revised, doubt)
    if flow is not None:
        claims.append(flow)
    return claims


def _is_part_by_place(level: Told, day: Day) -> bool:
    """Whether the figure is of another place than the report: one of a list."""
    entity = level.figure.entity
    return bool(entity and day.entity and entity != day.entity and entity not in day.entity.split("、"))


def _claim(
    kind: str,
    result: Told,
    operands: Sequence[Told],
    *,
    rule: str,
    weights: Sequence[Fraction] = (),
    doubt: str = "",
    parameters: dict[str, str] | None = None,
) -> Claim:
    return Claim(
        kind,
        result.figure_id,
        [told.figure_id for told in operands],
        weights=list(weights),
        origin="series",
        scope_doubt=doubt,
        rule=rule,
        parameters=parameters or {},
    )


def _flow_claim(earlier: Told, level: Told, days: Sequence[Day], revised: Sequence[Told], doubt: str) -> Claim | None:
    """o[0] the level told last, then what is new on each day since, less what was struck off."""
    before, today = days[0], days[-1]
    flows = today.flows.get(level.stem, [])
    if not flows or not _is_next(earlier, level, before, today):
        return None
    struck = [t for t in revised if _STRUCK.search(t.figure.indicator_text)]
    earlier_flows, missing = _flows_between(level.stem, days)
    doubt = doubt or missing
    explicit = [flow for flow in flows if not flow.is_inferred] or list(flows)
    change = _value(level) - _value(earlier) + sum((_value(t) for t in struck), Fraction(0))
    change -= sum((_value(t) for t in earlier_flows), Fraction(0))
    fitting = [flow for flow in [*explicit, *flows] if _value(flow) == change]
    values = {_value(flow) for flow in explicit}
    chosen = fitting[0] if fitting else explicit[-1]
    if not fitting and len(values) > 1:
        doubt = doubt or f"{len(values)} different figures of what is new"
    elif not fitting and chosen.is_inferred:
        doubt = doubt or "the figure of what is new does not name its scope"
    added = [*earlier_flows, chosen]
    weights = [Fraction(1)] * (1 + len(added)) + [Fraction(-1)] * len(struck)
    return _claim(
        "net_flow", level, [earlier, *added, *struck], weights=weights if struck else (), doubt=doubt,
        rule="series.flow",
    )  # fmt: skip


def _is_next(earlier: Told, level: Told, before: Day, today: Day) -> bool:
    """Whether the later level is of a later day: an interim bulletin of the same day has part of what is new."""
    one, other = earlier.figure.as_of, level.figure.as_of
    return today.on > before.on if one is None or other is None else other > one


def _flows_between(stem: str, days: Sequence[Day]) -> tuple[list[Told], str]:
    """What was new on the days between, and which of them is not told."""
    found: list[Told] = []
    day = days[0].on + timedelta(days=1)
    while day < days[-1].on:
        told = [flow for report in days[1:-1] if report.on == day for flow in report.flows.get(stem, [])]
        values = {_value(flow) for flow in told}
        if len(values) != 1:
            return found, f"no single figure of what is new on {day}"
        found.append(told[0])
        day += timedelta(days=1)
    return found, ""


def _value(told: Told) -> Fraction:
    figure = told.figure
    return figure.base_value if figure.base_value is not None else figure.value or Fraction(0)


def _doubt(earlier: Figure, later: Figure) -> str:
    """Why the two may count from different days, in words; empty where nothing says so."""
    one, other = _begins(earlier), _begins(later)
    if one == other:
        return ""
    if other and one:
        return f"the count begins on {other} here, on {one} in the report before"
    if other:
        return f"the count begins on {other} here, the report before names no beginning"
    return f"the report before counts from {one}, this one names no beginning"


def _begins(figure: Figure) -> str:
    """The day a cumulative figure counts from, if the text says so."""
    start, end = figure.period_start, figure.period_end
    return start.isoformat() if start is not None and end is not None and start < end else ""


def _left_out(today: Day, last_deaths: Mapping[str, Told]) -> list[Claim]:
    """Cases that are 出院 + 在院 + the deaths last told, where today's report leaves the deaths out."""
    claims = []
    for stem, whole in today.levels.items():
        scope = _scope_of(stem)
        if not scope or "确诊" not in stem or stem.startswith("在:"):
            continue
        cured, dead = today.levels.get(scope + "出院"), last_deaths.get(scope + "死亡")
        current = next((t for s, t in today.levels.items() if s.startswith("在:") and _scope_of(s) == scope), None)
        if cured is None or current is None or dead is None or scope + "死亡" in today.levels:
            continue
        if _value(dead) == 0 or _doubt(dead.figure, whole.figure):
            continue
        claims.append(
            _claim(
                "stock_identity", whole, [cured, current, dead], rule="series.part_left_out",
                doubt="today's report leaves 累計死亡 out; the figure last told is taken",
            )
        )  # fmt: skip
    return claims
