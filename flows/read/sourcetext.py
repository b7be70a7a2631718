"""The text of a page's source, without its mark-up, each character with where it stands in the source.

The parser gives no places. So the source is cut again into what is text and what is not, as loosely as that can be
done, and the parser's texts are looked up in it: what is found is the same characters, in the same order.
"""

import html
import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_RAW = "script style xmp iframe noembed noframes textarea title"
_MARKUP = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?P<raw>" + _RAW.replace(" ", "|") + r")(?=[\s/>])(?:[^>\"']|\"[^\"]*\"|'[^']*')*+>"
    r"|</?[a-zA-Z](?:=\s*\"[^\"]*\"|=\s*'[^']*'|[^>])*+>"
    r"|<[!?/][^>]*>",
    re.DOTALL | re.IGNORECASE,
)
#: A reference, or a line break of two characters: the places where the text is not the source, character by character.
_OTHER = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[A-Za-z][A-Za-z0-9]{0,31};?)|\r\n?")
_AS_IT_IS = frozenset(("script", "style", "xmp", "iframe", "noembed", "noframes"))
#: Texts that were not found, and how far each is looked for: a hostile page would have all of them sought to its end.
_MOST_LOST = 500
_REACH = 200_000


@dataclass(slots=True)
class SourceText:
    """`text`, and for each piece of it where it begins in the text, in the source, and how long it is there."""

    text: str = ""
    starts: "array[int]" = field(default_factory=lambda: array("q"))
    places: "array[int]" = field(default_factory=lambda: array("q"))
    widths: "array[int]" = field(default_factory=lambda: array("q"))  # of a reference, 0: character by character

    def put(self, at: int, place: int, width: int) -> None:
        """A piece begins at `at` in the text and at `place` in the source."""
        self.starts.append(at)
        self.places.append(place)
        self.widths.append(width)

    def spans(self, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
        """(start, end, first, length) of the pieces of `text[start:end]` in the source, length 0 as in `widths`."""
        index = bisect_right(self.starts, start) - 1
        while index < len(self.starts) and self.starts[index] < end:
            begin = self.starts[index]
            until = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)
            first, last, width = max(begin, start), min(until, end), self.widths[index]
            yield first, last, self.places[index] + (0 if width else first - begin), width
            index += 1


def source_text(markup: str) -> SourceText:
    """Everything in `markup` that is no tag and no comment."""
    made, pieces, length = SourceText(), list[str](), 0
    for piece, place, width in _pieces(markup):
        if piece:
            made.put(length, place, width)
            pieces.append(piece)
            length += len(piece)
    made.text = "".join(pieces)
    return made


def _pieces(markup: str) -> Iterator[tuple[str, int, int]]:
    """The pieces of the text: characters, place in the source, length there (0: character by character)."""
    for start, end, has_references in _stretches(markup):
        at = start
        for other in _OTHER.finditer(markup, start, end):
            is_break = other[0][0] == "\r"
            given = "\n" if is_break else html.unescape(other[0]) if has_references else other[0]
            if given != other[0]:
                yield markup[at : other.start()], at, 0
                yield given, other.start(), len(other[0])
                at = other.end()
        yield markup[at:end], at, 0


def _stretches(markup: str) -> Iterator[tuple[int, int, bool]]:
    """Start and end of what is text, and whether & means a reference there."""
    at = 0
    while (match := _MARKUP.search(markup, at)) is not None:
        yield at, match.start(), True
        at = match.end()
        if match["raw"]:
            name = match["raw"].lower()
            close = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(markup, at)
            end = close.start() if close else len(markup)
            yield at, end, name not in _AS_IT_IS
            at = end
    yield at, len(markup), True


def look_up(source: SourceText, texts: Iterable[tuple[int, str]]) -> dict[int, int]:
    """Where each of the parser's texts, by its key, begins in the source's text; left out where it is not found.

    They come in the order of the tree, which is the source's but for what the parser moved (text between the cells
    of a table) or dropped. What was jumped over is looked through again for a text that does not come.
    """
    found: dict[int, int] = {}
    at, lost = 0, 0
    jumped: list[tuple[int, int]] = []
    for key, text in texts:
        if source.text.startswith(text, at):
            found[key] = at
            at += len(text)
            continue
        if not text.strip() or lost > _MOST_LOST:
            continue
        place = source.text.find(text, at, at + _REACH + len(text))
        if place >= 0:
            if source.text[at:place].strip():
                jumped.append((at, place))
            found[key], at = place, place + len(text)
            continue
        place = next((there for a, b in jumped[-100:] if (there := source.text.find(text, a, b)) >= 0), -1)
        if place >= 0:
            found[key] = place
        else:
            lost += 1
    return found
