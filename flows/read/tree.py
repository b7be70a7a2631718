"""What the parts of a web page are: walked in order, without recursion, so that depth costs nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode


def names(listed: str) -> frozenset[str]:
    """The names of a list with blanks between them."""
    return frozenset(listed.split())


HEADINGS = names("h1 h2 h3 h4 h5 h6")
_INVISIBLE = names(
    "head script style noscript template iframe object embed svg math canvas audio video map select datalist "
    "textarea input button rt rp meta link title"
)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
#: Element, role and name in class or id -> which part of the page's frame it is.
_FRAMES = {"nav": "navigation", "header": "page_header", "footer": "page_footer", "aside": "related"}
_FRAME_ROLES = {
    "navigation": "navigation",
    "banner": "page_header",
    "contentinfo": "page_footer",
    "complementary": "related",
    "search": "navigation",
}
_FRAME_NAMES = {
    name: kind
    for kind, listed in {
        "navigation": "nav navbar navigation menu breadcrumb breadcrumbs crumb crumbs pagination pager topbar",
        "page_header": "header",
        "page_footer": "footer foot copyright",
        "share": "share sharebar bdsharebuttonbox bshare jiathis socialshare",
        "related": "sidebar related recommend",
    }.items()
    for name in listed.split()
}
#: These in a name of several words make it a part of the article: article-header, news_menu_title.
_OF_ARTICLE = names("article content news detail title main text body doc post entry")
_WORD_IN_NAME = re.compile(r"[a-z]+|[A-Z][a-z]*")
#: What only the report itself holds: a frame with one of these in it is no frame.
_ARTICLE = frozenset(("h1", "article", "main"))


@dataclass(slots=True)
class Step:
    """One step of the walk: into an element, out of it, or (with `text`) past a piece of text."""

    node: LexborNode
    tag: str
    is_entering: bool
    text: str = ""


@dataclass(slots=True)
class _Table:
    """A table while it is passed: is it one of data, or one that only places paragraphs on the page?"""

    node_id: int
    is_layout: bool = False
    widest: int = 0
    cells: int = 0
    stops: int = 0  # full stops in the cell


@dataclass(frozen=True, slots=True)
class Parts:
    """The ids of the elements that are data tables, and of those that hold the report's body."""

    data_tables: frozenset[int]
    bodies: frozenset[int]


def steps(root: LexborNode) -> Iterator[Step]:
    """Every visible element and text of the tree, in order."""
    stack: list[tuple[LexborNode, bool]] = [(root, True)]
    while stack:
        node, is_entering = stack.pop()
        tag = node.tag or ""
        if not is_entering:
            yield Step(node, tag, is_entering=False)
        elif tag == "-text":
            yield Step(node, tag, is_entering=True, text=node.text_content or "")
        elif tag == "-document" or not (tag.startswith(("-", "!")) or tag in _INVISIBLE or _is_hidden(node)):
            yield Step(node, tag, is_entering=True)
            stack.append((node, False))
            children = []
            child = node.child
            while child is not None:
                children.append((child, True))
                child = child.next
            stack.extend(reversed(children))


def all_texts(root: LexborNode) -> Iterator[tuple[int, str]]:
    """Every text of the tree with its id, in order, the invisible ones too."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.tag == "-text":
            yield node.mem_id, node.text_content or ""
        children = []
        child = node.child
        while child is not None:
            children.append(child)
            child = child.next
        stack.extend(reversed(children))


def parts(root: LexborNode) -> Parts:
    """One pass over the tree that tells data tables from layout, and finds what holds the report's body.

    A table is layout if it holds another table or a heading, never has two cells in a row, or has a cell of
    several sentences.
    """
    data_tables: set[int] = set()
    bodies: set[int] = set()
    tables: list[_Table] = []
    path: list[int] = []
    for step in steps(root):
        tag, table = step.tag, tables[-1] if tables else None
        if step.text:
            if table:
                table.stops += step.text.count("。")
                table.is_layout |= table.stops > 1
            continue
        if not step.is_entering:
            path.pop()
            if tag == "table":
                done = tables.pop()
                if not done.is_layout and done.widest > 1:
                    data_tables.add(done.node_id)
            continue
        path.append(step.node.mem_id)
        if tag in _ARTICLE:
            for node_id in reversed(path):
                if node_id in bodies:
                    break
                bodies.add(node_id)
        if tag == "table":
            if table:
                table.is_layout = True
            tables.append(_Table(step.node.mem_id))
        elif table and tag == "tr":
            table.cells = 0
        elif table and tag in ("td", "th"):
            table.cells += 1
            table.widest = max(table.widest, table.cells)
            table.stops = 0
        elif table and tag in HEADINGS:
            table.is_layout = True
    return Parts(frozenset(data_tables), frozenset(bodies))


def frame_kind(step: Step, bodies: frozenset[int]) -> str:
    """Which part of the page's frame the element is, by tag, role, class or id; empty for the report's own.

    `page_header`, `navigation`, `share`, `related` or `page_footer`.
    """
    if step.node.mem_id in bodies or step.tag in ("html", "body"):
        return ""
    if step.tag in _FRAMES:
        return _FRAMES[step.tag]
    attributes = step.node.attributes
    if not attributes:
        return ""
    role = _FRAME_ROLES.get(attributes.get("role") or "", "")
    if role:
        return role
    for name in f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:500].split():
        kind = _FRAME_NAMES.get(name.lower()) or _frame_in(name)
        if kind:
            return kind
    return ""


def _frame_in(name: str) -> str:
    """The frame that a name of several words tells: page-footer, topNav, share_box."""
    words = [word.lower() for word in _WORD_IN_NAME.findall(name)]
    if len(words) < 2 or not _OF_ARTICLE.isdisjoint(words):
        return ""
    return next((_FRAME_NAMES[word] for word in words if word in _FRAME_NAMES), "")


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return bool(attributes) and ("hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or "")))
