"""Which kind of file the bytes are, and whether that kind is read."""

import re
from pathlib import PurePath

from flows.read.errors import ReadError
from flows.read.packed import office_kind

TEXT, MARKDOWN, HTML, SHEET = "text/plain", "text/markdown", "text/html", "text/csv"
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_SUFFIXES = {
    "": "",
    ".txt": TEXT,
    ".text": TEXT,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".csv": SHEET,
    ".tsv": SHEET,
    ".pdf": PDF,
    ".docx": WORD,
    ".xlsx": WORKBOOK,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".shtml": HTML,
    ".php": HTML,
    ".asp": HTML,
    ".aspx": HTML,
    ".jsp": HTML,
    ".do": HTML,
}
_TYPES = {
    TEXT: TEXT,
    MARKDOWN: MARKDOWN,
    HTML: HTML,
    "application/xhtml+xml": HTML,
    SHEET: SHEET,
    PDF: PDF,
    WORD: WORD,
    WORKBOOK: WORKBOOK,
}
#: A header that tells nothing: the suffix or the bytes must.
_SILENT_TYPES = ("", "application/octet-stream", "binary/octet-stream")
_READ = "read are .txt, .md, .html, .pdf, .docx, .csv and .xlsx"

_MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or encrypted Office file"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b\x08", "a gzip archive"),
    (b"SQLite format 3\x00", "an SQLite file"),
    (b"{\\rtf", "an RTF file"),
)
_PDF_HEAD = re.compile(rb"\s{0,16}%PDF-")
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|div|p)[\s>]", re.IGNORECASE)


def media_type(data: bytes, name: str, content_type: str) -> str:
    """The kind of file; the name may be a path or a URL's last part. PDF and Office files are told by their bytes.

    Raises ReadError: `unsupported`, naming the kind that was found and those that are read; `broken` where the
    bytes are not of the kind that the name or the header says.
    """
    shown = name or "the file"
    packed = _packed(data, shown)
    if packed:
        return packed
    for magic, kind in _MAGIC:
        # Two letters alone may begin a text too; a program has NULs in its head.
        if data.startswith(magic) and (len(magic) > 2 or b"\x00" in data[:512]):
            raise ReadError("unsupported", f"{shown} is {kind}; {_READ}: save it as one of these")
    kind = _said(data, name, content_type)
    if kind in (PDF, WORD, WORKBOOK):
        raise ReadError("broken", f"{shown} says it is {kind}, but its bytes are not; fetch it again")
    return kind


def _packed(data: bytes, shown: str) -> str:
    """PDF, WORD or WORKBOOK by the bytes; empty for what is none."""
    if _PDF_HEAD.match(data):
        return PDF
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ""
    office = office_kind(data)
    if office:
        return WORD if office == "word" else WORKBOOK
    if PurePath(shown).suffix.lower() in (".docx", ".xlsx"):
        raise ReadError("broken", f"{shown} is a damaged Office file; save it anew")
    raise ReadError(
        "unsupported",
        f"{shown} is a ZIP archive; {_READ}: unpack it, or put it into a folder source, where each member is a report",
    )


def _said(data: bytes, name: str, content_type: str) -> str:
    """The kind by the header, the suffix, or the first words."""
    declared = content_type.partition(";")[0].strip().lower()
    suffix = PurePath(name).suffix.lower()
    if declared in _TYPES and not (declared == TEXT and _SUFFIXES.get(suffix)):
        return _TYPES[declared]
    if declared not in _TYPES and declared not in _SILENT_TYPES:
        raise ReadError("unsupported", f"{name or 'the page'} is {declared}; {_READ}")
    if _SUFFIXES.get(suffix):
        return _SUFFIXES[suffix]
    # 简报2020.3.27 has no suffix that names a kind; report.exe has.
    if re.fullmatch(r"\.[a-z][a-z0-9]{0,4}", suffix) and suffix not in _SUFFIXES:
        raise ReadError("unsupported", f"{name}: {suffix} is not read; {_READ}")
    return HTML if _PAGE.search(data[:1024]) else TEXT
