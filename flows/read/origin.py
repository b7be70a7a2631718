"""The way back: where a stretch of the canonical text stands in the document as it came.

Texts and pages are mapped to their bytes; a PDF, a Word file or a table to its page and box, paragraph or cell.
The map is kept beside the archived text, as JSON.
"""

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from flows.read.bytemap import Run, byte_runs, joined
from flows.read.decode import decode_as
from flows.read.kinds import HTML, MARKDOWN, TEXT
from flows.record import Document, Place

if TYPE_CHECKING:
    from flows.read.sourcetext import SourceText

MAP_VERSION = 1

Stretch = TypeVar("Stretch", Run, Place)


@dataclass(frozen=True, slots=True)
class Map:
    """Runs of the text in the raw bytes and places of it in the raw document, each in order."""

    sha256: str  # of the raw bytes, their name in the archive
    media_type: str
    encoding: str
    runs: list[Run]
    places: list[Place]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a stretch stands: the bytes that it is, piece by piece (mark-up may stand between), and its places."""

    pieces: list[tuple[int, int]]
    places: list[tuple[str | int | float, ...]]


def map_back(data: bytes, document: Document) -> Map:
    """The map of `document` to the `data` that it was read from."""
    runs: list[Run] = []
    if document.media_type in (TEXT, MARKDOWN, HTML):
        decoded = decode_as(data, document.encoding)
        runs = byte_runs(data, document.encoding, decoded)
        if document.media_type == HTML and runs:
            runs = list(joined(_page_runs(decoded, runs)))
    return Map(sha256(data).hexdigest(), document.media_type, document.encoding, runs, document.places)


def locate(origins: Map, start: int, end: int) -> Origin:
    """Where `text[start:end]` stands in the raw document; empty lists where the map does not tell."""
    pieces: list[tuple[int, int]] = []
    for run in _touching(origins.runs, start, end):
        first = run.first + (max(start, run.start) - run.start) * run.width
        last = run.first + (min(end, run.end) - run.start) * run.width
        if pieces and pieces[-1][0] <= first <= pieces[-1][1]:
            pieces[-1] = (pieces[-1][0], max(last, pieces[-1][1]))
        else:
            pieces.append((first, last))
    return Origin(pieces, [place.where for place in _touching(origins.places, start, end)])


def _touching(stretches: list[Stretch], start: int, end: int) -> Iterator[Stretch]:
    index = bisect_right(stretches, start, key=lambda stretch: stretch.end)
    while index < len(stretches) and stretches[index].start < end:
        yield stretches[index]
        index += 1


def map_json(origins: Map) -> bytes:
    """The map as it is kept: of each run how much is passed over since the one before, its length and width."""
    flat: list[int] = []
    at = byte = 0
    for start, end, first, width in origins.runs:
        flat += (start - at, end - start, first - byte, width)
        at, byte = end, first + (end - start) * width
    kept = {
        "version": MAP_VERSION,
        "sha256": origins.sha256,
        "media_type": origins.media_type,
        "encoding": origins.encoding,
        "runs": flat,
        "places": [[place.start, place.end, *place.where] for place in origins.places],
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"


def read_map(kept: bytes) -> Map:
    """The map that `map_json` wrote. Raises ValueError for one of another version."""
    told = json.loads(kept)
    if told["version"] != MAP_VERSION:
        raise ValueError(f"the map is of version {told['version']}, not {MAP_VERSION}")
    runs: list[Run] = []
    at = byte = 0
    flat = told["runs"]
    for skipped, length, passed, width in zip(flat[::4], flat[1::4], flat[2::4], flat[3::4], strict=True):
        start, first = at + skipped, byte + passed
        at, byte = start + length, first + length * width
        runs.append(Run(start, at, first, width))
    places = [Place(start, end, tuple(where)) for start, end, *where in told["places"]]
    return Map(told["sha256"], told["media_type"], told["encoding"], runs, places)


def _page_runs(markup: str, runs: list[Run]) -> Iterator[Run]:
    """The runs of a page's visible text: each word is looked up in the source, and the source in the bytes."""
    from flows.read.html import page_words
    from flows.read.sourcetext import look_up, source_text

    text, words, texts = page_words(markup)
    source = source_text(markup)
    found = look_up(source, texts)
    at = 0
    for word, key, offset in words:
        bare = word.strip()
        while at < len(text) and text[at].isspace():
            at += 1
        if not bare or not text.startswith(bare, at):
            continue  # nothing but blanks, or of a line that was left out
        if key in found:
            begin = found[key] + offset + word.index(bare)
            yield from _word_runs(source, begin, len(bare), at, runs)
        at += len(bare)


def _word_runs(source: "SourceText", begin: int, length: int, at: int, runs: list[Run]) -> Iterator[Run]:
    for start, end, first, width in source.spans(begin, begin + length):
        place = at + start - begin
        if width:  # a reference: each character of what it stands for is all of it
            touched = list(_touching(runs, first, first + width))
            last = touched[-1]
            byte = touched[0].first + (first - touched[0].start) * touched[0].width
            until = last.first + (first + width - last.start) * last.width
            for char in range(place, place + end - start):
                yield Run(char, char + 1, byte, until - byte)
            continue
        for run in _touching(runs, first, first + end - start):
            low, high = max(run.start, first), min(run.end, first + end - start)
            yield Run(place + low - first, place + high - first, run.first + (low - run.start) * run.width, run.width)
