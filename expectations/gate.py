"""The gate between the seed CSVs and the warehouse: what passes, what does not, and why."""

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from expectations.evidence import claim_members, claims_evidence, figures_evidence, report_evidence
from expectations.folders import Folder, open_folders
from expectations.quarantine import Refusal, Rejected, write_quarantine
from expectations.suites import SUITES, load_suite
from expectations.validate import FOLDER, ROW, Broken, Statistic, validate
from flows.settings import Settings
from flows.write import FILES, Row, csv_bytes, csv_rows, report_of

#: The expectation of claims that only the gate can judge, once it knows which figures it turned away.
FIGURES_ACCEPTED = "figures_are_accepted"


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


def run_gate(folders: Sequence[Path], texts: Mapping[str, Path], settings: Settings) -> GateResult:
    """Validate the report folders at once and route every row.

    `texts` maps a report_id, which is its folder's name, to the file with its canonical text. A row that
    breaks an expectation goes to `settings.quarantine`, and the claims over it with it; a report whose
    provenance is broken goes whole; the rest is accepted. Data Docs are built at `settings.data_docs`.
    Raises GateError where the suites cannot be run, ValueError where two folders have one name.
    """
    if not folders:
        return GateResult()
    opened = open_folders(folders, texts)
    broken, statistics = validate(
        _tables(opened, settings), {name: load_suite(name) for name in SUITES}, settings.data_docs
    )
    refusals = _refusals(opened, broken)
    whole = {each.folder for each in broken if each.expectation.severity == "report"}
    statistics.append(_follow(opened, refusals, whole, settings))

    result = GateResult(statistics=statistics, data_docs=settings.data_docs / "index.html")
    for folder in opened:
        told = refusals[folder.name]
        write_quarantine(settings.quarantine, folder, told, whole=folder.name in whole)
        result.rejected.extend(refusal.rejected for refusal in told)
        if folder.name in whole:
            result.quarantined.append(folder.name)
            continue
        kept = _kept(folder, told)
        result.counts[folder.name] = {file: len(rows) for file, rows in kept.items()}
        result.accepted[folder.name] = _accepted_folder(folder, kept, told, settings)
    return result


def _tables(folders: Sequence[Folder], settings: Settings) -> dict[str, list[Row]]:
    """The rows of all reports by suite, with their evidence, and the folder and index that name them."""
    knows = _knowing(folders, settings)
    tables: dict[str, list[Row]] = {name: [] for name in SUITES}
    for folder in folders:
        tables["report"].append(folder.report | report_evidence(folder) | _place(folder, 0))
        for suite, evidence in (
            ("figures", figures_evidence(folder)),
            ("claims", claims_evidence(folder, knows)),
        ):
            rows = folder.rows[_FILE[suite]]
            tables[suite] += [
                row | answers | _place(folder, index)
                for index, (row, answers) in enumerate(zip(rows, evidence, strict=True))
            ]
    return tables


def _place(folder: Folder, index: int) -> Row:
    return {FOLDER: folder.name, ROW: str(index)}


def _knowing(folders: Sequence[Folder], settings: Settings) -> Callable[[str], bool]:
    """Does a figure exist: as a row of this batch, or of a report beside it that was accepted before?"""
    known = {folder.name: _ids(folder.rows["figures.csv"]) for folder in folders}
    homes = {folder.path.parent for folder in folders}

    def knows(figure: str) -> bool:
        report = report_of(figure)
        if report not in known:
            known[report] = _accepted_before(report, homes, settings)
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


def _refusals(folders: Sequence[Folder], broken: Iterable[Broken]) -> dict[str, list[Refusal]]:
    """What was found against each report, in the order of the suites."""
    by_name = {folder.name: folder for folder in folders}
    refusals: dict[str, list[Refusal]] = {name: [] for name in by_name}
    for each in broken:
        expectation = each.expectation
        what = "" if expectation.name in expectation.columns else f"{', '.join(expectation.columns)} is "
        value = each.value if not what else repr(each.value)
        told = Told(expectation.name, each.value, f"{what}{value}; {expectation.why}")
        refusals[each.folder].append(_refusal(by_name[each.folder], _FILE[expectation.suite], each.row, told))
    # A broken report goes for the broken link, so that is the reason to read first.
    severe = {each.expectation.name for each in broken if each.expectation.severity == "report"}
    for against in refusals.values():
        against.sort(key=lambda refusal: refusal.rejected.expectation not in severe)
    return refusals


def _refusal(folder: Folder, file: str, index: int, told: Told) -> Refusal:
    key = folder.rows[file][index][_KEY[file]] if _KEY[file] else ""
    return Refusal(file, index, Rejected(folder.name, folder.report["uri"], file, key, *told))


def _follow(
    folders: Sequence[Folder], refusals: dict[str, list[Refusal]], whole: set[str], settings: Settings
) -> Statistic:
    """Turn away the claims over figures that were turned away, adding to `refusals`."""
    gone = {refusal.rejected.row_key for told in refusals.values() for refusal in told if refusal.file == "figures.csv"}
    evaluated = failed = 0
    for folder in folders:
        if folder.name in whole:
            continue
        told = refusals[folder.name]
        already = {refusal.index for refusal in told if refusal.file == "claims.csv"}
        for index, row in enumerate(folder.rows["claims.csv"]):
            evaluated += 1
            lost = [member for member in claim_members(row) if member in gone or report_of(member) in whole]
            if not lost or index in already:
                continue
            failed += 1
            value = ", ".join(lost)
            reason = f"quarantined: {value}; a claim stands on figures that were accepted"
            told.append(_refusal(folder, "claims.csv", index, Told(FIGURES_ACCEPTED, value, reason)))
    return Statistic("claims", FIGURES_ACCEPTED, "row", evaluated, failed)


def _kept(folder: Folder, told: Iterable[Refusal]) -> dict[str, list[Row]]:
    gone = {(refusal.file, refusal.index) for refusal in told}
    return {file: [row for index, row in enumerate(folder.rows[file]) if (file, index) not in gone] for file in FILES}


def _accepted_folder(
    folder: Folder, kept: Mapping[str, list[Row]], told: Sequence[Refusal], settings: Settings
) -> Path:
    """The folder to load: the report's own where all of it passed, otherwise a copy of what did."""
    copy = settings.accepted / folder.name
    shutil.rmtree(copy, ignore_errors=True)
    if not told:
        return folder.path
    copy.mkdir(parents=True)
    for file, rows in kept.items():
        (copy / file).write_bytes(csv_bytes(rows, FILES[file]))
    return copy
