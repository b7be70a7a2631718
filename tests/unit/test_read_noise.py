"""Noise of real pages: seen past by the rooms, kept in the text."""

import codecs
from pathlib import Path

import pytest

from flows.analysis import Reading, read_report
from flows.read import read_document, repeated, seen

BODY = (
    "截至3月25日，全市規模以下工業企業709家，其中696家恢復生產，復工率98.2%，比上週提高1.5個百分點，其餘企業正在準備。\n"
    "全市共有黨員14425名，其中男9000名，女5425名，他們在各自的崗位上堅守，為疫情防控和復工復產作出了貢獻。\n"
)


def reading(text: str, name: str = "a.txt") -> Reading:
    return read_report(text.encode(), report_id="r", name=name)


def told(text: str) -> list[tuple[str, str, str, str]]:
    return [(row.quote, str(row.value), row.unit, row.indicator_text) for row in reading(text).figures if row.is_figure]


@pytest.mark.parametrize(
    ("noisy", "clean", "quotes"),
    [
        ("復(fù)工率98.2%。", "復工率98.2%。", ["98.2%"]),
        ("復（ｆù）工率98.2%。".replace("ｆ", "f"), "復工率98.2%。", ["98.2%"]),
        ("面積28.48萬(wàn)畝(mǔ)。", "面積28.48萬畝。", ["28.48萬(wàn)畝"]),
        ("新增5&nbsp;例，治愈3\\u00a0例。", "新增5 例，治愈3 例。", ["5&nbsp;例", "3\\u00a0例"]),
        ("新增\u00ad5\u200b例\u202e。", "新增5例。", ["5\u200b例"]),
        ("新\x07增1\ufeff2例，，治愈3例。", "新增12例，治愈3例。", ["1\ufeff2例", "3例"]),
        ("增長5%&mdash;6%。", "增長5%—6%。", ["5%&mdash;6%"]),
        ("寬5(cm)米，(fu)6人", "寬5(cm)米，(fu)6人", None),
    ],
)
def test_noise_is_seen_past(noisy: str, clean: str, quotes: list[str] | None) -> None:
    expected, found = told(clean), told(noisy)
    assert [row[1:] for row in found] == [row[1:] for row in expected]
    assert expected
    assert [row[0] for row in found] == (quotes or [row[0] for row in expected])


def test_digits_of_noise_are_rows_too() -> None:
    rows = reading("全市\\u00a0情況：共5例。").figures
    assert (rows[0].quote, rows[0].cls, rows[0].rule) == ("00", "other", "noise")
    assert "".join(row.quote for row in rows) == "0005例"


def test_the_text_and_every_quote_are_its_own() -> None:
    text = "\ufeff\r\n復(fù)工\u200b率98.2%，，共１，１５３\\u00a06 千人\n\r治愈3例，占(zhàn)5%。"
    result = reading("甲" + text)
    assert result.document.text == "甲" + text
    for row in result.figures:
        assert row.quote == result.document.text[row.start : row.end]


def test_claims_speak_of_the_text() -> None:
    text = "企(qǐ)業(yè)709家，其中696家恢復生產，復(fù)工率98.2%。"
    result = reading(text)
    share = next(claim for claim in result.claims if claim.kind == "share")
    quotes = {f"r#{row.start}": row.quote for row in result.figures}
    assert (quotes[share.result], [quotes[one] for one in share.operands]) == ("98.2%", ["696家", "709家"])
    assert all(0 <= cue.start < cue.end <= len(text) for cue in share.cues)


def test_a_clean_text_is_its_own_view() -> None:
    document = read_document(BODY.encode(), name="a.txt")
    assert seen(document).document is document


def test_a_body_printed_twice_tells_its_relations_once() -> None:
    once, twice = reading("簡報\n" + BODY), reading("簡報\n" + BODY + "\n" + BODY)
    assert len(twice.figures) == 2 * len(once.figures)
    assert len(twice.claims) == len(once.claims) > 0
    first, second = twice.figures[: len(once.figures)], twice.figures[len(once.figures) :]
    assert not any("repeated" in row.modifiers for row in first)
    assert all("repeated" in row.modifiers.split(";") for row in second if row.is_figure)
    assert [row.value for row in first] == [row.value for row in second]


def test_short_lines_may_come_twice() -> None:
    assert repeated(read_document("甲縣\n共5例\n乙縣\n共5例\n合計\t10\n合計\t10\n".encode(), name="a.txt")) == []


def test_boilerplate_of_pages_is_named() -> None:
    page = """<body><div class="top-nav"><a>首頁</a> 2</div><p>您現在的位置：首頁 &gt; 統計公報 3</p>
    <h1>青嵐市統計公報</h1><div class="article-header"><p>2023年3月20日　來源：統計局</p></div>
    <p>全年生產總值4000.5億元。</p><p>分享到：微信 4</p><div class=share_box>5</div>
    <p>相關鏈接</p><ul><li><a>公報之一的標題</a> 2022-03-01<li><a>公報之二的標題</a> 2021-03-01
    <li><a>公報之三的標題</a> 2020-03-01</ul><p>版權所有 青嵐市統計局 青ICP備05012345號</p></body>"""
    result = reading(page, "a.html")
    kinds = {row.quote: row.rule for row in result.figures if row.cls == "other"}
    assert (kinds["2"], kinds["3"], kinds["4"], kinds["5"]) == ("navigation", "navigation", "share", "share")
    assert {kinds[quote] for quote in kinds if quote.startswith("202")} == {"related"}
    assert kinds["05012345號"] == "page_footer"
    assert [row.quote for row in result.figures if row.is_figure] == ["4000.5億元"]
    assert "2023年3月20日" in [row.quote for row in result.figures if row.cls == "date"]


def test_line_ends_and_marks_of_all_kinds(tmp_path: Path) -> None:
    data = codecs.BOM_UTF8 + "共5例。\r\n治愈3例。\r死亡1例。\n\u2028新增2例".encode()
    rows = read_report(data, report_id="r", name="a.txt").figures
    assert [row.quote for row in rows] == ["5例", "3例", "1例", "2例"]
