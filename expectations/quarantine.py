"""The quarantine: `<quarantine>/<report_id>/`, what was turned away there and why.

`figures.csv` and `claims.csv` hold the rows turned away, with the columns `expectation` and `reason` added,
one line for each expectation a row broke. `reasons.csv` lists all of it in one shape. Where the whole report
went, `report.csv` and every other row of it are there too, with the reason that took it; files that could
not be read stand as they were found.
"""

import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from expectations.folders import Folder
from flows.write import FILES, Row, csv_bytes

_ADDED = ("expectation", "reason")


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row, or one whole report (`row_key` empty), that was turned away: which expectation it broke, with
    which value, and why that is wrong."""

    report_id: str
    uri: str
    file: str
    row_key: str  # figure_id or claim_id
    expectation: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason against the row at `index` of `file`."""

    file: str
    index: int
    rejected: Rejected


def write_quarantine(home: Path, folder: Folder, refusals: Sequence[Refusal], *, whole: bool) -> None:
    """Put what was turned away of `folder` under `home`, in the place of what an earlier run put there.

    With no refusals the report leaves the quarantine.
    """
    place = home / folder.name
    shutil.rmtree(place, ignore_errors=True)
    if not refusals:
        return
    place.mkdir(parents=True)
    reasons = [asdict(refusal.rejected) for refusal in refusals]
    (place / "reasons.csv").write_bytes(csv_bytes(reasons, list(reasons[0])))
    for file, columns in FILES.items():
        rows = _with_reasons(folder, file, refusals, whole=whole)
        if rows:
            (place / file).write_bytes(csv_bytes(rows, [*columns, *_ADDED]))
        elif whole and (folder.path / file).is_file():
            shutil.copyfile(folder.path / file, place / file)


def _with_reasons(folder: Folder, file: str, refusals: Sequence[Refusal], *, whole: bool) -> list[Row]:
    own: dict[int, list[Rejected]] = {}
    for refusal in refusals:
        if refusal.file == file:
            own.setdefault(refusal.index, []).append(refusal.rejected)
    rows: list[Row] = []
    for index, row in enumerate(folder.rows[file]):
        reasons = own.get(index, [])
        rows += [row | {"expectation": told.expectation, "reason": told.reason} for told in reasons]
        if whole and not reasons:
            first = refusals[0].rejected
            rows.append(row | {"expectation": first.expectation, "reason": f"goes with its report: {first.reason}"})
    return rows
