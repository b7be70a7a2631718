"""The gate between the seed CSVs and the warehouse: what passes, what does not, and why."""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from expectations.batches import FILE_OF, KEY_OF, Reports, look_at
from expectations.evidence import claim_members
from expectations.folders import Folder, by_name, open_folder
from expectations.quarantine import Refusal, Rejected, write_quarantine
from expectations.validate import Broken, Statistic
from flows.settings import Settings
from flows.write import FILES, Row, csv_bytes, report_of

#: The expectation of claims that only the gate can judge, once it knows which figures it turned away.
FIGURES_ACCEPTED = "figures_are_accepted"


class Told(NamedTuple):
    """Which expectation was broken, with which value, and why that is wrong."""

    expectation: str
    value: str
    reason: str


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
    looked = look_at(Reports(paths, texts, settings), is_shown=is_shown)
    seen = [report for batch in looked for report in batch.seen]
    against: dict[str, list[Broken]] = {}
    for batch in looked:
        for broken in batch.validated.broken:
            against.setdefault(broken.folder, []).append(broken)
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
    result.statistics.extend(_added_up(batch.validated.statistics for batch in looked))
    result.statistics.append(Statistic("claims", FIGURES_ACCEPTED, "row", claims, followed))
    return result


def _added_up(batches: Iterable[Sequence[Statistic]]) -> Iterator[Statistic]:
    """The statistics of all batches, each of which has the same in the same order."""
    for same in zip(*batches, strict=True):
        yield replace(same[0], evaluated=sum(each.evaluated for each in same), failed=sum(each.failed for each in same))


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


def _refusals(folder: Folder, found: Sequence[Broken], lost: _Lost) -> list[Refusal]:
    """What was found against the report, in the order of the suites, and the claims that go with lost figures."""
    refusals = []
    for each in found:
        expectation = each.expectation
        what = "" if expectation.name in expectation.columns else f"{', '.join(expectation.columns)} is "
        value = each.value if not what else repr(each.value)
        told = Told(expectation.name, each.value, f"{what}{value}; {expectation.why}")
        refusals.append(_refusal(folder, FILE_OF[expectation.suite], each.row, told))
    # A broken report goes for the broken link, so that is the reason to read first.
    severe = {each.expectation.name for each in found if each.expectation.severity == "report"}
    refusals.sort(key=lambda refusal: refusal.rejected.expectation not in severe)
    return refusals if folder.name in lost.whole else [*refusals, *_follow(folder, refusals, lost)]


def _refusal(folder: Folder, file: str, index: int, told: Told) -> Refusal:
    key = folder.rows[file][index][KEY_OF[file]] if KEY_OF[file] else ""
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
