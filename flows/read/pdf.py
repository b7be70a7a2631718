"""A PDF to lines: words put together to paragraphs in reading order, ruled tables kept as rows.

Page heads, page feet and page numbers are told by what pages repeat at their edges; they stay in the text, named.
A sentence that the page's width or end broke is one line again.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from flows.read.errors import ReadError
from flows.read.inflate import check_streams
from flows.read.lines import WIDE, Lines, Where

if TYPE_CHECKING:
    from pdfplumber.page import Page

Box = tuple[float, float, float, float]  # x0, top, x1, bottom

_EDGE_LINES = 2  # how many lines at the top and bottom of a page may be its head or foot
_MOST_RULES = 5000  # lines and boxes on a page; finding tables among more takes for ever
_MOST_LINES = 400  # on a page set in columns
_MOST_CHARS = 20_000_000
_DIGITS = re.compile(r"[0-9０-９一二三四五六七八九十]+")
_PAGE_NUMBER = re.compile(
    r"[\s\-—–·.|~_]*(?:第\s*)?(?:page\s*)?[0-9０-９]{1,4}\s*(?:页|頁)?"
    r"(?:\s*(?:[/／,，]|of|共|\(共)\s*(?:共\s*)?[0-9０-９]{1,4}\s*(?:页|頁)?\)?)?[\s\-—–·.|~_]*",
    re.IGNORECASE,
)
_ENDS = "。！？!?；;："


@dataclass(slots=True)
class _Line:
    """A line of words, or a row of a table (`cells`)."""

    page: int
    text: str
    box: Box
    cells: list[tuple[str, Where]] = field(default_factory=list)
    ignored_as: str = ""

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]

    @property
    def where(self) -> Where:
        return (self.page, *(round(edge, 1) for edge in self.box))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page: its lines, its height, whether it is set in columns, and whether it holds pictures."""

    lines: list[_Line]
    has_columns: bool
    height: float
    has_pictures: bool


def read_pdf(data: bytes, shown: str, *, most_bytes: int, most_pages: int, most_cells: int) -> Lines:
    """The lines of a PDF.

    Raises ReadError: `broken`, `unsupported` (encrypted), `too_large`, `empty` (pages that are pictures).
    """
    check_streams(data, shown, most_bytes)
    import pdfplumber
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(io.BytesIO(data), pages=list(range(1, most_pages + 2))) as pdf:
            sheets = list(_sheets(pdf.pages, shown, most_pages, most_cells))
    except ReadError:
        raise
    except PdfminerException as error:
        if "Password" in repr(error):
            raise ReadError("unsupported", f"{shown} is encrypted; save it without a password") from None
        raise ReadError("broken", f"{shown} is no sound PDF ({error}); save it anew") from None
    except Exception as error:  # noqa: BLE001 - a damaged file may raise whatever lies beneath pdfplumber
        raise ReadError("broken", f"{shown} is no sound PDF ({type(error).__name__}: {error}); save it anew") from None
    if not any(sheet.lines for sheet in sheets):
        seen = "it is blank"
        if any(sheet.has_pictures for sheet in sheets):
            seen = "its pages are pictures: run a text recognition (OCR) over it first"
        raise ReadError("empty", f"{shown} holds no words; {seen}")
    _name_edges(sheets)
    return _written(sheets)


def _sheets(pages: "Sequence[Page]", shown: str, most_pages: int, most_cells: int) -> Iterator[_Sheet]:
    """The pages, read one by one and forgotten. Raises ReadError for too many of them, or too much on them."""
    if len(pages) > most_pages:
        raise ReadError("too_large", f"{shown} has over {most_pages} pages: split it, or raise GONGBAO_MAX_PAGES")
    chars = cells = 0
    for number, page in enumerate(pages, 1):
        lines, has_columns = _lines_of(page, number)
        chars += sum(len(line.text) for line in lines)
        cells += sum(len(line.cells) for line in lines)
        if chars > _MOST_CHARS or cells > most_cells:
            raise ReadError("too_large", f"{shown} holds too much text for one report: split it")
        yield _Sheet(lines, has_columns, float(page.height), bool(page.images))
        page.close()


