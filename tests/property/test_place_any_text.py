"""`place` on any text: never raises, keeps its rows, and says nothing that the report does not."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.find import find_numerals
from flows.place import place_figures, report_date
from flows.read import read_document

WORDS = st.sampled_from(
    [
        "全市",
        "新增",
        "累计",
        "确诊病例",
        "12例",
        "3.5%",
        "增长",
        "比上年",
        "截至3月25日",
        "2020年",
        "，",
        "、",
        "。",
        "（",
        "）",
        "其中",
        "分别为",
        "和",
        "企业",
        "709家",
        "《",
        "》",
        "\n",
        "郑州市",
        "上年",
        "目前",
        "日均",
        "0—24时",
        "单位：亿元",
        "\t",
        "|",
        "：",
        "共",
        "由",
        "增加到",
        "8万",
        "两年",
        "以来",
        "“",
        "”",
        "28日",
        "民國109年",
        "复工率",
        "#",
    ]
)
TEXTS = st.one_of(st.lists(WORDS, min_size=1, max_size=40).map("".join), st.text(min_size=1, max_size=80))


@given(TEXTS, st.one_of(st.none(), st.dates(date(1950, 1, 1), date(2100, 1, 1))))
@settings(max_examples=200, deadline=None)
def test_any_text(text: str, published_on: date | None) -> None:
    data = text.encode("utf-8", "ignore")
    if not data.strip() or not text.strip():
        return
    try:
        doc = read_document(data, name="any.txt")
    except ValueError:
        return
    numerals = find_numerals(doc)
    kept = [(row.start, row.end, row.quote) for row in numerals]
    rows = place_figures(doc, numerals, published_on=published_on, place="")
    assert [(row.start, row.end, row.quote) for row in rows] == kept
    report_date(doc, "any.txt", numerals)
    characters = set(doc.text) | set("()")
    for row in rows:
        assert set(row.indicator_text) <= characters
        if row.period_start and row.period_end:
            assert row.period_start <= row.period_end
        assert row.modifiers == ";".join(sorted(set(row.modifiers.split(";"))))
