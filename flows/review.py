"""What people say of findings: reading them from the published warehouse, and writing acknowledgements down."""

import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from flows.record.vocabulary import SEEDS
from flows.settings import Settings
from flows.write import csv_bytes, csv_rows

#: The acknowledgements that the models read.
ACKNOWLEDGEMENTS = SEEDS / "review" / "acknowledgements.csv"

#: The columns of that file.
_WRITTEN = ("finding_id", "report_id", "expected_figures", "reason", "person", "acknowledged_on")

#: The columns of a finding, as in the mart `fct_findings`.
COLUMNS: dict[str, str] = {
    "finding_id": "VARCHAR",
    "report_id": "VARCHAR",
    "check_id": "VARCHAR",
    "conflict_id": "VARCHAR",
    "kind": "VARCHAR",
    "origin": "VARCHAR",
    "verdict": "VARCHAR",
    "status": "VARCHAR",
    "resolved_by": "VARCHAR",
    "first_seen_report_id": "VARCHAR",
    "last_seen_report_id": "VARCHAR",
    "report_count": "BIGINT",
    "published_on": "DATE",
    "figures": "VARCHAR",
    "message": "VARCHAR",
    "message_zh": "VARCHAR",
    "reason": "VARCHAR",
    "acknowledgement": "VARCHAR",
    "acknowledged_by": "VARCHAR",
    "acknowledged_on": "DATE",
}


#: The columns of a figure that differs between two versions of one page, as in the mart `fct_version_changes`.
CHANGES: dict[str, str] = {
    "report_id": "VARCHAR",
    "superseded_report_id": "VARCHAR",
    "version": "BIGINT",
    "uri": "VARCHAR",
    "change": "VARCHAR",
    "indicator": "VARCHAR",
    "indicator_text": "VARCHAR",
    "figure_id_before": "VARCHAR",
    "figure_id_after": "VARCHAR",
    "quote_before": "VARCHAR",
    "quote_after": "VARCHAR",
    "value_before": "DECIMAL",
    "value_after": "DECIMAL",
    "unit": "VARCHAR",
    "difference": "DECIMAL",
}


class ReviewError(ValueError):
    """An acknowledgement that cannot be written down; the message says why, and the mend."""


def read_findings(
    settings: Settings, *, statuses: Sequence[str] = (), verdict: str = "", report: str = "", kind: str = ""
) -> list[dict[str, str]]:
    """The findings of the published warehouse, newest report first, cells as text; empty arguments mean any.

    Raises FileNotFoundError where nothing is published.
    """
    return _cells_of(
        settings,
        COLUMNS,
        """
        from marts.fct_findings
        where (len($statuses) = 0 or list_contains($statuses, status)) and ($verdict = '' or verdict = $verdict)
            and starts_with(report_id, $report) and ($kind = '' or kind = $kind)
        order by published_on desc nulls last, report_id, finding_id
        """,
        {"statuses": list(statuses), "verdict": verdict, "report": report, "kind": kind},
    )


def read_changes(settings: Settings, *, report: str = "") -> list[dict[str, str]]:
    """The figures that differ between two versions of one page, cells as text; of reports whose id begins with
    `report`. Raises FileNotFoundError where nothing is published."""
    return _cells_of(
        settings,
        CHANGES,
        """
        from marts.fct_version_changes where starts_with(report_id, $report)
        order by uri, version, report_id, indicator_text, quote_before, quote_after, version_change_id
        """,
        {"report": report},
    )


def _cells_of(
    settings: Settings, columns: Mapping[str, str], query: str, given: Mapping[str, object]
) -> list[dict[str, str]]:
    import duckdb

    warehouse = settings.current / "warehouse.duckdb"
    if not warehouse.exists():
        raise FileNotFoundError(f"no published warehouse at {warehouse}: `gongbao run` makes one")
    cells = ", ".join(f"coalesce(cast({column} as varchar), '')" for column in columns)
    with closing(duckdb.connect(warehouse, read_only=True)) as con:
        rows = con.execute(f"select {cells} {query}", dict(given)).fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]


def acknowledge(
    settings: Settings, finding_id: str, *, reason: str, person: str, on: date, file: Path = ACKNOWLEDGEMENTS
) -> dict[str, str]:
    """Write one row to `file`, replacing an earlier one of the same finding, and return it.

    The file is replaced whole or not at all. Raises ReviewError where the finding is not known or has been
    resolved, a field is empty, or the file has other columns.
    """
    if not reason.strip() or not person.strip():
        raise ReviewError("an acknowledgement has a reason and a person; one of them is empty")
    known = {row["finding_id"]: row for row in read_findings(settings)}
    finding = known.get(finding_id)
    if finding is None:
        near = [name for name in known if name.startswith(finding_id)]
        hint = f"did you mean {', '.join(near[:5])}?" if near else "`gongbao findings` lists them"
        raise ReviewError(f"no finding {finding_id!r} in the warehouse; {hint}")
    if finding["status"] == "resolved":
        raise ReviewError(f"finding {finding_id} is resolved ({finding['resolved_by']}); there is nothing to explain")
    row = {
        "finding_id": finding_id,
        "report_id": finding["report_id"],
        "expected_figures": finding["figures"],
        "reason": " ".join(reason.split()),
        "person": " ".join(person.split()),
        "acknowledged_on": on.isoformat(),
    }
    kept = [before for before in _written(file) if before["finding_id"] != finding_id]
    _replace(file, csv_bytes([*kept, row], _WRITTEN))
    return row


def _written(file: Path) -> list[dict[str, str]]:
    """The rows of the file; none where there is no file yet."""
    if not file.exists():
        return []
    rows = []
    try:
        header = file.read_text(encoding="utf-8").splitlines()[:1]
        if header != [",".join(_WRITTEN)]:
            raise ReviewError(
                f"{file}, line 1: the columns are {''.join(header)!r}; they should be {','.join(_WRITTEN)}"
            )
        for line, row in csv_rows(file):
            empty = [column for column, cell in row.items() if not cell.strip()]
            if empty:
                raise ReviewError(f"{file}, line {line}: {empty[0]} is empty; fill it in or take the row out")
            rows.append(row)
    except UnicodeDecodeError as error:
        raise ReviewError(f"{file} is no UTF-8: {error}") from error
    return rows


def _replace(file: Path, content: bytes) -> None:
    """Write beside the file, then rename over it: a reader sees the old one or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.{os.getpid()}.new")
    with aside.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    aside.replace(file)