def _lines_of(page: "Page", number: int) -> tuple[list[_Line], bool]:
    """The lines and rows of a page, from top to bottom, column after column; and whether there are columns."""
    tables = _tables(page)
    boxes = [table.bbox for table in tables]
    words = [
        word
        for word in page.extract_words(x_tolerance_ratio=0.25, y_tolerance=3)
        if not any(_is_inside(word, box) for box in boxes)
    ]
    words_by_row = _rows_of_words(words)
    gutter = _gutter(words_by_row, float(page.width))
    lines = _by_column(words_by_row, number, gutter)
    for table in tables:
        rows = _table_rows(table, number)
        above = next((index for index, line in enumerate(lines) if line.box[1] > table.bbox[1]), len(lines))
        lines[above:above] = rows
    return lines, gutter is not None


def _tables(page: "Page") -> list[Any]:
    """The ruled tables of a page: at least two rows and two columns; a frame around the text is none."""
    if len(page.lines) + len(page.rects) + len(page.curves) > _MOST_RULES:
        return []
    found = [
        table for table in page.find_tables() if len(table.rows) > 1 and max(len(row.cells) for row in table.rows) > 1
    ]
    return sorted(found, key=lambda table: table.bbox[1])


def _is_inside(word: dict[str, Any], box: Box) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _table_rows(table: Any, number: int) -> list[_Line]:
    rows = []
    for row, texts in zip(table.rows, table.extract(x_tolerance_ratio=0.25, y_tolerance=3), strict=True):
        cells: list[tuple[str, Where]] = []
        for box, text in zip(row.cells, texts, strict=True):
            place = box or row.bbox
            cells.append((_closed_up(text or ""), (number, *(round(float(edge), 1) for edge in place))))
        rows.append(_Line(number, "".join(text for text, _ in cells), row.bbox, cells))
    return [row for row in rows if row.text.strip()]


def _closed_up(text: str) -> str:
    """Chinese set with wide gaps has no blanks: 合 计 is 合计."""
    return re.sub(rf"(?<={WIDE.pattern})[ \u3000]+(?={WIDE.pattern})", "", text)


