"""Front matter and headings of texts without mark-up, or with Markdown's."""

import re
from collections import Counter

from flows.record import Span

#: A block of `key: value` lines between two lines of three hyphens, at the very start.
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n((?:[^\r\n]*\r?\n){0,100}?)---[ \t]*(?:\r?\n|\Z)")
_PAIR = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(.*))?")
_MARKDOWN_HEADING = re.compile(r"#{1,6}[ \t]+\S")
_LONGEST_HEADING = 40
_REPEATS = 3


def front_matter(text: str) -> tuple[dict[str, str], list[Span]]:
    """The keys of a leading front matter and its span, as a list of one; nothing where there is none."""
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, []
    keys: dict[str, str] = {}
    for line in match[1].splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        pair = _PAIR.fullmatch(line.strip())
        if not pair:
            return {}, []
        keys[pair[1]] = _unquoted((pair[2] or "").strip())
    return keys, [Span(match.start(), match.end())]


def markdown_headings(text: str, paragraphs: list[Span]) -> list[Span]:
    """The paragraphs that begin with one to six # and a blank."""
    return [span for span in paragraphs if _MARKDOWN_HEADING.match(text, span.start, span.end)]


def plain_headings(text: str, paragraphs: list[Span]) -> list[Span]:
    """The short paragraphs without an end mark; a line that a page prints again and again is no heading."""
    short = [span for span in paragraphs if span.end - span.start <= _LONGEST_HEADING]
    times = Counter(span.quote(text) for span in short)
    return [span for span in short if _is_heading(span.quote(text)) and times[span.quote(text)] < _REPEATS]


def heading_text(line: str) -> str:
    """The words of a heading without Markdown's marks."""
    return line.lstrip("#").rstrip("#").strip() if line.startswith("#") else line


def _is_heading(line: str) -> bool:
    """Neither a sentence, nor a row of a table, nor an item of a list, nor a caption."""
    return line[-1] not in "。！？!?；;，,：:、…" and line[0] not in "-*+•●·▪◆△▲|>" and "\t" not in line


def _unquoted(value: str) -> str:
    """A value without the quotation marks around it."""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
