"""Text to paragraphs, sentences and clauses: spans only, found in one pass each.

A paragraph is what stands between line breaks. A sentence ends at 。！？!? with the closing quotes and
brackets after it, or with its paragraph; an end mark inside a title 《…》 or a short bracket （…） ends
nothing. A clause ends at ，,；;：: too, but never inside a number (1,268; 1，153), a clock or a ratio
(10:30, 3：1), or a title.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import overload

from flows.record import Span

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
#: Every blank of Unicode, and those of no width.
_BLANKS = "".join(map(chr, (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200C)))) + (
    "\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
_BLANK_CHARS = frozenset(_BLANKS)
_CLOSING = "”’』」）)】》〉\"'］]"

#: Matched first, so that the marks inside are passed over.
_TITLE = r"《[^《》。\n]{0,80}》"
_BRACKET = r"（[^（）\n]{0,200}）|\([^()\n]{0,200}\)"
#: ! and ? end nothing inside an address such as list?page=2.
_END = rf"(?:[{{}}。！？]|[!?](?![A-Za-z0-9_=&/%]))+[{re.escape(_CLOSING)}]*"
_SENTENCE = re.compile(rf"(?:{_TITLE}|{_BRACKET})(?P<no>)|" + _END.format(""))
_GROUP = r"(?<![0-9０-９])[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})+(?![0-9０-９])"
_CLAUSE = re.compile(rf"(?:{_TITLE}|{_GROUP}|[0-9０-９]+[:：](?=[0-9０-９])|://)(?P<no>)|" + _END.format("，,；;：:"))


def paragraphs(text: str, ignored: Sequence[Span] = ()) -> list[Span]:
    """The non-blank lines of `text` without the blanks around them, those inside an `ignored` span left out.

    `ignored` spans are ordered, disjoint, and begin and end at line ends.
    """
    found = [span for line in _LINE.finditer(text) if (span := _trim(text, line.start(), line.end()))]
    if not ignored:
        return found
    return list(_outside(found, ignored))


def sentences(text: str, parts: Iterable[Span]) -> list[Span]:
    """The sentences of each paragraph in `parts`."""
    return [span for part in parts for span in _cut(text, part, _SENTENCE)]


class Clauses(Sequence[Span]):
    """The clauses of each sentence in `parts`, cut when first looked at: of all spans of a document they are the most,
    and figures are found, placed and related without them.
    """

    def __init__(self, text: str, parts: Sequence[Span]) -> None:
        self._text, self._parts = text, parts

    @cached_property
    def _spans(self) -> list[Span]:
        return [span for part in self._parts for span in _cut(self._text, part, _CLAUSE)]

    def __len__(self) -> int:
        return len(self._spans)

    @overload
    def __getitem__(self, index: int) -> Span: ...
    @overload
    def __getitem__(self, index: slice) -> list[Span]: ...
    def __getitem__(self, index: int | slice) -> Span | list[Span]:
        return self._spans[index]

    def __eq__(self, other: object) -> bool:
        return self._spans == other._spans if isinstance(other, Clauses) else self._spans == other

    __hash__ = None  # type: ignore[assignment]


def _cut(text: str, part: Span, marks: re.Pattern[str]) -> Iterator[Span]:
    """`part` cut after each end mark; a piece of marks alone goes with the one before."""
    start = part.start
    for match in marks.finditer(text, part.start, part.end):
        if match["no"] is not None:
            continue
        span = _trim(text, start, match.end())
        if span:
            yield span
        start = match.end()
    span = _trim(text, start, part.end)
    if span:
        yield span


def _trim(text: str, start: int, end: int) -> Span | None:
    """The span without the blanks at its ends; None where nothing is left."""
    if start < end and text[start] not in _BLANK_CHARS and text[end - 1] not in _BLANK_CHARS:
        return Span(start, end)  # nearly always
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip(_BLANKS))
    if left == len(piece):
        return None
    return Span(start + left, end - (len(piece) - len(piece.rstrip(_BLANKS))))


def _outside(spans: list[Span], ignored: Sequence[Span]) -> Iterator[Span]:
    """The `spans` that touch no ignored one; both lists are in order."""
    index = 0
    for span in spans:
        while index < len(ignored) and ignored[index].end <= span.start:
            index += 1
        if index == len(ignored) or span.end <= ignored[index].start:
            yield span
