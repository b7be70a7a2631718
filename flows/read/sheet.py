"""A table in a text file (.csv, .tsv) to lines: a row a line, tabs between the cells, as in pages."""

import csv
import io

from flows.read.errors import ReadError
from flows.read.lines import Lines

_DELIMITERS = ",\t;|"


def read_sheet(text: str, most_cells: int) -> Lines:
    """The rows of `text` as lines with tabs between the cells.

    The delimiter is the one of comma, tab, semicolon and bar that the first line holds most of.
    Raises ReadError `broken` where a quoted cell never ends or is longer than a cell can be, `too_large` for too many.
    """
    first = text.lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    lines = Lines()
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            most_cells -= len(row)
            if most_cells < 0:
                raise ReadError("too_large", "the table has too many cells: split it, or raise GONGBAO_MAX_CELLS")
            lines.row([(" ".join(cell.split()), (number, column)) for column, cell in enumerate(row, 1)])
    except csv.Error as error:
        raise ReadError("broken", f"the table cannot be read: {error}; save it anew as UTF-8 CSV") from None
    return lines
