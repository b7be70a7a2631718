"""The gate between the seed CSVs and the warehouse: what passes, what does not, and why."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from expectations.evidence import Knows, claim_members, claims_evidence, figures_evidence, report_evidence
from expectations.folders import Folder, by_name, open_folder
from expectations.quarantine import Refusal, Rejected, write_quarantine
from expectations.suites import SUITES, load_suite
from expectations.validate import FOLDER, KEY, ROW, Broken, Statistic, Table, Validation
from flows.settings import Settings
from flows.write import FILES, Row, csv_bytes, csv_rows, report_of

#: The expectation of claims that only the gate can judge, once it knows which figures it turned away.
FIGURES_ACCEPTED = "figures_are_accepted"

#: Reports looked at together: many, as Great Expectations takes a second a time, and few, as their rows are in memory.
_AT_ONCE = 500


class Told(NamedTuple):
    """Which expectation was broken, with which value, and why that is wrong."""

    expectation: str
    value: str
    reason: str


_FILE = {"report": "report.csv", "figures": "figures.csv", "claims": "claims.csv"}
_KEY = {"report.csv": "", "figures.csv": "figure_id", "claims.csv": "claim_id"}


@dataclass(frozen=True, slots=True)
class GateResult:
    """What the gate decided over a batch of reports.

    `accepted` maps each accepted report_id to the folder to load: its own, or, where rows were turned away,
    a copy without them. `quarantined` are the reports that went whole. `rejected` has one entry for each
    expectation a row or report broke. `counts` are the accepted rows of each report by file. `data_docs` is
    the page to look at.
    """

    accepted: dict[str, Path] = field(default_factory=dict)
    quarantined: list[str] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    statistics: list[Statistic] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    data_docs: Path | None = None


def run_gate(
    folders: Sequence[Path], texts: Mapping[str, Path], settings: Settings, *, is_shown: bool = True
) -> GateResult:
    """Validate the report folders at once and route every row.

    `texts` maps a report_id, which is its folder's name, to the file with its canonical text. A row that
    breaks an expectation goes to `settings.quarantine`, and the claims over it with it; a report whose
    provenance is broken goes whole; the rest is accepted. Data Docs are built at `settings.data_docs` where `is_shown`.
    Raises GateError where the suites cannot be run, ValueError where two folders have one name.
    """
    if not folders:
        return GateResult()
    paths = by_name(folders)
    seen: list[_Seen] = []
    against: dict[str, list[Broken]] = {}
    with Validation({name: load_suite(name) for name in SUITES}, settings.data_docs, is_shown) as validation:
        for at in range(0, len(folders), _AT_ONCE):
            opened = [open_folder(path, texts.get(path.name)) for path in folders[at : at + _AT_ONCE]]
            for broken in validation.run(_tables(opened, _knowing(opened, paths, settings))):
                against.setdefault(broken.folder, []).append(broken)
            seen += map(_seen, opened)
            del opened  # before the next are opened: two batches are twice the memory
    lost = _lost(against)

    result = GateResult(data_docs=settings.data_docs / "index.html" if is_shown else None)
    for each in seen:
        # opened again only where something was found against the report, or against one that its claims speak of
        if each.name in against or not each.others.isdisjoint(against):
            folder = open_folder(paths[each.name], texts.get(each.name))
            _route(folder, _refusals(folder, against.get(each.name, ()), lost), lost, settings, result)
        else:
            for place in (settings.quarantine, settings.accepted):
                shutil.rmtree(place / each.name, ignore_errors=True)
            result.counts[each.name] = each.counts
            result.accepted[each.name] = paths[each.name]
    claims = sum(each.counts["claims.csv"] for each in seen if each.name not in lost.whole)
    followed = sum(rejected.expectation == FIGURES_ACCEPTED for rejected in result.rejected)
    result.statistics.extend([*validation.statistics, Statistic("claims", FIGURES_ACCEPTED, "row", claims, followed)])
    return result


def _route(folder: Folder, told: Sequence[Refusal], lost: "_Lost", settings: Settings, result: GateResult) -> None:
    """Put what was turned away of the report into quarantine, and what is left beside it to be loaded."""
    is_whole = folder.name in lost.whole
    write_quarantine(settings.quarantine, folder, told, whole=is_whole)
    result.rejected.extend(refusal.rejected for refusal in told)
    copy = settings.accepted / folder.name
    shutil.rmtree(copy, ignore_errors=True)
    if is_whole:
        result.quarantined.append(folder.name)
        return
    kept = _kept(folder, told)
    result.counts[folder.name] = {file: len(rows) for file, rows in kept.items()}
    result.accepted[folder.name] = copy if told else folder.path
    if told:
        copy.mkdir(parents=True)
        for file, rows in kept.items():
            (copy / file).write_bytes(csv_bytes(rows, FILES[file]))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is kept of a report once its rows have been looked at: the rows of a large run do not fit in memory."""

    name: str
    counts: dict[str, int]
    others: frozenset[str]  # the reports that its claims speak of, itself left out


@dataclass(frozen=True, slots=True)
class _Lost:
    """What claims cannot stand on: reports that went whole, figures that were turned away."""

    whole: set[str]
    figures: set[str]


