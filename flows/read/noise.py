"""Noise of real pages, and the view of a document without it. The canonical text is never edited.

The rooms match words and numbers in the view; what they find is told in the text by `Seen.start` and `Seen.end`.
Noise is: a pinyin gloss after a character (復(fù)工率), a character reference or an escape left as text (&nbsp;,
\\u00a0), a mark printed twice (，，), and characters that nobody sees (soft hyphens, of no width, of direction,
controls). A body that the page prints twice is no noise: `repeated` says where the second copy stands.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.read.split import Clauses, paragraphs, sentences
from flows.record import Document, Span
from flows.record.script import fold

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ\u0300\u0301\u0304\u030c"
_GLOSS = (
    rf"(?<=[\u3400-\u9fff])[（(](?=[a-zA-Züɑɡ]{{0,6}}[{_TONED}])"
    rf"[a-zA-Züɑɡ{_TONED}]{{1,8}}[)）]"
)
_BLANK = r"\\u(?:00[aA]0|3000|200[bB]|200[23]|[fF][eE][fF][fF])|\\x[aA]0|&(?:nbsp|ensp|emsp|thinsp|zwnj|zwj|shy);?"
_REFERENCE = (
    r"&(?:ldquo|rdquo|lsquo|rsquo|mdash|ndash|hellip|middot|amp|lt|gt|quot|apos|permil|times|yen"
    r"|#[0-9]{2,5}|#[xX][0-9a-fA-F]{2,4});"
)
_UNSEEN_CHARS = (
    "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef"
    "\x00-\x08\x0e-\x1b\x1f\x7f"
)
_UNSEEN = f"[{_UNSEEN_CHARS}]+"
_TWICE = r"(?P<mark>[，、。；：])(?P=mark)+|(?<!,),{2}(?!,)"
#: What noise can begin with, looked at first: one look at each character instead of five.
_FIRST = rf"(?=[（(\\&，、。；：,{_UNSEEN_CHARS}])"
_NOISE = re.compile(
    f"{_FIRST}(?:(?P<gloss>{_GLOSS})|(?P<blank>{_BLANK})|(?P<reference>{_REFERENCE})|(?P<unseen>{_UNSEEN})|(?P<twice>{_TWICE}))"
)

_LONGEST_ALONE = 60  # a paragraph of so many characters does not come twice by chance
_LONGEST_RUN = 120  # nor do short ones, one after the other in the same order


@dataclass(frozen=True, slots=True)
class Seen:
    """A document as the rooms see it, and the way back to its text.

    `starts` are places in the view where a piece begins, `pieces` the stretches of the text they stand for: of the
    same length where the words are the text's own, of another where a blank or a character stands for noise.
    """

    document: Document
    starts: Sequence[int] = ()
    pieces: Sequence[Span] = ()

    def start(self, place: int) -> int:
        """Where the character at `place` of the view begins in the text."""
        if not self.starts:
            return place
        index = bisect_right(self.starts, place) - 1
        return min(self.pieces[index].start + place - self.starts[index], self.pieces[index].end)

    def end(self, place: int) -> int:
        """Where the character before `place` of the view ends in the text."""
        if not self.starts or place == 0:
            return place
        index = bisect_right(self.starts, place - 1) - 1
        piece, width = self.pieces[index], self._width(index)
        if piece.end - piece.start != width:
            return piece.end
        return piece.start + place - self.starts[index]

    def _width(self, index: int) -> int:
        following = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.document.text)
        return following - self.starts[index]


def seen(document: Document) -> Seen:
    """The view of a document; the document itself where it holds no noise."""
    text = document.text
    if _NOISE.search(text) is None:
        return Seen(document)
    words: list[str] = []
    starts: list[int] = []
    pieces: list[Span] = []
    edges = [0]  # where each piece begins in the text, as does what was left out
    shifts = [0]
    position = length = 0

    def put(piece: str, start: int, end: int) -> None:
        nonlocal length
        if piece:
            words.append(piece)
            starts.append(length)
            pieces.append(Span(start, end))
            length += len(piece)

    for match in _NOISE.finditer(text):
        put(text[position : match.start()], position, match.start())
        put(_instead(match), match.start(), match.end())
        position = match.end()
        edges.append(position)
        shifts.append(position - length)
    put(text[position:], position, len(text))
    view = "".join(words)

    def moved(spans: Sequence[Span]) -> list[Span]:
        return [Span(_there(edges, shifts, span.start), _there(edges, shifts, span.end)) for span in spans]

    ignored = moved(document.ignored)
    lines = paragraphs(view, ignored)
    cut = sentences(view, lines)
    headings = {_line_start(view, span.start) for span in moved(document.headings)}
    clean = replace(
        document,
        text=view,
        folded=fold(view),
        paragraphs=lines,
        sentences=cut,
        clauses=Clauses(view, cut),
        headings=[line for line in lines if _line_start(view, line.start) in headings],
        ignored=ignored,
        places=[],
        title=_NOISE.sub(_instead, document.title),
    )
    return Seen(clean, starts, pieces)


def removed_digits(document: Document) -> list[Span]:
    """The digits inside noise (of a literal \\u00a0), as runs: they are told too, as what they are."""
    return [
        Span(match.start() + run.start(), match.start() + run.end())
        for match in _NOISE.finditer(document.text)
        for run in re.finditer(r"\d+", match[0])
    ]


def repeated(document: Document) -> list[Span]:
    """The paragraphs that say again, word for word, what the document said before: a body printed twice.

    A long paragraph, or several short ones in the same order; a short line alone, or a row of a table, may well
    come twice.
    """
    first: dict[str, int] = {}
    keys = ["".join(span.quote(document.text).split()) for span in document.paragraphs]
    found: list[Span] = []
    run: list[int] = []  # paragraphs in a row that repeat paragraphs in a row
    source = -2

    def finish() -> None:
        size = sum(len(keys[index]) for index in run)
        is_run = len(run) > 1 and size >= _LONGEST_RUN
        found.extend(document.paragraphs[index] for index in run if is_run or len(keys[index]) >= _LONGEST_ALONE)
        run.clear()

    for index, key in enumerate(keys):
        earlier = first.setdefault(key, index)
        if earlier == index or (run and earlier != source + 1):
            finish()
        if earlier != index:
            run.append(index)
            source = earlier
    finish()
    return found


def _instead(match: re.Match[str]) -> str:
    """What the view shows in the place of noise."""
    kind = match.lastgroup if match.lastgroup != "mark" else "twice"
    if kind == "blank":
        return "" if match[0].lower() in ("\\u200b", "\\ufeff", "&zwnj;", "&zwj;", "&shy;") else " "
    if kind == "reference":
        return html.unescape(match[0]).replace("\n", " ").replace("\r", " ")[:1]
    return match[0][0] if kind == "twice" else ""


def _there(edges: Sequence[int], shifts: Sequence[int], place: int) -> int:
    """The place of the view that a place of the text moved to."""
    index = bisect_right(edges, place) - 1
    return max(place - shifts[index], 0)


def _line_start(text: str, place: int) -> int:
    return max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1
