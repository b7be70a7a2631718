"""A Word file (.docx) to lines: paragraphs, headings, lists and tables in document order.

The words are those a reader sees in the end: insertions taken, deletions left out, fields by their result.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

from flows.read.errors import ReadError
from flows.read.lines import Lines
from flows.read.packed import check_package

_HEADING_STYLE = re.compile(r"(?:heading|标题|標題)\s*\d|title\b|标题|標題", re.IGNORECASE)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
#: Elements that hold no words of the paragraph they stand in; a text box is a paragraph of its own.
_SKIPPED = {f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "pPr", "rPr", "rt", "txbxContent")} | {_FALLBACK}
_AS_TEXT = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
#: Elements around paragraphs and tables that are the document's own.
_CONTAINERS = {f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "customXml", "moveTo")}
_DEEPEST = 200  # elements in one another


def read_word(data: bytes, shown: str, most_bytes: int, most_cells: int) -> Lines:
    """The lines of a .docx. Raises ReadError `broken`, `too_large` or `unsupported`."""
    check_package(data, shown, most_bytes)
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        styles = {style.style_id: style.name or "" for style in document.styles}
        body = document.element.body
    except Exception as error:  # noqa: BLE001 - a damaged file may raise whatever lies beneath python-docx
        raise ReadError("broken", f"{shown} is no sound Word file ({error}); save it anew as .docx") from None
    if body is None:
        raise ReadError("broken", f"{shown} has no body; save it anew as .docx")
    return _Reader(styles, shown, most_cells).read(body)


class _Reader:
    """Walks the body; counts paragraphs and tables as they come."""

    def __init__(self, styles: dict[str, str], shown: str, most_cells: int) -> None:
        self.lines = Lines()
        self.styles = styles
        self.shown = shown
        self.cells_left = most_cells
        self.paragraphs = self.tables = 0

    def read(self, body: Any) -> Lines:
        for block in _blocks(body):
            if block.tag == f"{_W}p":
                number, self.paragraphs = self.paragraphs, self.paragraphs + 1
                self._paragraph(block, ("paragraph", number))
            else:
                number, self.tables = self.tables, self.tables + 1
                self._table(block, number)
        return self.lines

    def _paragraph(self, paragraph: Any, where: tuple[str | int, ...]) -> None:
        is_heading = self._is_heading(paragraph)
        for line in _words(paragraph).split("\n"):
            self.lines.add([(line.replace("\t", " "), where)], is_heading=is_heading)
        for box in _boxes(paragraph):
            for inner in box.iter(f"{_W}p"):
                self.lines.add([(_words(inner).replace("\t", " "), where)])

    def _table(self, table: Any, number: int) -> None:
        """Rows of cells; a cell that spans columns is followed by empty ones, as is one that a cell above covers."""
        for row_number, row in enumerate(_children(table, "tr")):
            cells: list[tuple[str, tuple[str | int | float, ...]]] = []
            for cell in _children(row, "tc"):
                where = ("cell", number, row_number, len(cells))
                covered = any(merge.get(f"{_W}val") != "restart" for merge in cell.findall(f"{_W}tcPr/{_W}vMerge"))
                words = "" if covered else "\n".join(_words(part) for part in cell.iter(f"{_W}p"))
                cells.append((words, where))
                cells += [("", where)] * (_span(cell) - 1)
                self.cells_left -= _span(cell)
                if self.cells_left < 0:
                    raise ReadError(
                        "too_large", f"{self.shown} has too many cells: split it, or raise GONGBAO_MAX_CELLS"
                    )
            self.lines.row(cells)

    def _is_heading(self, paragraph: Any) -> bool:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        name = self.styles.get(style.get(f"{_W}val"), "") if style is not None else ""
        return bool(_HEADING_STYLE.match(name)) or paragraph.find(f"{_W}pPr/{_W}outlineLvl") is not None


def _blocks(parent: Any) -> Iterator[Any]:
    """The paragraphs and tables of a body, also those inside content controls and insertions."""
    stack = [iter(parent)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag in _CONTAINERS and len(stack) < _DEEPEST:
            stack.append(iter(child))


def _children(parent: Any, name: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, also those inside content controls."""
    for child in parent:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}ins", f"{_W}customXml"):
            yield from (found for found in child.iter(f"{_W}{name}"))


def _words(paragraph: Any) -> str:
    """The visible words of a paragraph."""
    pieces: list[str] = []
    stack = [iter(paragraph)]
    while stack:
        node = next(stack[-1], None)
        if node is None:
            stack.pop()
        elif node.tag == f"{_W}t":
            pieces.append(node.text or "")
        elif node.tag in _AS_TEXT:
            pieces.append(_AS_TEXT[node.tag])
        elif node.tag not in _SKIPPED and not _is_hidden(node):
            stack.append(iter(node))
    return "".join(pieces)


def _is_hidden(node: Any) -> bool:
    return node.tag == f"{_W}r" and node.find(f"{_W}rPr/{_W}vanish") is not None


def _boxes(paragraph: Any) -> list[Any]:
    """The text boxes anchored in a paragraph; the copy for old programs is no second one."""
    return [
        box
        for box in paragraph.iter(f"{_W}txbxContent")
        if not any(parent.tag == _FALLBACK for parent in box.iterancestors())
    ]


def _span(cell: Any) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    digits = span.get(f"{_W}val", "") if span is not None else ""
    return min(max(int(digits), 1), 50) if digits.isdecimal() and len(digits) < 6 else 1
