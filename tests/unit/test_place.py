"""What `place` makes of numerals, by table: phrases, periods, entities, units, the report's date."""

import csv
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from flows.find import find_numerals
from flows.place import place_figures, report_date, suggest
from flows.read import read_document
from flows.record import Figure
from flows.record.script import fold

SPEC = Path(__file__).resolve().parent.parent / "spec"


def cases(name: str) -> Iterator[dict[str, str]]:
    with (SPEC / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield {key: (value or "").replace("\\n", "\n").replace("\\t", "\t") for key, value in row.items()}


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def placed(text: str, *, published_on: date | None = None, place: str = "") -> list[Figure]:
    doc = read_document(text.encode(), name="sample.txt")
    return place_figures(doc, find_numerals(doc), published_on=published_on, place=place)


def figure(rows: list[Figure], quote: str) -> Figure:
    found = [row for row in rows if row.quote == quote or row.quote.startswith(quote)]
    assert found, f"{quote} is not among {[row.quote for row in rows]}"
    return found[0]


@pytest.mark.parametrize("case", cases("place_indicators"), ids=lambda case: f"{case['quote']} {case['text'][:12]}")
def test_indicator_phrase(case: dict[str, str]) -> None:
    assert figure(placed(case["text"]), case["quote"]).indicator_text == case["indicator_text"]


@pytest.mark.parametrize("case", cases("place_codes"), ids=lambda case: f"{case['quote']} {case['text'][:12]}")
def test_indicator_code(case: dict[str, str]) -> None:
    assert figure(placed(case["text"]), case["quote"]).indicator == case["code"]


@pytest.mark.parametrize("case", cases("place_periods"), ids=lambda case: f"{case['quote']} {case['text'][:12]}")
def test_period(case: dict[str, str]) -> None:
    row = figure(placed(case["text"], published_on=day(case["published_on"])), case["quote"])
    assert (row.period_start, row.period_end, row.as_of) == (
        day(case["period_start"]),
        day(case["period_end"]),
        day(case["as_of"]),
    )


@pytest.mark.parametrize("case", cases("place_entities"), ids=lambda case: f"{case['quote']} {case['text'][:12]}")
def test_entity(case: dict[str, str]) -> None:
    assert figure(placed(case["text"], place=case["place"]), case["quote"]).entity == case["entity"]


@pytest.mark.parametrize("case", cases("place_units"), ids=lambda case: f"{case['quote']} {case['text'][:12]}")
def test_unit_is_carried(case: dict[str, str]) -> None:
    row = figure(placed(case["text"]), case["quote"])
    assert (row.unit, row.unit_text, row.base_value) == (case["unit"], "", Fraction(case["base_value"]))


@pytest.mark.parametrize("case", cases("place_report_date"), ids=lambda case: f"{case['name']} {case['rule']}")
def test_report_date(case: dict[str, str]) -> None:
    doc = read_document(case["text"].encode(), name=case["name"])
    assert report_date(doc, case["name"], find_numerals(doc)) == (day(case["date"]), case["rule"])


def test_date_rows_are_resolved() -> None:
    rows = placed("2019年12月17日至2020年1月15日在外,1月16日返回,22日就诊。", published_on=date(2020, 1, 24))
    dates = [row for row in rows if row.cls == "date"]
    assert [row.period_start for row in dates][1:] == [
        date(2020, 1, 15),
        date(2020, 1, 16),
        date(2020, 1, 22),
    ]


def test_minguo_years() -> None:
    rows = placed("民國109年3月27日,確診9例。")
    assert figure(rows, "9例").period_start == date(2020, 3, 27)


def test_modifiers_are_sorted_codes() -> None:
    rows = placed("全市累计新增境外输入病例9例，计划人均补助300元。")
    assert figure(rows, "9例").modifiers == "cumulative;imported;new"
    assert figure(rows, "300元").modifiers == "per_capita;planned"


def test_catalogue_code_needs_the_unit_kind() -> None:
    rows = placed("全市新增确诊病例9例。")
    assert rows[0].indicator == "epidemic.confirmed_new"
    assert placed("全市新增确诊病例9%。")[0].indicator == ""


def test_deaths_are_not_the_cases_they_are_named_with() -> None:
    rows = placed("全省累计确诊病例90例，死亡2例。")
    assert figure(rows, "90例").indicator == "epidemic.confirmed_cumulative"
    assert figure(rows, "2例").indicator == "epidemic.deaths_cumulative"


def test_suggestions_are_ranked() -> None:
    ranked = suggest("新增確診", "counter", 5)
    assert ranked[0][0].startswith("epidemic.confirmed_new")
    assert [score for _, score in ranked] == sorted((score for _, score in ranked), reverse=True)
    assert len(ranked) <= 5


def test_twins_give_the_same_rows() -> None:
    hant = "截至3月25日,羅定市規下工業企業709家,已復工696家,復工率98.2%。"
    hans = "截至3月25日,罗定市规下工业企业709家,已复工696家,复工率98.2%。"
    for one, other in zip(placed(hant), placed(hans), strict=True):
        assert fold(one.indicator_text) == other.indicator_text
        assert (one.indicator, one.entity, one.unit, one.modifiers) == (
            other.indicator,
            other.entity,
            other.unit,
            other.modifiers,
        )


def test_rows_stay_the_rows_given() -> None:
    doc = read_document("全市有企业75家,占9%,万众一心。".encode(), name="a.txt")
    numerals = find_numerals(doc)
    before = [(row.start, row.end, row.quote, row.value) for row in numerals]
    rows = place_figures(doc, numerals, published_on=None, place="")
    assert [(row.start, row.end, row.quote, row.value) for row in rows] == before


@pytest.mark.parametrize(
    "text",
    [
        "指标\t2019\t2020\n粮食产量（万吨）\t120\t130\n",
        "| 指標 | 2020 | 2019 |\n|---|---|---|\n| 出口（億元） | 12 | 13 |\n",
        "年份\t粮食产量（万吨）\n2019\t120\n2020\t130\n",
        "| 出口（億元） | 進口（億元） |\n|---|---|\n| 2018 | 12 |\n| 2019 | 13 |\n| 2020 | 15 |\n",
    ],
)
def test_years_at_the_head_of_columns_or_rows_are_their_periods(text: str) -> None:
    rows = placed(text)
    years = [row for row in rows if row.cls == "date"]
    cells = [row for row in rows if row.is_figure]
    assert [row.quote for row in years] == [str(row.period_start.year) for row in cells if row.period_start]
    assert len(years) == len(cells) >= 2


def test_a_row_that_names_its_measure_takes_none_from_its_column() -> None:
    rows = placed("产品\t产量（亿千瓦时）\t同比增长（%）\n发电量\t96.9\t2.5\n")
    assert [row.indicator_text for row in rows if row.is_figure] == ["发电量", "发电量同比增长"]


@pytest.mark.parametrize("text", ["甲镇\t2019\t1980\n乙镇\t1500\t800\n", "人数\t2019\n金额\t300\n"])
def test_counts_that_look_like_years_stay_counts(text: str) -> None:
    assert [row.cls for row in placed(text)] == ["quantity"] * len(placed(text))
