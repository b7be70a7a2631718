"""Tables: totals of rows and columns, growth and shares beside levels."""

from flows.find import find_numerals
from flows.judge import judge_claims
from flows.place import place_figures
from flows.read import read_document
from flows.relate import relate_text

CASES = "区\t确诊\t无症状\t合计\n甲区\t12\t30\t42\n乙区\t5\t8\t13\n丙区\t7\t20\t27\n合计\t24\t58\t82\n"
LEVELS = "指标\t2023年\t2022年\t增长（%）\n客运量\t462\t405\t14.1\n货运量\t1286\t1204\t6.8\n旅客周转量\t861\t840\t2.5\n"
SHARES = "产业\t用电量\t比重（%）\n合计\t200.0\t100\n第一产业\t8.0\t4.0\n第二产业\t130.0\t65.0\n第三产业\t62.0\t31.0\n"


def messages(text: str) -> list[tuple[str, str, str]]:
    document = read_document(text.encode(), name="table.txt")
    figures = place_figures(document, find_numerals(document), published_on=None, place="")
    claims = [claim for claim in relate_text(document, figures, "r") if claim.rule.startswith("table.")]
    verdicts = judge_claims(claims, {f"r#{figure.start}": figure for figure in figures})
    return [(claim.rule, verdict.verdict, verdict.message) for claim, verdict in zip(claims, verdicts, strict=True)]


def broken(text: str) -> set[str]:
    return {rule for rule, verdict, _ in messages(text) if verdict == "broken"}


def test_totals_of_rows_and_columns_hold() -> None:
    told = messages(CASES)
    assert {rule for rule, _, _ in told} == {"table.column_total", "table.row_total"}
    assert [verdict for _, verdict, _ in told] == ["holds"] * 7


def test_a_wrong_cell_breaks_its_row_and_its_column() -> None:
    assert broken(CASES.replace("\t8\t13", "\t9\t13")) == {"table.column_total", "table.row_total"}


def test_a_wrong_total_of_a_row_stands_out_against_the_other_rows() -> None:
    assert "table.row_total" in broken(CASES.replace("\t27\n", "\t72\n"))


def test_growth_beside_two_levels() -> None:
    assert [rule for rule, verdict, _ in messages(LEVELS) if verdict == "holds"] == ["table.growth"] * 3
    assert broken(LEVELS.replace("6.8", "8.6")) == {"table.growth"}


def test_shares_of_the_total_row() -> None:
    assert "table.share" in {rule for rule, verdict, _ in messages(SHARES) if verdict == "holds"}
    assert "table.share" in broken(SHARES.replace("65.0", "56.0"))


def test_a_table_without_totals_says_nothing() -> None:
    assert messages("指标\t数量\n学校\t120\n医院\t45\n车站\t165\n") == []


def test_rows_of_which_is_said_are_no_parts_of_the_total() -> None:
    text = "地区\t人数\n城镇\t620\n其中：男\t310\n乡村\t380\n合计\t1000\n"
    assert [(rule, verdict) for rule, verdict, _ in messages(text)] == [("table.column_total", "holds")]
