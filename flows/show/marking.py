"""A report's text as HTML: numerals and cues marked, every character there, nothing hostile left alive."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup, escape

from flows.record import FIGURE_CLASSES
from flows.show.views import VERDICTS, CheckView, FigureView

#: Characters that would reorder, hide or break text: shown as symbols. Tab and line ends stay.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_SHORT = {
    0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO", 0x2066: "LRI", 0x2067: "RLI",
    0x2068: "FSI", 0x2069: "PDI", 0x200E: "LRM", 0x200F: "RLM", 0x061C: "ALM", 0x200B: "ZWSP", 0x200C: "ZWNJ",
    0x200D: "ZWJ", 0xFEFF: "BOM", 0x00AD: "SHY", 0x2060: "WJ",
}  # fmt: skip
_VERDICTS = {verdict: verdict.replace("_", " ") for verdict in (*VERDICTS, "unchecked")}
#: A chunk is what the browser lays out at once when it comes into view.
CHUNK_CHARS = 6_000
#: A longer line is shown in pieces: no block grows beyond what a browser lays out quickly.
PIECE_CHARS = 4_000


def markup(html: str) -> Markup:
    """HTML of this room's own making, every piece of a report in it escaped."""
    return Markup(html)  # noqa: S704


def visible(text: str) -> str:
    """`text` with hidden and reordering characters written out, for titles and messages: ⟦RLO⟧."""
    if text.isprintable() and not ("\u115f" in text or "\u1160" in text or "\u3164" in text):
        return text  # nearly every text, told at once: but for these three fillers nothing hidden counts as printable
    return _HIDDEN.sub(lambda match: f"⟦{_name(match[0])}⟧", text)


def _name(char: str) -> str:
    return _SHORT.get(ord(char), f"U+{ord(char):04X}")


def safe(text: str) -> str:
    """Escaped text. Nearly every one is as it was: that is told first, and four times as fast as escaping it."""
    if "&" in text or "<" in text or ">" in text or '"' in text or "'" in text:
        return str(escape(text))
    return text


def _escaped(text: str) -> str:
    """Escaped text with hidden characters as labelled symbols."""
    if not _HIDDEN.search(text):
        return str(escape(text))
    parts: list[str] = []
    at = 0
    for match in _HIDDEN.finditer(text):
        parts.append(str(escape(text[at : match.start()])))
        long_name = unicodedata.name(match[0], "")
        title = escape(f"U+{ord(match[0]):04X} {long_name}".strip())
        parts.append(f'<span class="hidden-char" title="{title}">{_name(match[0])}</span>')
        at = match.end()
    parts.append(str(escape(text[at:])))
    return "".join(parts)


def _described(figure: FigureView) -> str:
    """What a reader without scripts learns from a mark: class, value, unit, subject, verdict."""
    said = figure.cls
    if figure.value:
        said += f" · = {figure.value} {figure.unit}" if figure.unit else f" · = {figure.value}"
    for more in (figure.indicator_text, figure.period_end or figure.as_of):
        if more:
            said += f" · {more}"
    if figure.cls in FIGURE_CLASSES:
        said += f" · {_VERDICTS[figure.verdict]}"
    return safe(visible(said))


class Chunk(NamedTuple):
    """Paragraphs of a text as HTML, and the stretch they are."""

    start: int
    end: int
    html: Markup


