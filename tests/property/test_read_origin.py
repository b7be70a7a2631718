"""The way back: the raw bytes at a figure's place, decoded, are the figure."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.read import ReadError, locate, map_back, map_json, read_document, read_map

CHINESE = "全市新增確診病例共有企業復工率為元，。：０１0123456789%\r\n"
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "big5hkscs", "cp950", "utf-16", "utf-16-be", "utf-32"]
BARE = {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}
PIECES = st.sampled_from([*CHINESE, "𠮷", "Ê̄", "é", "1,268", "\x00"])


def encoded(text: str, encoding: str) -> bytes:
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    return (mark + text).encode(encoding, "ignore")


@given(st.lists(PIECES, min_size=1).map("".join), st.sampled_from(ENCODINGS), st.data())
def test_texts(text: str, encoding: str, data: st.DataObject) -> None:
    raw = encoded(text, encoding)
    try:
        document = read_document(raw, name="a.txt")
    except ReadError:
        return
    kept = map_json(map_back(raw, document))
    origins = read_map(kept)
    assert map_json(origins) == kept
    start = data.draw(st.integers(0, len(document.text) - 1))
    end = data.draw(st.integers(start + 1, len(document.text)))
    pieces = locate(origins, start, end).pieces
    bare = BARE.get(document.encoding, document.encoding)
    if document.encoding == "utf-16" and raw.startswith(b"\xfe\xff"):
        bare = "utf-16-be"
    back = "".join(raw[first:last].decode(bare) for first, last in pieces).replace("\x00", "")
    quote = document.text[start:end]
    assert quote in back
    assert len(back) <= len(quote) + 2  # two characters of one code are not torn apart


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5", "utf-16", "latin-1"])
def test_every_character_of_a_plain_text_has_its_bytes(encoding: str) -> None:
    text = "cases: 1,384 of 20" if encoding == "latin-1" else "截至3月25日，共有75家企，占98.2%。\r\n"
    raw = text.encode(encoding)
    document = read_document(raw, name="a.txt")
    assert [run.end for run in map_back(raw, document).runs][-1] == len(document.text) == len(text)


SHREDS = st.sampled_from(
    [
        *("<p>", "</p>", "<b>", "</b>", "<!-- 98 <p> -->", "<script>if (1 < 98) '<p>98'</script>", "<br/>", "</i>"),
        *("<table><tr><td>", "</td><td>", "</td></tr><tr><td>", "</td></tr></table>", "<td>", "<pre>", "</pre>"),
        *("<style>p{x:98}</style>", '<div title="98>\'">', "</div>", "<span hidden>98</span>", "<h1>", "</h1>"),
        *("&nbsp;", "&#57;&#x38;", "&amp;", "&lt;98&gt;", "&hearts", "&NotEqualTilde;", "<", "&", "\r\n", " ", "\n\n"),
        *("98", "例", "新增", "９８％", "1,268", "\t", "<title>98</title>", "<textarea>98&amp;</textarea>"),
    ]
)


def words_of(raw: str) -> str:
    """The text of a stretch of source, references resolved, blanks left out."""
    return re.sub(r"\s", "", html.unescape(raw))


@given(st.lists(SHREDS, min_size=1, max_size=40).map("".join), st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_pages(markup: str, encoding: str) -> None:
    raw = markup.encode(encoding, "ignore")
    try:
        document = read_document(raw, name="a.html")
    except ReadError:
        return
    origins = map_back(raw, document)
    bare = BARE.get(document.encoding, document.encoding)
    for match in re.finditer(r"98|９８％|新增|1,268", document.text):
        origin = locate(origins, *match.span())
        back = "".join(raw[first:last].decode(bare) for first, last in origin.pieces)
        assert words_of(back) in (match[0], "")  # found, or left open: never another place's words


def test_a_page_is_mapped_through_mark_up_and_references() -> None:
    markup = (
        "<!DOCTYPE html><html><head><title>共98例</title><style>p{margin:98px}</style></head>\r\n<body><!-- 98例 -->"
        "<script>var x = '<p>98例</p>';</script><p hidden>98例</p><p>截至&nbsp;昨日，新增 <b>9</b>8例，"
        "累计&#49;&#x33;84例。</p><table><tr><th>地区<th>数量<tr><td>甲县<td>1,268</table>"
    )
    raw = markup.encode("gb18030")
    document = read_document(raw, name="a.html")
    origins = map_back(raw, document)
    told = {}
    for words in ("98例", "1384例", "1,268", "甲县"):
        start = document.text.index(words)
        told[words] = [raw[a:b].decode("gb18030") for a, b in locate(origins, start, start + len(words)).pieces]
    assert told == {
        "98例": ["9", "8例"],
        "1384例": ["&#49;&#x33;84例"],
        "1,268": ["1,268"],
        "甲县": ["甲县"],
    }


def test_a_table_is_mapped_to_its_cells() -> None:
    raw = "指标,数量\n粮食,120\n".encode()
    document = read_document(raw, name="a.csv")
    start = document.text.index("120")
    assert locate(read_map(map_json(map_back(raw, document))), start, start + 3).places == [(2, 2)]
