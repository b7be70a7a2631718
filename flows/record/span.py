"""A stretch of a report's text."""

from typing import NamedTuple


class Span(NamedTuple):
    """Half-open code-point offsets into the report's text as received (after decoding, never edited)."""

    start: int
    end: int

    def quote(self, text: str) -> str:
        """The very characters, as they stand in `text`."""
        return text[self.start : self.end]
