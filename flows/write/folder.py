"""The seed CSVs of a report: `<folder>/report.csv`, `figures.csv`, `claims.csv`.

They are exact data, kept in git: `quote` is the very slice of the text, so a cell may begin with `=`, `+`,
`-` or `@`. Files meant for a spreadsheet go through `spreadsheet_rows`, which disarms such cells.
"""

import csv
import io
import itertools
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from flows.record import Claim, Figure, Report
from flows.record.columns import CLAIMS, FIGURES, REPORT
from flows.write.rows import Row, claim_row, report_row, seed_cells, to_claim, to_figure, to_report

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
T = TypeVar("T")
_ROWS_AT_ONCE = 1000

#: The files of a report folder and their columns.
FILES: dict[str, dict[str, str]] = {"report.csv": REPORT, "figures.csv": FIGURES, "claims.csv": CLAIMS}

_TRUST = ("text", "catalogue", "series")  # of two equal claims, the one the report itself states is kept


def write_report(
    folder: Path,
    report: Report,
    figures: Iterable[Figure],
    claims: Iterable[Claim],
    text: str,
    *,
    syncs: bool = True,
) -> None:
    """Write the three CSVs of `report` to `folder`; `text` is the canonical text its spans count in.

    Rows are sorted, figures by start, claims by id, so the same records give the same bytes in whatever order
    they come. A relation found twice is one row. A reader never sees a half-written folder, and a folder that
    already says the same is not touched. Without `syncs` the bytes reach the disk when whoever writes many folders
    says so (`os.sync`): three waits a report are most of the time of a fast reader. Raises ValueError where two
    figures start at one place.
    """
    contents = {
        "report.csv": csv_bytes([report_row(report)], REPORT),
        "figures.csv": b"".join(_pieces([list(FIGURES)], _figure_table(report.report_id, figures))),
        "claims.csv": csv_bytes(_claim_rows(report.report_id, claims, text), CLAIMS),
    }
    if not _says(folder, contents):
        _replace(folder, contents, syncs)


def read_report_folder(folder: Path) -> tuple[Report, list[Figure], list[Claim]]:
    """What `write_report` wrote to `folder`. Raises ValueError naming file, line, column and value."""
    reports = _records(folder / "report.csv", to_report)
    if len(reports) != 1:
        raise ValueError(f"{folder / 'report.csv'}: {len(reports)} rows; a report folder holds one report")
    return reports[0], _records(folder / "figures.csv", to_figure), _records(folder / "claims.csv", to_claim)


def csv_bytes(rows: Iterable[Mapping[str, str]], columns: Sequence[str] | Mapping[str, str]) -> bytes:
    """`rows` as CSV with a header: UTF-8, LF, quotes only where needed, columns in the order given."""
    return b"".join(csv_pieces(rows, columns))


def csv_pieces(rows: Iterable[Mapping[str, str]], columns: Sequence[str] | Mapping[str, str]) -> Iterator[bytes]:
    """The same a thousand rows at a time, so that the rows of a long report are never all there at once."""
    return _pieces([list(columns)], ([row[column] for column in columns] for row in rows))


def _pieces(*tables: Iterable[list[str]]) -> Iterator[bytes]:
    """Rows of cells as CSV, one table after the other."""
    table = itertools.chain(*tables)
    while piece := list(itertools.islice(table, _ROWS_AT_ONCE)):
        yield _encoded(piece)


def _encoded(table: Sequence[Sequence[str]]) -> bytes:
    written = _written(table, "\n")
    # Python 3.11 quotes a lone CR only when CR is part of the line terminator, so such rows are made with CRLF ...
    return (_written(table, "\r\n") if "\r" in written else written).encode("utf-8")


def _written(table: Iterable[Iterable[str]], line_end: str) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer if line_end == "\n" else _LineFeeds(buffer), lineterminator=line_end).writerows(table)
    return buffer.getvalue()


class _LineFeeds:
    """... and end in LF, once they are made."""

    def __init__(self, file: io.StringIO) -> None:
        self.file = file

    def write(self, line: str) -> int:
        return self.file.write(line.removesuffix("\r\n") + "\n")


