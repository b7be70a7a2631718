"""A workbook (.xlsx) to lines: each sheet's name as a heading, a row a line, cells as the sheet shows them."""

import io
from typing import TYPE_CHECKING

from flows.read.errors import ReadError
from flows.read.lines import Lines
from flows.read.packed import check_package
from flows.read.shown import shown_value

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_MOST_COLUMNS = 1000


def read_workbook(data: bytes, shown: str, most_bytes: int, most_cells: int) -> Lines:
    """The lines of an .xlsx; hidden sheets are left out. Raises ReadError `broken`, `too_large` or `unsupported`.

    A formula shows the value that was last computed; one that never was is empty, as a viewer shows it.
    """
    check_package(data, shown, most_bytes)
    import openpyxl

    lines = Lines()
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            for sheet in workbook.worksheets:
                if sheet.sheet_state == "visible":
                    lines.add([(sheet.title, (sheet.title, ""))], is_heading=True)
                    most_cells -= _read_sheet(sheet, lines, shown, most_cells)
        finally:
            workbook.close()
    except ReadError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged file may raise whatever lies beneath openpyxl
        raise ReadError("broken", f"{shown} is no sound workbook ({error}); save it anew as .xlsx") from None
    return lines


def _read_sheet(sheet: "Worksheet", lines: Lines, shown: str, most_cells: int) -> int:
    """Writes the rows of one sheet; the number of cells passed."""
    sheet.reset_dimensions()  # type: ignore[attr-defined]  # what the file says of them may be wrong
    passed = 0
    for row in sheet.iter_rows():
        passed += max(len(row), 1)
        if passed > most_cells or len(row) > _MOST_COLUMNS:
            raise ReadError(
                "too_large",
                f"{shown}, sheet {sheet.title!r}: over {most_cells} cells, or {_MOST_COLUMNS} in a row: split it, "
                "or raise GONGBAO_MAX_CELLS",
            )
        lines.row(
            [
                ("", ("", ""))
                if cell.value is None
                else (shown_value(cell.value, cell.number_format), (sheet.title, cell.coordinate))
                for cell in row
            ]
        )
    return passed
