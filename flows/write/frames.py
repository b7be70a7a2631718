"""Rows as Polars frames, typed as `flows.record.columns` says."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flows.record import Claim, Figure, Report
from flows.record.columns import AUDIT, CLAIMS, EXTRACT, FIGURES, REPORT
from flows.write.rows import claim_row, report_row, seed_row

if TYPE_CHECKING:
    import polars

_COLUMNS = {"REPORT": REPORT, "FIGURES": FIGURES, "EXTRACT": EXTRACT, "CLAIMS": CLAIMS, "AUDIT": AUDIT}
_LARGEST = Decimal(10) ** 26  # DECIMAL(38, 12) has 26 digits before the point


def report_frame(reports: Iterable[Report]) -> "polars.DataFrame":
    """One row a report, the columns of `report.csv`."""
    return frame("REPORT", (report_row(report) for report in reports))


def figures_frame(report_id: str, figures: Iterable[Figure]) -> "polars.DataFrame":
    """One row a numeral of `report_id`, in the order given, the columns of `figures.csv`."""
    return frame("FIGURES", (seed_row(report_id, figure) for figure in figures))


def claims_frame(report_id: str, claims: Iterable[Claim], text: str) -> "polars.DataFrame":
    """One row a claim of `report_id`, in the order given, the columns of `claims.csv`; `text` is its text."""
    return frame("CLAIMS", (claim_row(report_id, claim, text) for claim in claims))


def frame(name: str, rows: Iterable[Mapping[str, str]]) -> "polars.DataFrame":
    """`rows` of text as a frame with the columns `name` (REPORT, FIGURES, EXTRACT, CLAIMS or AUDIT).

    BIGINT, DECIMAL(38, 12), DATE and BOOLEAN are typed, everything else is text. Empty text stays empty
    text; an empty cell of any other type is null. A number of more than 26 digits before the point does not
    fit the type and is null too; its quote, and the CSV, still hold it.
    """
    import polars

    types: dict[str, Any] = {
        "VARCHAR": polars.String(),
        "BIGINT": polars.Int64(),
        "DECIMAL(38, 12)": polars.Decimal(38, 12),
        "DATE": polars.Date(),
        "BOOLEAN": polars.Boolean(),
    }
    columns = _COLUMNS[name]
    values: dict[str, list[object]] = {column: [] for column in columns}
    for row in rows:
        for column, kind in columns.items():
            values[column].append(_typed(row[column], kind))
    return polars.DataFrame(values, schema={column: types[kind] for column, kind in columns.items()})


def _typed(cell: str, kind: str) -> object:
    if kind == "VARCHAR":
        return cell
    if not cell:
        return None
    if kind == "BIGINT":
        return int(cell)
    if kind == "DATE":
        return date.fromisoformat(cell)
    if kind == "BOOLEAN":
        return cell == "true"
    number = Decimal(cell)
    return number if abs(number) < _LARGEST else None