def _lost(against: Mapping[str, Sequence[Broken]]) -> _Lost:
    found = [broken for of_report in against.values() for broken in of_report]
    return _Lost(
        whole={broken.folder for broken in found if broken.expectation.severity == "report"},
        figures={broken.key for broken in found if broken.expectation.suite == "figures"},
    )


def _seen(folder: Folder) -> _Seen:
    spoken_of = {report_of(member) for row in folder.rows["claims.csv"] for member in claim_members(row)}
    return _Seen(folder.name, {file: len(folder.rows[file]) for file in FILES}, frozenset(spoken_of - {folder.name}))


def _tables(folders: Sequence[Folder], knows: Knows) -> dict[str, Table]:
    """What each suite looks at, of all reports: cells of the CSVs, evidence, and what names each row.

    As columns, and those only that the suite asks for: a dict a row takes several times the room and the time.
    """
    tables: dict[str, Table] = {}
    for suite in SUITES:
        asked = dict.fromkeys(column for expectation in load_suite(suite) for column in expectation.columns)
        table: Table = {column: [] for column in (*asked, FOLDER, ROW, KEY)}
        key = _KEY[_FILE[suite]]
        for folder in folders:
            rows = [folder.report] if suite == "report" else folder.rows[_FILE[suite]]
            answers = _evidence(suite, folder, knows)
            for column in asked:
                table[column] += answers[column] if column in answers else [row[column] for row in rows]
            table[FOLDER] += [folder.name] * len(rows)
            table[ROW] += range(len(rows))
            table[KEY] += [row[key] if key else "" for row in rows]
        tables[suite] = table
    return tables


def _evidence(suite: str, folder: Folder, knows: Knows) -> dict[str, list[str]]:
    """The answers of the suite's checks by column."""
    match suite:
        case "report":
            return {check: [answer] for check, answer in report_evidence(folder).items()}
        case "figures":
            return figures_evidence(folder)
        case _:
            return claims_evidence(folder, knows)


def _knowing(folders: Sequence[Folder], paths: Mapping[str, Path], settings: Settings) -> Knows:
    """Does a figure exist: as a row of this run (`paths`), or of a report beside it that was accepted before?"""
    known = {folder.name: _ids(folder.rows["figures.csv"]) for folder in folders}
    homes = {path.parent for path in paths.values()}

    def knows(figure: str) -> bool:
        report = report_of(figure)
        if report not in known:
            known[report] = (
                _ids(open_folder(paths[report], None).rows["figures.csv"])
                if report in paths
                else _accepted_before(report, homes, settings)
            )
        return figure in known[report]

    return knows


def _accepted_before(report_id: str, homes: Iterable[Path], settings: Settings) -> set[str]:
    """The figures of an earlier report, without those in quarantine."""
    if Path(report_id).name != report_id:
        return set()
    files = [home / report_id / "figures.csv" for home in homes]
    turned_away = settings.quarantine / report_id / "figures.csv"
    ids = {identifier for file in files if file.is_file() for identifier in _ids(row for _, row in csv_rows(file))}
    return ids - (_ids(row for _, row in csv_rows(turned_away)) if turned_away.is_file() else set())


def _ids(rows: Iterable[Row]) -> set[str]:
    return {row["figure_id"] for row in rows}


def _refusals(folder: Folder, found: Sequence[Broken], lost: _Lost) -> list[Refusal]:
    """What was found against the report, in the order of the suites, and the claims that go with lost figures."""
    refusals = []
    for each in found:
        expectation = each.expectation
        what = "" if expectation.name in expectation.columns else f"{', '.join(expectation.columns)} is "
        value = each.value if not what else repr(each.value)
        told = Told(expectation.name, each.value, f"{what}{value}; {expectation.why}")
        refusals.append(_refusal(folder, _FILE[expectation.suite], each.row, told))
    # A broken report goes for the broken link, so that is the reason to read first.
    severe = {each.expectation.name for each in found if each.expectation.severity == "report"}
    refusals.sort(key=lambda refusal: refusal.rejected.expectation not in severe)
    return refusals if folder.name in lost.whole else [*refusals, *_follow(folder, refusals, lost)]


def _refusal(folder: Folder, file: str, index: int, told: Told) -> Refusal:
    key = folder.rows[file][index][_KEY[file]] if _KEY[file] else ""
    return Refusal(file, index, Rejected(folder.name, folder.report["uri"], file, key, *told))


def _follow(folder: Folder, told: Sequence[Refusal], lost: _Lost) -> list[Refusal]:
    """The claims over figures that were turned away, but for those that were turned away themselves."""
    already = {refusal.index for refusal in told if refusal.file == "claims.csv"}
    follow = []
    for index, row in enumerate(folder.rows["claims.csv"]):
        gone = [member for member in claim_members(row) if member in lost.figures or report_of(member) in lost.whole]
        if gone and index not in already:
            value = ", ".join(gone)
            reason = f"quarantined: {value}; a claim stands on figures that were accepted"
            follow.append(_refusal(folder, "claims.csv", index, Told(FIGURES_ACCEPTED, value, reason)))
    return follow


def _kept(folder: Folder, told: Iterable[Refusal]) -> dict[str, list[Row]]:
    gone = {(refusal.file, refusal.index) for refusal in told}
    return {file: [row for index, row in enumerate(folder.rows[file]) if (file, index) not in gone] for file in FILES}
