"""Bytes to Document: the way in."""

import re
from pathlib import PurePath

from flows.read.decode import decode
from flows.read.errors import ReadError
from flows.read.split import clauses, paragraphs, sentences
from flows.record import Document, Span
from flows.record.script import fold, script_of

READER_VERSION = "1"

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n((?:[^\r\n]*\r?\n){0,100}?)---[ \t]*(?:\r?\n|\Z)")
_KEY = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:[ \t]*(.*)")


def read_document(data: bytes, *, name: str = "", content_type: str = "") -> Document:
    """The text of a report and its structure."""
    if not data.strip():
        raise ReadError("empty", f"{name or 'the file'} is empty ({len(data)} bytes): nothing to read")
    text, encoding = decode(data)
    front_matter, ignored = _front_matter(text)
    parts = paragraphs(text, ignored)
    lines = sentences(text, parts)
    headings = [part for part in parts if _is_heading(text[part.start : part.end])]
    return Document(
        text=text,
        folded=fold(text),
        encoding=encoding,
        media_type="text/markdown" if PurePath(name).suffix.lower() == ".md" else "text/plain",
        script=script_of(text),
        paragraphs=parts,
        sentences=lines,
        clauses=clauses(text, lines),
        headings=headings,
        ignored=ignored,
        title=_title(text, front_matter, headings, parts),
        front_matter=front_matter,
    )


def _front_matter(text: str) -> tuple[dict[str, str], list[Span]]:
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, []
    pairs = [_KEY.fullmatch(line.strip()) for line in match[1].splitlines() if line.strip()]
    if not pairs or not all(pairs):
        return {}, []
    keys = {pair[1]: pair[2].strip().strip("\"'") for pair in pairs if pair}
    return keys, [Span(match.start(), match.end())]


def _is_heading(line: str) -> bool:
    if line.startswith("#"):
        return True
    return len(line) <= 40 and line[-1] not in "。！？!?；;，,：:、…." and "\t" not in line and line[0] not in "-*+•●·▪◆△|"


def _title(text: str, front_matter: dict[str, str], headings: list[Span], parts: list[Span]) -> str:
    if front_matter.get("title"):
        return front_matter["title"]
    first = headings[0] if headings else parts[0] if parts else None
    return text[first.start : first.end].lstrip("# ") if first else ""
