"""A web page to its visible text: a line a block, a row of a table a line with tabs between its cells.

Menus, page heads and feet, and lists of links stay in the text but are listed as `ignored`; scripts, styles
and hidden elements are not text at all.
"""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

from flows.read.boilerplate import boilerplate_kind
from flows.read.errors import ReadError
from flows.read.tree import HEADINGS, Parts, Step, all_texts, frame_kind, names, parts, steps
from flows.record import Span

_BLOCKS = HEADINGS | names(
    "html body address article aside blockquote center caption dd details dialog dir div dl "
    "dt fieldset figcaption figure footer form header hgroup hr legend li main menu nav ol p pre section "
    "summary table tbody tfoot thead tr td th ul br"
)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
#: A line break in the source between two of these is no blank in the text.
_WIDE = re.compile(r"[\u2018-\u201d\u2026\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_WIDEST_CELL = 50

#: The parser's time grows with the square of the depth; no honest page is a tenth as deep.
_DEEPEST = 5000
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
#: Elements that end by themselves, and so nest nothing.
_FLAT = names("br hr img input meta link col area base wbr source track embed param p li td th tr dt dd option")

#: `<meta name=…>` of Chinese government and news pages -> our front matter.
_META_KEYS = {
    "pubdate": "published_on",
    "publishdate": "published_on",
    "article:published_time": "published_on",
    "contentsource": "publisher",
}
_LISTED_DATE = re.compile(r"[\[(（]?\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?[\])）]?(?:\s\d{1,2}:\d{2})?|\s+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


#: A word as it was written: its characters, the id of the parser's text that it is of, and where it begins there.
Word = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Page:
    """The visible text of a page, headings and frame as spans, the title, and meta data by our keys."""

    text: str
    headings: list[Span]
    ignored: list[Span]
    ignored_as: list[str]
    title: str
    meta: dict[str, str]


@dataclass(slots=True)
class _Line:
    """A line of the text: is it a heading, does it belong to the page's frame, how much of it are links?"""

    text: str
    is_heading: bool
    frame: str  # the part of the page's frame it stands in, empty for the report's own
    links: int
    link_chars: int

    @property
    def is_of_links(self) -> bool:
        """Whether next to nothing but links, and the dates beside them, stands here."""
        if not self.link_chars or self.is_heading or "。" in self.text:
            return False
        return self.link_chars > 0.8 * len(_LISTED_DATE.sub("", self.text))


@dataclass(slots=True)
class _Row:
    """The row of a data table; `reaching`: column -> rows that a cell from above still covers."""

    reaching: dict[int, int]
    cells: list[str] = field(default_factory=list)

    def fill(self) -> None:
        """Leaves the columns empty that a cell from above covers."""
        while self.reaching.get(len(self.cells), 0):
            self.reaching[len(self.cells)] -= 1
            self.cells.append("")

    def add(self, text: str, width: int, height: int) -> None:
        self.fill()
        for column in range(len(self.cells), len(self.cells) + width):
            self.reaching[column] = height - 1
        self.cells += [text, *[""] * (width - 1)]


class _Writer:
    """Makes lines out of the steps of a walk."""

    def __init__(self, page: Parts) -> None:
        self.lines: list[_Line] = []
        self._page = page
        self._pieces: list[str] = []
        self._blank = ""  # white space seen and not yet written
        self._links = self._link_chars = 0
        self._has_heading = False
        self._depth = dict.fromkeys(("heading", "link", "pre"), 0)
        self._frames: list[tuple[int, str]] = []  # the open ones: node and kind
        self._tables: list[tuple[bool, dict[int, int]]] = []  # is it data; what reaches down into its next row
        self._row: _Row | None = None
        self.words: list[Word] = []
        self._node = 0  # the text being written

    def take(self, step: Step) -> None:
        if step.text:
            self._node = step.node.mem_id
            self._write(step.text)
        elif step.tag != "-text":
            self._enter(step) if step.is_entering else self._leave(step)

    def _enter(self, step: Step) -> None:
        if step.tag in _BLOCKS:
            self.end_line()
        kind = frame_kind(step, self._page.bodies)
        if kind:
            self.end_line()
            self._frames.append((step.node.mem_id, kind))
        if step.tag == "table":
            self._tables.append((step.node.mem_id in self._page.data_tables, {}))
        elif step.tag == "tr" and self._tables and self._tables[-1][0]:
            self._row = _Row(self._tables[-1][1])
        self._count(step.tag, 1)

    def _leave(self, step: Step) -> None:
        self._count(step.tag, -1)
        if self._row is not None and step.tag in ("td", "th"):
            attributes = step.node.attributes
            self._row.add("".join(self._pieces), _number(attributes.get("colspan")), _number(attributes.get("rowspan")))
            self._pieces, self._blank = [], ""
        elif self._row is not None and step.tag == "tr":
            self._row.fill()
            self._pieces, self._row = ["\t".join(self._row.cells)], None
        if step.tag == "table":
            self._tables.pop()
        if step.tag in _BLOCKS:
            self.end_line()
        if self._frames and self._frames[-1][0] == step.node.mem_id:
            self.end_line()
            self._frames.pop()

    def _count(self, tag: str, change: int) -> None:
        if tag in HEADINGS:
            self._depth["heading"] += change
        elif tag == "pre":
            self._depth["pre"] += change
        elif tag == "a":
            self._depth["link"] += change
            self._links += max(change, 0)

    def _write(self, text: str) -> None:
        """Adds running text, white space collapsed as a browser does."""
        if self._depth["pre"] and self._row is None:
            at = 0
            for line in text.splitlines(keepends=True):
                self._add(line.rstrip("\r\n"), at)
                at += len(line)
                if line[-1] in "\r\n":
                    self.end_line()
            return
        start = 0
        for blanks in _BLANKS.finditer(text):
            self._add(text[start : blanks.start()], start)
            self._blank = self._blank or ("\n" if "\n" in blanks[0] else " ")
            start = blanks.end()
        self._add(text[start:], start)

    def _add(self, word: str, at: int) -> None:
        if not word:
            return
        if self._blank and self._pieces:
            is_break = self._blank == "\n" and _WIDE.match(self._pieces[-1][-1]) and _WIDE.match(word)
            if not is_break:
                self._pieces.append(" ")
        self._blank = ""
        self._pieces.append(word)
        self.words.append((word, self._node, at))
        self._has_heading |= self._depth["heading"] > 0
        if self._depth["link"]:
            self._link_chars += len(word)

    def end_line(self) -> None:
        """Ends the line; inside a cell a block ends with a blank only, because a row is one line."""
        if self._row is not None:
            self._blank = self._blank or " "
            return
        text = "".join(self._pieces).rstrip()
        if text.strip():
            frame = self._frames[-1][1] if self._frames else ""
            self.lines.append(_Line(text, self._has_heading, frame, self._links, self._link_chars))
        self._pieces, self._blank, self._has_heading = [], "", False
        self._links, self._link_chars = 0, 0


def read_page(markup: str) -> Page:
    """The visible text of `markup`. Raises ReadError `broken` for nesting past reason."""
    _check_depth(markup)
    parser = LexborHTMLParser(markup)
    root = parser.root
    if root is None:
        return Page("", [], [], [], "", {})
    writer = _Writer(parts(root))
    for step in steps(root):
        writer.take(step)
    writer.end_line()
    title = parser.css_first("title")
    text, headings, ignored, ignored_as = _spans(writer.lines)
    return Page(text, headings, ignored, ignored_as, " ".join(title.text().split()) if title else "", _meta(parser))


def page_words(markup: str) -> tuple[str, list[Word], list[tuple[int, str]]]:
    """The visible text, its words in order, and every text of the tree, seen or not, by its id: for the way back."""
    root = LexborHTMLParser(markup).root
    if root is None:
        return "", [], []
    writer = _Writer(parts(root))
    for step in steps(root):
        writer.take(step)
    writer.end_line()
    return _spans(writer.lines)[0], writer.words, list(all_texts(root))


def _spans(lines: list[_Line]) -> tuple[str, list[Span], list[Span], list[str]]:
    """The text, the spans of its headings, those of the lines that are not the report's words, and what these are."""
    outside = [line.frame or ("navigation" if line.is_of_links and line.links > 2 else "") for line in lines]
    for index in range(len(lines) - 2):
        if all(line.is_of_links for line in lines[index : index + 3]):
            outside[index : index + 3] = [kind or "related" for kind in outside[index : index + 3]]
    if all(outside):  # a page of links, or a frame around everything: then it is the report
        outside = [""] * len(lines)
    outside = [
        kind or ("" if line.is_heading else boilerplate_kind(line.text))
        for kind, line in zip(outside, lines, strict=True)
    ]
    headings, ignored, ignored_as, start = [], [], [], 0
    for line, kind in zip(lines, outside, strict=True):
        span = Span(start, start + len(line.text))
        if kind:
            ignored.append(span)
            ignored_as.append(kind)
        elif line.is_heading:
            headings.append(span)
        start = span.end + 1
    return "".join(f"{line.text}\n" for line in lines), headings, ignored, ignored_as


def _check_depth(markup: str) -> None:
    """Raises where elements are nested so deep that the page can only be meant to hang its reader."""
    depth = 0
    for tag in _TAG.finditer(markup):
        if tag[2].lower() not in _FLAT:
            depth = max(depth + (-1 if tag[1] else 1), 0)
            if depth > _DEEPEST:
                raise ReadError("broken", f"the page nests {depth} elements in one another; save its text as .txt")


def _number(attribute: str | None) -> int:
    """A colspan or rowspan, kept within reason: a hostile page asks for a thousand columns a cell."""
    digits = (attribute or "").strip()
    return min(max(int(digits), 1), _WIDEST_CELL) if digits.isascii() and digits.isdigit() and len(digits) < 6 else 1


def _meta(parser: LexborHTMLParser) -> dict[str, str]:
    """The date and the source that the page's head gives."""
    found: dict[str, str] = {}
    for node in parser.css("meta[content]"):
        attributes = node.attributes
        key = _META_KEYS.get((attributes.get("name") or attributes.get("property") or "").lower(), "")
        content = (attributes.get("content") or "").strip()
        if key == "published_on":
            date = _DATE.match(content)
            content = date[0] if date else ""
        if key and content:
            found.setdefault(key, content)
    return found