def csv_rows(path: Path) -> Iterator[tuple[int, Row]]:
    """The rows of a CSV file with the line each ends on, all cells text.

    Raises ValueError, naming file and line, where the file is no UTF-8, has no header, or a row has more or fewer
    cells than the header.
    """
    csv.field_size_limit(sys.maxsize)  # a claim over thousands of figures is one long cell
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            header = next(reader, None)
            if not header:
                raise ValueError(f"{path}: no header line")
            for cells in reader:
                if len(cells) != len(header):
                    raise ValueError(f"{path}, line {reader.line_num}: {len(cells)} cells under {len(header)} columns")
                yield reader.line_num, dict(zip(header, cells, strict=True))
        except csv.Error as error:
            raise ValueError(f"{path}, line {reader.line_num}: {error}") from error
        except UnicodeDecodeError as error:
            raise ValueError(f"{path}, after line {reader.line_num}: byte {error.start} is no UTF-8") from error


def spreadsheet_rows(rows: Iterable[Mapping[str, str]], columns: Mapping[str, str]) -> Iterator[Row]:
    """`rows` for a file that people open in a spreadsheet: no text of a report can run as a formula there.

    A text cell (`VARCHAR` in `columns`) beginning with `=`, `+`, `-`, `@`, a tab or a line break gets a `'`
    before it.
    """
    text = {column for column, kind in columns.items() if kind == "VARCHAR"}
    for row in rows:
        yield {
            column: "'" + cell if column in text and cell.startswith(_FORMULA_STARTS) else cell
            for column, cell in row.items()
        }


def _figure_table(report_id: str, figures: Iterable[Figure]) -> list[list[str]]:
    ordered = sorted(figures, key=lambda figure: figure.start)
    for before, after in itertools.pairwise(ordered):
        if before.start == after.start:
            raise ValueError(
                f"{report_id}: two figures start at {after.start}, {before.quote!r} and {after.quote!r}; "
                "one numeral is one row"
            )
    return [seed_cells(report_id, figure) for figure in ordered]


def _claim_rows(report_id: str, claims: Iterable[Claim], text: str) -> list[Row]:
    rows = [claim_row(report_id, claim, text) for claim in claims]
    rows.sort(key=lambda row: (row["claim_id"], _TRUST.index(row["origin"]), *row.values()))
    return list({row["claim_id"]: row for row in reversed(rows)}.values())[::-1]


def _records(path: Path, make: Callable[[Row], T]) -> list[T]:
    """The rows of a file of ours as records; columns are read by name."""
    records = []
    for line, row in csv_rows(path):
        missing = [column for column in FILES[path.name] if column not in row]
        if missing:
            raise ValueError(f"{path}: no column {', '.join(missing)}")
        try:
            records.append(make(row))
        except ValueError as error:
            raise ValueError(f"{path}, line {line}: {error}") from error
    return records


def _says(folder: Path, contents: Mapping[str, bytes]) -> bool:
    """Does `folder` hold these files with these bytes, and nothing else?"""
    try:
        if set(os.listdir(folder)) != set(contents):
            return False
    except (FileNotFoundError, NotADirectoryError):
        return False
    return all((folder / name).read_bytes() == content for name, content in contents.items())


def _replace(folder: Path, contents: Mapping[str, bytes], syncs: bool) -> None:
    """Put `contents` in the place of `folder` by renames, after clearing what a killed run left beside it."""
    fresh, old = (str(folder.with_name(f".{folder.name}.{suffix}")) for suffix in ("new", "old"))
    for leftover in (fresh, old):
        if os.path.lexists(leftover):
            shutil.rmtree(leftover, ignore_errors=True)
    os.makedirs(fresh)
    for name, content in contents.items():
        with open(f"{fresh}/{name}", "wb") as file:  # a path object for each costs more than the file
            file.write(content)
            if syncs:
                file.flush()
                os.fsync(file.fileno())
    if folder.exists():
        os.rename(folder, old)
    os.rename(fresh, folder)
    shutil.rmtree(old, ignore_errors=True)
