"""Where each character of a decoded text stands in its bytes: runs of characters of the same width.

A run is (start, end, first byte, width): character `start + n` is the `width` bytes from `first byte + n * width` on.
Bytes that give two characters at once are two runs over the same bytes.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flows.read.decode import MARKS


class Run(NamedTuple):
    """Characters `start` to `end` of the text, and the bytes that they are."""

    start: int
    end: int
    first: int
    width: int


_UTF8 = re.compile(
    rb"(?P<w1>[\x01-\x7f]+)|(?P<w2>(?:[\xc2-\xdf].)+)|(?P<w3>(?:[\xe0-\xef]..)+)|(?P<w4>(?:[\xf0-\xf4]...)+)|\x00+",
    re.DOTALL,
)
_GB = re.compile(
    rb"(?P<w1>[\x01-\x80]+)|(?P<w2>(?:[\x81-\xfe][\x40-\xfe])+)|(?P<w4>(?:[\x81-\xfe][\x30-\x39]..)+)|\x00+",
    re.DOTALL,
)
#: The four codes of Big5-HKSCS that are a letter and a mark on it are two characters.
_BIG5 = re.compile(
    rb"(?P<w1>[\x01-\x80]+)|(?P<two>\x88[\x62\x64\xa3\xa5])"
    rb"|(?P<w2>(?:(?!\x88[\x62\x64\xa3\xa5])[\x81-\xfe].)+)|\x00+",
    re.DOTALL,
)
_PATTERNS = {"utf-8": _UTF8, "utf-8-sig": _UTF8, "gb18030": _GB, "big5hkscs": _BIG5, "cp950": _BIG5}
_WIDTHS = {"w1": 1, "w2": 2, "w3": 3, "w4": 4}
_UNITS = re.compile("(?P<w2>[\x01-\ud7ff\ue000-\uffff]+)|(?P<w4>[\U00010000-\U0010ffff]+)|(?P<nul>\x00+)")


def byte_runs(data: bytes, encoding: str, text: str) -> list[Run]:
    """The runs of `text`, which `decode` made of `data` in `encoding`: all of it, in order, NULs left out.

    Empty where the encoding keeps no order of its own that can be followed.
    """
    if encoding in ("utf-16", "utf-32"):
        found = list(_wide(data, encoding))
    elif encoding in _PATTERNS:
        found = list(_patterned(data, encoding))
    else:
        found = []
    if not _is_whole(found, text):
        found = list(joined(_stepwise(data, encoding)))
    return found if _is_whole(found, text) else []


def joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Neighbours that are one run, as one."""
    held: Run | None = None
    for run in runs:
        if held and run.start == held.end and run.width == held.width and run.first == _last(held):
            held = held._replace(end=run.end)
            continue
        if held:
            yield held
        held = run
    if held:
        yield held


def _last(run: Run) -> int:
    """The byte after the last one of the run."""
    return run.first + (run.end - run.start) * run.width


def _is_whole(runs: list[Run], text: str) -> bool:
    return (runs[-1].end if runs else 0) == len(text)


def _mark_length(data: bytes, encoding: str) -> int:
    return next((len(mark) for mark, name in MARKS if name == encoding and data.startswith(mark)), 0)


def _patterned(data: bytes, encoding: str) -> Iterator[Run]:
    """Runs told by the lead bytes alone; the data was decoded strictly, so they are as they should be."""
    at = 0
    for match in _PATTERNS[encoding].finditer(data, _mark_length(data, encoding)):
        kind = match.lastgroup
        if kind is None:
            continue  # NULs
        first, last = match.span()
        if kind == "two":
            yield Run(at, at + 1, first, 2)
            yield Run(at + 1, at + 2, first, 2)
            at += 2
            continue
        width = _WIDTHS[kind]
        end = at + (last - first) // width
        yield Run(at, end, first, width)
        at = end


def _wide(data: bytes, encoding: str) -> Iterator[Run]:
    """UTF-16 and UTF-32: the width is told by the character."""
    at, byte = 0, _mark_length(data, encoding)
    for match in _UNITS.finditer(data.decode(encoding)):
        count = match.end() - match.start()
        width = 4 if encoding == "utf-32" or match.lastgroup == "w4" else 2
        if match.lastgroup != "nul":
            yield Run(at, at + count, byte, width)
            at += count
        byte += count * width


def _stepwise(data: bytes, encoding: str) -> Iterator[Run]:
    """Any other encoding: byte by byte, each character the bytes since the one before."""
    decoder = codecs.getincrementaldecoder(encoding)()
    at = since = 0
    for byte in range(len(data) + 1):
        is_end = byte == len(data)
        given = decoder.decode(data[byte : byte + 1], final=is_end)
        last = min(byte + 1, len(data))
        for char in given:
            if char != "\x00":
                yield Run(at, at + 1, since, last - since)
                at += 1
        if given:
            since = last