class Marker:
    """Marks up stretches of one report's text."""

    def __init__(self, text: str, figures: list[FigureView], checks: list[CheckView], report_id: str) -> None:
        self.text = text
        self.figures = figures
        #: most texts hold nothing that must be escaped: their words stand as they are
        self.escaped = str if _escaped(text) == text else _escaped
        self.starts = [figure.start for figure in figures]
        self.cues: dict[tuple[int, int], list[int]] = {}
        for number, check in enumerate(checks):
            if check.report_id == report_id:
                for start, end in check.cues:
                    self.cues.setdefault((start, end), []).append(number)
        self.cue_spans = sorted(self.cues)
        self.longest_cue = max((end - start for start, end in self.cue_spans), default=0)

    def stretch(self, start: int, end: int, *, link: str = "", lit: frozenset[int] = frozenset()) -> str:
        """HTML of `text[start:end]`.

        With `link` (a page) the marks lead there and carry no ids; `lit` are starts of figures to light.
        """
        parts: list[str] = []
        at = start
        cues = self._cues_in(start, end)
        words = partial(self._with_cues, cues) if cues else self._words
        first = max(bisect_left(self.starts, start) - 1, 0)
        for figure in self.figures[first : bisect_left(self.starts, end, first)]:
            left, right = max(figure.start, at), min(figure.end, end)
            if right <= left:
                continue
            if at < left:
                parts.append(words(at, left))
            anchor = f"f{figure.start}"
            own_id = "" if link or left != figure.start else f' id="{anchor}"'
            light = " lit" if figure.start in lit else ""
            parts.append(
                f'<a class="n {figure.verdict} {figure.cls}{light}"{own_id} href="{safe(link)}#{anchor}"'
                f' title="{_described(figure)}">{words(left, right)}</a>'
            )
            at = right
        parts.append(words(at, end))
        return "".join(parts)

    def _cues_in(self, start: int, end: int) -> list[tuple[int, int]]:
        """The cues that lie in a stretch, or reach into it."""
        first = bisect_left(self.cue_spans, (start - self.longest_cue, 0))
        return [span for span in self.cue_spans[first : bisect_left(self.cue_spans, (end, 0))] if span[1] > start]

    def _words(self, start: int, end: int) -> str:
        """Escaped text."""
        return self.escaped(self.text[start:end])

    def _with_cues(self, cues: list[tuple[int, int]], start: int, end: int) -> str:
        """Escaped text with cue words wrapped; a cue is cut where a mark cuts it."""
        near = [span for span in cues if span[0] < end and span[1] > start]
        if not near:
            return self._words(start, end)
        edges = sorted({start, end, *(min(max(edge, start), end) for span in near for edge in span)})
        parts: list[str] = []
        for left, right in pairwise(edges):
            numbers = sorted({n for span in near if span[0] <= left and right <= span[1] for n in self.cues[span]})
            words = self.escaped(self.text[left:right])
            parts.append(
                f'<span class="cue" data-c="{" ".join(map(str, numbers))}">{words}</span>' if numbers else words
            )
        return "".join(parts)

    def chunks(self) -> Iterator[Chunk]:
        """The whole text as chunks of paragraphs, each one HTML block."""
        front_end = _front_matter_end(self.text)
        block: list[str] = []
        begin = size = last = 0
        for start, end in self._lines():
            kind = "front" if start < front_end else _kind(self.text[start : min(end, start + 80)])
            said = kind and f' class="{kind}"'
            block.append(f'<p id="t{start}"{said}>{self.stretch(start, end)}</p>')
            size += end - start
            last = end
            if size >= CHUNK_CHARS:
                yield Chunk(begin, end, markup("".join(block)))
                block, size, begin = [], 0, end
        if block:
            yield Chunk(begin, last, markup("".join(block)))

    def _lines(self) -> Iterator[tuple[int, int]]:
        """Lines with words in them; a very long one in pieces that cut no mark."""
        for match in re.finditer(r"[^\r\n]+", self.text):
            start, end = match.span()
            if not match[0].strip():
                continue
            while end - start > PIECE_CHARS:
                cut = self._safe_cut(start + PIECE_CHARS)
                if cut >= end:
                    break
                yield start, cut
                start = cut
            yield start, end

    def _safe_cut(self, at: int) -> int:
        """`at`, moved behind the figure it would cut."""
        index = bisect_left(self.starts, at) - 1
        return max(at, self.figures[index].end) if index >= 0 else at

    def excerpt(self, starts: list[int], *, link: str, reach: int = 36, most: int = 5) -> Markup:
        """The words around figures, joined by an ellipsis where they lie apart; the figures are lit."""
        windows: list[list[int]] = []
        ends = {figure.start: figure.end for figure in self.figures}
        for start in sorted(set(starts)):
            left, right = self._window(start, ends.get(start, start + 1), reach)
            if windows and left <= windows[-1][1] + 8:
                windows[-1][1] = max(windows[-1][1], right)
            else:
                windows.append([left, right])
        lit = frozenset(starts)
        parts = [self.stretch(left, right, link=link, lit=lit) for left, right in windows[:most]]
        tail = " …" if len(windows) > most or (windows and windows[-1][1] < len(self.text)) else ""
        head = "… " if windows and windows[0][0] > 0 else ""
        return markup(head + ' <span class="gap">…</span> '.join(parts) + tail)

    def _window(self, start: int, end: int, reach: int) -> tuple[int, int]:
        """From the sentence's begin (or `reach` before) to its end (or `reach` after), cutting no figure."""
        before = max(self.text.rfind(mark, max(0, start - reach), start) for mark in "\n。！？；;")
        left = before + 1 if before >= 0 else max(0, start - reach)
        after = [at for mark in "\n。！？；;" if (at := self.text.find(mark, end, end + reach)) >= 0]
        right = min(after) + (self.text[min(after)] != "\n") if after else min(len(self.text), end + reach)
        index = bisect_left(self.starts, left) - 1
        if index >= 0 and self.figures[index].end > left:
            left = self.figures[index].start
        return left, self._safe_cut(right)


def _front_matter_end(text: str) -> int:
    match = re.match(r"---[ \t]*\r?\n.*?\n---[ \t]*(?:\r?\n|$)", text[:20_000], re.DOTALL)
    return match.end() if match else 0


def _kind(line: str) -> str:
    if re.match(r"#{1,6}\s", line):
        return "heading"
    return "row" if line.lstrip().startswith("|") else ""
