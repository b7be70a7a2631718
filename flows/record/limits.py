"""How much of a document is read at most."""

from typing import NamedTuple


class Limits(NamedTuple):
    """What is larger is turned away. `Settings` reads each from `GONGBAO_` and its name."""

    max_bytes: int = 32 * 1024 * 1024
    max_chars_per_line: int = 16 * 1024 * 1024
    max_unpacked_bytes: int = 256 * 1024 * 1024  # what an archive, an Office file or a PDF may unpack to
    max_pages: int = 2000  # of a PDF
    max_cells: int = 2_000_000  # of a table or a workbook
