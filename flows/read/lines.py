"""Lines put together to a text: what the readers of PDF, Word and tables write into."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from flows.record import Place, Span

Where = tuple[str | int | float, ...]

_BREAKS = re.compile(r"[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
#: Between two of these a line break of the layout is no blank in the text.
WIDE = re.compile(r"[\u2018-\u201d\u2026\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")


@dataclass(slots=True)
class Lines:
    """A text that grows line by line: its headings, what is not the report's words, and where each piece stood."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    headings: list[Span] = field(default_factory=list)
    ignored: list[Span] = field(default_factory=list)
    ignored_as: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def add(self, pieces: Sequence[tuple[str, Where]], *, is_heading: bool = False, ignored_as: str = "") -> None:
        """A line: pieces of text, each with where it stands; `glue` decides what comes between them."""
        cleaned = [(_one_line(text), where) for text, where in pieces]
        self._line([(text, where) for text, where in cleaned if text], None, is_heading, ignored_as)

    def row(self, cells: Sequence[tuple[str, Where]]) -> None:
        """A row of a table: tabs between the cells, none after the last that holds something."""
        kept = [(_one_line(text), where) for text, where in cells]
        while kept and not kept[-1][0]:
            kept.pop()
        self._line(kept, "\t", False, "")

    def _line(
        self, pieces: Sequence[tuple[str, Where]], between: str | None, is_heading: bool, ignored_as: str
    ) -> None:
        if not any(text for text, _ in pieces):
            return
        start, before = self.length, ""
        for index, (text, where) in enumerate(pieces):
            if index:
                self._put(glue(before, text) if between is None else between)
            if text:
                self.places.append(Place(self.length, self.length + len(text), where))
                self._put(text)
            before = text
        span = Span(start, self.length)
        if ignored_as:
            self.ignored.append(span)
            self.ignored_as.append(ignored_as)
        elif is_heading:
            self.headings.append(span)
        self._put("\n")

    def _put(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += len(piece)


def glue(before: str, after: str) -> str:
    """What stands between two pieces of one line that the layout broke: a blank, or nothing between Chinese."""
    if not before or not after or (WIDE.match(before[-1]) and WIDE.match(after[0])):
        return ""
    return " "


def _one_line(text: str) -> str:
    """The text without line breaks and tabs, and without blanks at its ends."""
    pieces = [piece for part in _BREAKS.split(text) if (piece := part.strip(" \u00a0"))]
    joined = ""
    for piece in pieces:
        joined += glue(joined, piece) + piece
    return joined
