"""Whatever the bytes: a Document whose spans are sound, or a ReadError with a known code."""

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from flows.read import ReadError, read_document
from flows.record import Document, Span

CODES = {"empty", "not_text", "too_large", "unsupported", "broken"}
PIECES = st.sampled_from(
    [
        *"，。；：！？、,.;:!?()（）《》“”\"'\r\n\t 　#-|",
        "1,268",
        "１，１５３",
        "3.5%",
        "新增",
        "確診",
        "例",
        "---\n",
        "a: b\n",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=3)).map("".join)
TAGS = st.sampled_from(
    (
        *(
            "<p>",
            "</p>",
            "<div>",
            "<table>",
            "<tr>",
            "<td>",
            "<td rowspan=2>",
            "</table>",
            "<a>",
            "</a>",
            "<h1>",
        ),
        *("<nav>", "<pre>", "<!--", "-->", "<script>", "</script>", "<", "&", "&#0;"),
    )
)
PAGES = st.lists(TAGS | PIECES).map("".join)


def is_sound(document: Document) -> bool:
    """Spans in order, disjoint, not blank, each inside one of the level above, and nothing left over."""
    outer = [Span(0, len(document.text))]
    for level in (document.paragraphs, document.sentences, document.clauses):
        assert all(span.quote(document.text).strip() for span in level)
        assert all(one.end <= two.start for one, two in pairwise(level))
        assert all(any(whole.start <= span.start and span.end <= whole.end for whole in outer) for span in level)
        outer = level
    inside = {place for span in (*document.clauses, *document.ignored) for place in range(span.start, span.end)}
    left = "".join(char for place, char in enumerate(document.text) if place not in inside)
    assert not any(char.isalnum() for char in left)
    assert set(document.headings) <= set(document.paragraphs)
    assert len(document.folded) == len(document.text)
    return True


def read(data: bytes, name: str) -> Document | None:
    """None for a refusal with a code that we know and words to it; anything else is raised."""
    try:
        return read_document(data, name=name)
    except ReadError as error:
        if error.code not in CODES or not str(error):
            raise
        return None


@given(TEXTS, st.sampled_from(["a.txt", "a.md", "a.csv"]))
def test_texts(text: str, name: str) -> None:
    document = read(text.encode("utf-8", "ignore"), name)
    assert document is None or is_sound(document)


@example("<h1>\u3000，")
@given(PAGES)
def test_pages(markup: str) -> None:
    document = read(markup.encode("utf-8", "ignore"), "a.html")
    assert document is None or is_sound(document)


@given(st.binary(), st.sampled_from(["a.txt", "a.md", "a.html", "a.csv", "", "a.bin"]))
def test_any_bytes(data: bytes, name: str) -> None:
    document = read(data, name)
    assert document is None or is_sound(document)


@given(st.text(st.sampled_from("全市新增確診病例共有企業復工率為元，。：0123456789%\n"), min_size=12))
def test_legacy_encodings_come_back(text: str) -> None:
    for encoding in ("gb18030", "big5", "utf-16"):
        document = read(text.encode(encoding), "a.txt")
        assert document is None or document.text == text
