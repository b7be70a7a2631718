"""Web pages to their visible text."""

import time

import pytest

from flows.read import ReadError, read_document
from flows.record import Document


def page(markup: str) -> Document:
    return read_document(markup.encode(), name="page.html")


def lines(markup: str) -> list[str]:
    return page(markup).text.splitlines()


def test_blocks_are_lines_and_white_space_collapses() -> None:
    assert lines("<h1>简报</h1><p>共有\n  <b>5</b> 家，\n复工<i>3</i>家。<br>第二行<div>第三行</div>尾") == [
        "简报",
        "共有 5 家，复工3家。",
        "第二行",
        "第三行",
        "尾",
    ]


def test_only_visible_text_is_read() -> None:
    markup = """<html><head><title>标题</title><script>var n = 9999</script><style>p{width:7px}</style></head>
    <body onload="x(555)"><!-- 111 --><p>共5例</p><script>document.write("8例")</script>
    <noscript>7777</noscript>
    <template>6666</template><p hidden>5555</p><p style="display: none">4444</p><svg><text>3333</text></svg>
    <textarea>2222</textarea><select><option>1111</select><iframe srcdoc="<p>9</p>"></iframe>
    <p>&lt;script&gt;治愈3例&lt;/script&gt;</p></body></html>"""
    assert lines(markup) == ["共5例", "<script>治愈3例</script>"]


def test_glosses_over_characters_are_left_out() -> None:
    assert lines("<p>复<ruby>工<rp>(</rp><rt>gong</rt><rp>)</rp></ruby>率</p>") == ["复工率"]


def test_tables_are_rows_of_cells() -> None:
    markup = """<table><caption>单位：亿元</caption><tr><th>指标<th>数值<th>增长</tr>
    <tr><td><p>生产总值</p><td><p> 4000.5 </p><td>10.0</tr></table>"""
    assert lines(markup) == ["单位：亿元", "指标\t数值\t增长", "生产总值\t4000.5\t10.0"]


def test_cells_keep_their_columns() -> None:
    markup = """<table><tr><td rowspan=2>东区<td colspan=2>复工<td>停工</tr>
    <tr><td>1<td>2<td>3</tr><tr><td>西区<td>4<td>5<td>6</tr></table>"""
    assert page(markup).text.split("\n")[:3] == ["东区\t复工\t\t停工", "\t1\t2\t3", "西区\t4\t5\t6"]


def test_a_table_for_layout_is_no_table() -> None:
    markup = "<table><tr><td>栏目<td><h1>简报</h1><table><tr><td>甲<td>5</table><p>共5例。治愈3例。</p></table>"
    assert lines(markup) == ["栏目", "简报", "甲\t5", "共5例。治愈3例。"]
    assert lines("<table><tr><td>第一段。共有5例。<td>第二段。</table>") == ["第一段。共有5例。", "第二段。"]


def test_the_frame_of_a_page_is_ignored() -> None:
    markup = """<header><h2>网站</h2></header><nav><a>首页</a></nav><div class="crumbs big">位置 3</div>
    <article><header><h1>通报</h1></header><p>共5例。</p></article><div id="footer">电话 12345678</div>"""
    document = page(markup)
    assert [span.quote(document.text) for span in document.ignored] == [
        "网站",
        "首页",
        "位置 3",
        "电话 12345678",
    ]
    assert [span.quote(document.text) for span in document.paragraphs] == ["通报", "共5例。"]
    assert document.title == "通报"


def test_headings_by_mark_up_and_by_shape() -> None:
    document = page("<h1>通报</h1><p>一、概况</p><p>共5例。</p><p>二、分布</p>")
    assert [span.quote(document.text) for span in document.headings] == ["通报", "一、概况", "二、分布"]
    document = page("<h1>通报</h1><h2>概况</h2><p>共5例</p>")
    assert [span.quote(document.text) for span in document.headings] == ["通报", "概况"]


def test_lists_of_links_are_ignored() -> None:
    markup = "<p>共5例。</p><ul><li><a>新闻1</a><li><a>新闻2</a><li><a>新闻3</a></ul><p>详见<a>附件2</a></p>"
    document = page(markup)
    assert [span.quote(document.text) for span in document.ignored] == ["新闻1", "新闻2", "新闻3"]


def test_a_frame_around_everything_is_the_report() -> None:
    document = page("<div class=header><p>共5例。</p></div>")
    assert document.ignored == []
    assert [span.quote(document.text) for span in document.paragraphs] == ["共5例。"]


def test_titles_and_meta() -> None:
    markup = """<title> 公报 </title><meta name="PubDate" content="2020-03-27 10:30">
    <meta name=ContentSource content="统计局"><p>共5例。</p>"""
    assert page(markup).title == "公报"
    assert page(markup).front_matter == {"published_on": "2020-03-27", "publisher": "统计局"}
    assert page("<p>公报</p><p>共5例。</p>").title == "公报"
    assert page('<meta name="PubDate" content="昨天"><p>共5例').front_matter == {}


def test_preformatted_text_keeps_its_lines() -> None:
    assert lines("<pre>共5例\n治愈  3例\n</pre>尾") == ["共5例", "治愈  3例", "尾"]


def test_nothing_visible_is_empty() -> None:
    with pytest.raises(ReadError) as caught:
        page("<script>1</script>")
    assert caught.value.code == "empty"


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<table><tr><td>"])
def test_nesting_past_reason_is_refused_at_once(tag: str) -> None:
    started = time.perf_counter()
    with pytest.raises(ReadError) as caught:
        page(tag * 100_000 + "5例")
    assert caught.value.code == "broken"
    assert time.perf_counter() - started < 5


def test_huge_cells_cost_nothing() -> None:
    started = time.perf_counter()
    document = page("<table>" + "<tr><td colspan=1000000 rowspan=99999>5<td>6" * 2000 + "</table>")
    assert len(document.text) < 1_000_000_0
    assert time.perf_counter() - started < 10


def test_deep_pages_are_read() -> None:
    assert lines("<div>" * 3000 + "共5例" + "</div>" * 3000) == ["共5例"]


def test_a_heading_is_its_line_without_the_blanks_around_it() -> None:
    document = page("<h1>\u3000防疫通報，</h1><p>新增3例。</p>")
    assert [span.quote(document.text) for span in document.headings] == ["防疫通報，"]