def _rows_of_words(words: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The words of each line, from left to right; a raised or lowered character belongs to its line."""
    rows: list[list[dict[str, Any]]] = []
    middle = height = 0.0
    for word in sorted(words, key=lambda word: ((word["top"] + word["bottom"]) / 2, word["x0"])):
        place, own = (word["top"] + word["bottom"]) / 2, word["bottom"] - word["top"]
        if rows and abs(place - middle) < 0.5 * max(height, own):
            rows[-1].append(word)
            height = max(height, own)
        else:
            rows.append([word])
            middle, height = place, own
    return [sorted(row, key=lambda word: word["x0"]) for row in rows]


def _by_column(rows: list[list[dict[str, Any]]], number: int, gutter: float | None) -> list[_Line]:
    """The lines in reading order: where a gutter runs down the middle, the left column before the right."""
    if gutter is None:
        return [_line(row, number) for row in rows]
    lines: list[_Line] = []
    waiting: list[_Line] = []  # the right column, until a line goes across
    for row in rows:
        left = [word for word in row if word["x1"] <= gutter]
        right = [word for word in row if word["x0"] >= gutter]
        if len(left) + len(right) < len(row):
            lines += [*waiting, _line(row, number)]
            waiting = []
            continue
        if left:
            lines.append(_line(left, number))
        if right:
            waiting.append(_line(right, number))
    return lines + waiting


def _gutter(rows: list[list[dict[str, Any]]], width: float) -> float | None:
    """The x of a blank strip near the middle with full lines on both sides of it, on most rows; None for one column."""
    starts = Counter(
        round(right["x0"])
        for row in rows
        for left, right in pairwise(row)
        if right["x0"] - left["x1"] > 1.2 * (right["bottom"] - right["top"]) and 0.35 < right["x0"] / width < 0.65
    )
    if not starts:
        return None
    x, count = starts.most_common(1)[0]
    crossing = sum(any(word["x0"] < x - 6 and word["x1"] > x - 1 for word in row) for row in rows)
    return x - 3.0 if count >= max(4, 0.6 * (len(rows) - crossing)) and crossing <= 0.4 * len(rows) else None


def _line(words: Sequence[dict[str, Any]], number: int) -> _Line:
    text, before = "", None
    for word in words:
        if before is not None:
            gap, size = word["x0"] - before["x1"], word["bottom"] - word["top"]
            is_chinese = WIDE.match(text[-1]) and WIDE.match(word["text"][0])
            text += "" if is_chinese and gap < size else " "
        text += word["text"]
        before = word
    box = (
        float(min(word["x0"] for word in words)),
        float(min(word["top"] for word in words)),
        float(max(word["x1"] for word in words)),
        float(max(word["bottom"] for word in words)),
    )
    return _Line(number, text, box)


def _name_edges(sheets: Sequence[_Sheet]) -> None:
    """Names the lines at the edges of pages that are page numbers, or the same on most pages."""
    times: Counter[tuple[bool, str]] = Counter()
    edges: list[tuple[bool, _Line, float]] = []
    for sheet in sheets:
        lines, size = sheet.lines, sheet.height
        own = [(True, line) for line in lines[:_EDGE_LINES] if line.box[3] < 0.2 * size]
        own += [(False, line) for line in lines[-_EDGE_LINES:] if line.box[1] > 0.8 * size]
        own = [(is_top, line) for is_top, line in own if not line.cells]
        times.update({(is_top, _key(line.text)) for is_top, line in own})
        edges += [(is_top, line, size) for is_top, line in own]
    most = max(2, (len(sheets) + 1) // 2)
    for is_top, line, size in edges:
        outermost = line.box[3] < 0.1 * size if is_top else line.box[1] > 0.88 * size
        if outermost and _PAGE_NUMBER.fullmatch(line.text):
            line.ignored_as = "page_number"
        elif times[is_top, _key(line.text)] >= most:
            line.ignored_as = "page_header" if is_top else "page_footer"


def _key(text: str) -> str:
    return _DIGITS.sub("#", "".join(text.split()))


def _written(sheets: Sequence[_Sheet]) -> Lines:
    """The lines of all pages, those of one paragraph put together."""
    lines = Lines()
    paragraph: list[_Line] = []
    edges: list[_Line] = []  # page heads and feet met inside a paragraph come after it

    def finish() -> None:
        if paragraph:
            lines.add([(line.text, line.where) for line in paragraph])
        for edge in edges:
            lines.add([(edge.text, edge.where)], ignored_as=edge.ignored_as)
        paragraph.clear()
        edges.clear()

    for line, left, right in _body(sheets):
        if line.ignored_as:
            edges.append(line)
        elif line.cells:
            finish()
            lines.row(line.cells)
        elif paragraph and _goes_on(paragraph[-1], line, left, right):
            paragraph.append(line)
        else:
            finish()
            paragraph.append(line)
    finish()
    return lines


def _body(sheets: Sequence[_Sheet]) -> Iterator[tuple[_Line, float, float]]:
    """Every line with the left and right edge of the text, or of its column."""
    own = [[line for line in sheet.lines if not line.cells and not line.ignored_as] for sheet in sheets]
    single = [line for lines, sheet in zip(own, sheets, strict=True) if not sheet.has_columns for line in lines]
    left = min((line.box[0] for line in single), default=0.0)
    right = max((line.box[2] for line in single), default=0.0)
    for sheet, words in zip(sheets, own, strict=True):
        for line in sheet.lines:
            if sheet.has_columns and len(words) < _MOST_LINES:
                beside = [other for other in words if other.box[0] < line.box[2] and other.box[2] > line.box[0]]
                left = min((other.box[0] for other in beside), default=line.box[0])
                right = max((other.box[2] for other in beside), default=line.box[2])
            yield line, left, right


def _goes_on(line: _Line, after: _Line, left: float, right: float) -> bool:
    """Whether `after` goes on with the sentence of `line`: it fills its line, the next one is set alike, unindented."""
    size = min(line.height, after.height)
    if max(line.height, after.height) > 1.25 * size:
        return False
    is_full = line.box[2] > right - 1.6 * size
    is_indented = after.box[0] > left + 1.2 * size
    if line.page == after.page:
        gap = after.box[1] - line.box[3]
        if not -size < gap < 2.2 * size:
            return after.box[1] < line.box[1] and is_full and not is_indented and line.text[-1] not in _ENDS
    return is_full and not is_indented
