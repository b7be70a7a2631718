"""A table in a text file (.csv, .tsv) to lines: a row a line, tabs between the cells, as in pages."""

import csv
import io

from flows.read.errors import ReadError

_DELIMITERS = ",\t;|"


def read_sheet(text: str) -> str:
    """The rows of `text` as lines with tabs between the cells; blanks inside a cell are one space.

    The delimiter is the one of comma, tab, semicolon and bar that the first line holds most of.
    Raises ReadError `broken` where a quoted cell never ends or is longer than a cell can be.
    """
    first = text.lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ReadError("broken", f"the table cannot be read: {error}; save it anew as UTF-8 CSV") from None
    return "".join("\t".join(" ".join(cell.split()) for cell in row).rstrip("\t") + "\n" for row in rows)
