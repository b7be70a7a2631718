"""Bytes to Document: the way in."""

import os
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from flows.read.decode import declared_charset, decode
from flows.read.errors import ReadError
from flows.read.kinds import HTML, MARKDOWN, PDF, SHEET, WORD, WORKBOOK, media_type
from flows.read.lines import Lines
from flows.read.marks import front_matter, heading_text, markdown_headings, plain_headings
from flows.read.split import Clauses, paragraphs, sentences
from flows.record import Document, Limits, Place, Span
from flows.record.script import fold, script_of

#: Raise it with every change of the text or the spans that a report is read to.
READER_VERSION = "3"

_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the mark-up tells: the paragraphs, headings, what is not the report's words, title, keys, places."""

    lines: list[Span]
    headings: list[Span]
    ignored: list[Span]
    ignored_as: list[str]
    title: str
    keys: dict[str, str] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)


def read_document(
    data: bytes,
    *,
    name: str = "",
    content_type: str = "",
    max_bytes: int | None = None,
    max_chars_per_line: int | None = None,
) -> Document:
    """The text of a report and its structure.

    `data` are the bytes as they came, `name` the file's name (or a page's last part), `content_type` the
    header that a page came with; suffix and header say how to read it, the bytes themselves where neither
    does. The limits are in bytes and code points, by default `GONGBAO_MAX_BYTES` and
    `GONGBAO_MAX_CHARS_PER_LINE`.

    Raises ReadError, with a code: `empty`, `too_large`, `unsupported`, `not_text`, `broken`.
    """
    shown = name or "the file"
    if not data:
        raise ReadError("empty", f"{shown} is empty (0 bytes): fetch it again, or leave it out")
    limit = get_limits().max_bytes if max_bytes is None else max_bytes
    if len(data) > limit:
        raise ReadError(
            "too_large",
            f"{shown} has {len(data)} bytes; at most {limit} are read: split it, or raise GONGBAO_MAX_BYTES",
        )
    kind = media_type(data, name, content_type)
    if kind in (PDF, WORD, WORKBOOK):
        document = _of_lines(_unpacked(data, kind, shown), "binary", kind)
    else:
        text, encoding = decode(data, declared_charset(data if kind == HTML else b"", content_type))
        longest = get_limits().max_chars_per_line if max_chars_per_line is None else max_chars_per_line
        _check_lines(text, shown, longest)
        if kind == HTML:
            document = _of_page(text, encoding)
        elif kind == SHEET:
            from flows.read.sheet import read_sheet

            document = _of_lines(read_sheet(text, get_limits().max_cells), encoding, kind)
        else:
            document = _of_text(text, encoding, kind)
    if not document.paragraphs:
        raise ReadError("empty", f"{shown} holds no words ({len(data)} bytes): fetch it again, or leave it out")
    return document


@lru_cache(maxsize=1)
def get_limits() -> Limits:
    """The limits of this process: those of its settings, where a variable sets any.

    Settings take a quarter of a second to import, which is most of what `gongbao extract` does with a short file.
    """
    if not any(name.upper().startswith("GONGBAO_MAX_") for name in os.environ):
        return Limits()
    from flows.settings import get_settings

    return get_settings().limits


def _unpacked(data: bytes, kind: str, shown: str) -> Lines:
    """The lines of a PDF, a Word file or a workbook; what reads them is imported when one comes."""
    limits = get_limits()
    if kind == PDF:
        from flows.read.pdf import read_pdf

        return read_pdf(
            data,
            shown,
            most_bytes=limits.max_unpacked_bytes,
            most_pages=limits.max_pages,
            most_cells=limits.max_cells,
        )
    if kind == WORD:
        from flows.read.word import read_word

        return read_word(data, shown, limits.max_unpacked_bytes, limits.max_cells)
    from flows.read.workbook import read_workbook

    return read_workbook(data, shown, limits.max_unpacked_bytes, limits.max_cells)


def _of_text(text: str, encoding: str, kind: str) -> Document:
    """A plain text or Markdown: the text itself."""
    keys, ignored = front_matter(text)
    lines = paragraphs(text, ignored)
    marked = markdown_headings(text, lines)
    headings = marked if marked or kind == MARKDOWN else plain_headings(text, lines)
    title = keys.get("title") or heading_text(_first(marked or lines, text))
    parts = _Parts(lines, headings, ignored, ["front_matter"] * len(ignored), title, keys)
    return _document(text, encoding, kind, parts)


def _of_page(markup: str, encoding: str) -> Document:
    """A web page: its visible text."""
    from flows.read.html import read_page

    page = read_page(markup)
    lines = paragraphs(page.text, page.ignored)
    headings = told = _lines_in(page.headings, lines)
    if len(headings) < 2:  # a page that marks its title at most: its other headings show by their shape
        headings = sorted({*headings, *plain_headings(page.text, lines)})
    title = _first(told, page.text) or page.title or _first(lines, page.text)
    parts = _Parts(lines, headings, page.ignored, page.ignored_as, title, page.meta)
    return _document(page.text, encoding, HTML, parts)


def _of_lines(made: Lines, encoding: str, kind: str) -> Document:
    """What was put together line by line: a PDF, a Word file, a table."""
    text = made.text
    lines = paragraphs(text, made.ignored)
    is_table = kind in (SHEET, WORKBOOK)
    headings = _lines_in(made.headings, lines) if made.headings or is_table else plain_headings(text, lines)
    titles = [] if is_table else headings
    keys: dict[str, str] = {}
    title = _first(titles or lines, text)
    return _document(
        text, encoding, kind, _Parts(lines, headings, made.ignored, made.ignored_as, title, keys, made.places)
    )


def _lines_in(spans: Sequence[Span], lines: Sequence[Span]) -> list[Span]:
    """The lines that stand in the spans: without the blanks at their ends, cut where the text breaks; both in order."""
    starts = [line.start for line in lines]
    return [line for span in spans for line in lines[bisect_left(starts, span.start) : bisect_left(starts, span.end)]]


def _document(text: str, encoding: str, kind: str, parts: _Parts) -> Document:
    cut = sentences(text, parts.lines)
    return Document(
        text=text,
        folded=fold(text),
        encoding=encoding,
        media_type=kind,
        script=script_of(text),
        paragraphs=parts.lines,
        sentences=cut,
        clauses=Clauses(text, cut),
        headings=parts.headings,
        ignored=parts.ignored,
        ignored_as=parts.ignored_as,
        places=parts.places,
        title=parts.title[:_LONGEST_TITLE].strip(),
        front_matter=parts.keys,
    )


def _first(spans: list[Span], text: str) -> str:
    """The words of the first span, empty where there is none."""
    return spans[0].quote(text) if spans else ""


def _check_lines(text: str, shown: str, limit: int) -> None:
    """Raises where a line is absurdly long: no bulletin has one, and every later step would hang on it."""
    if len(text) > limit:
        longest = max(len(line) for line in text.split("\n"))
        if longest > limit:
            raise ReadError(
                "too_large",
                f"{shown} has a line of {longest} characters; at most {limit} are read: break it, "
                "or raise GONGBAO_MAX_CHARS_PER_LINE",
            )
