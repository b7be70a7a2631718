"""The write room: records to seed CSVs, frames and audit rows, and back; exact, sorted, byte-identical."""

from flows.write.audit import audit_rows
from flows.write.folder import (
    FILES,
    csv_bytes,
    csv_pieces,
    csv_rows,
    read_report_folder,
    spreadsheet_rows,
    write_report,
)
from flows.write.frames import claims_frame, figures_frame, frame, report_frame
from flows.write.numbers import decimal_text, exact_text
from flows.write.rows import (
    Row,
    claim_home,
    claim_id,
    claim_row,
    figure_id,
    figure_row,
    report_of,
    report_row,
    seed_row,
)

__all__ = [
    "FILES",
    "Row",
    "audit_rows",
    "claim_home",
    "claim_id",
    "claim_row",
    "claims_frame",
    "csv_bytes",
    "csv_pieces",
    "csv_rows",
    "decimal_text",
    "exact_text",
    "figure_id",
    "figure_row",
    "figures_frame",
    "frame",
    "read_report_folder",
    "report_frame",
    "report_of",
    "report_row",
    "seed_row",
    "spreadsheet_rows",
    "write_report",
]
