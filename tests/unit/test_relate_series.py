"""Consecutive reports of one publisher, and identities of the catalogue."""

from datetime import date

import pytest

from flows.find import find_numerals
from flows.judge import judge_claims
from flows.place import place_figures
from flows.read import read_document
from flows.record import Claim, Figure, Report, Verdict
from flows.record.vocabulary import vocabulary
from flows.relate import relate_catalogue, relate_series, relate_text
from flows.relate.catalogue import identities


def bulletin(day: int, new: int, ever: int, *, since: str = "截至", more: str = "") -> tuple[Report, list[Figure]]:
    text = (
        f"2023年5月{day}日0—24时，新增本土新冠肺炎确诊病例{new}例。\n"
        f"{since}2023年5月{day}日24时，累计本土确诊{ever}例{more}。"
    )
    return report(day, text)


def report(day: int, text: str) -> tuple[Report, list[Figure]]:
    document = read_document(text.encode(), name=f"2023-05-{day:02}.txt")
    on = date(2023, 5, day)
    figures = place_figures(document, find_numerals(document), published_on=on, place="")
    row = Report(f"d{day}", "", "", "", "", "", "", "", "", on, "file_name", "utf-8", "text/plain", 0, 0, "")
    return row, figures


def judged(reports: list[tuple[Report, list[Figure]]]) -> list[tuple[Claim, Verdict]]:
    claims = relate_series(reports)
    by_id = {f"{row.report_id}#{figure.start}": figure for row, figures in reports for figure in figures}
    return list(zip(claims, judge_claims(claims, by_id), strict=True))


def verdicts(reports: list[tuple[Report, list[Figure]]], kind: str) -> list[str]:
    return [verdict.verdict for claim, verdict in judged(reports) if claim.kind == kind]


def test_yesterday_and_new_make_today() -> None:
    days = [bulletin(3, 12, 812), bulletin(4, 20, 832)]
    assert verdicts(days, "net_flow") == ["holds"]
    assert verdicts(days, "cumulative") == ["holds"]


def test_the_order_of_the_reports_does_not_matter() -> None:
    days = [bulletin(3, 12, 812), bulletin(4, 20, 832), bulletin(5, 8, 840)]
    assert relate_series(days) == relate_series(days[::-1])


def test_a_wrong_level_is_broken() -> None:
    assert verdicts([bulletin(3, 12, 812), bulletin(4, 20, 835)], "net_flow") == ["broken"]


def test_a_falling_cumulative_figure_is_broken() -> None:
    assert verdicts([bulletin(3, 12, 812), bulletin(4, 20, 732)], "cumulative") == ["broken"]


def test_over_a_missing_day_the_flow_cannot_be_told() -> None:
    days = [bulletin(3, 12, 812), bulletin(5, 8, 840)]
    assert verdicts(days, "net_flow") == ["cannot_tell"]
    assert verdicts(days, "cumulative") == ["holds"]


def test_a_count_that_begins_anew_is_no_error() -> None:
    days = [bulletin(3, 12, 812), bulletin(4, 20, 60, since="2023年4月1日0时至")]
    told = judged(days)
    assert {verdict.verdict for _, verdict in told} == {"cannot_tell"}
    assert all("2023-04-01" in claim.scope_doubt for claim, _ in told)


def test_deaths_left_out_are_taken_from_the_report_before() -> None:
    parts = "，治愈出院700例，在院治疗105例，死亡7例"
    rest = "，治愈出院710例，在院治疗115例"
    told = judged([bulletin(3, 12, 812, more=parts), bulletin(4, 20, 832, more=rest)])
    claims = [(claim, verdict) for claim, verdict in told if claim.rule == "series.part_left_out"]
    assert [verdict.verdict for _, verdict in claims] == ["holds"]
    assert "死亡" in claims[0][0].scope_doubt


@pytest.mark.parametrize("name", ["result", "operands"])
def test_identities_name_indicators_of_the_catalogue(name: str) -> None:
    known = {row["indicator"] for row in vocabulary("indicators")}
    for identity in identities():
        named = identity.operands if name == "operands" else [identity.result] if identity.result else []
        assert set(named) <= known, identity.identity_id


def test_the_catalogue_repeats_nothing_the_text_says() -> None:
    text = "出口3,120亿元，进口2,045亿元，进出口总额5,165亿元。"
    document = read_document(text.encode(), name="t.txt")
    figures = place_figures(document, find_numerals(document), published_on=None, place="")
    said = relate_text(document, figures, "r")
    alone = relate_catalogue(figures, "r")
    assert [claim.rule for claim in alone] == ["trade_total"]
    assert relate_catalogue(figures, "r", said) == []


def whole_bulletin(day: int, new: int, ever: int) -> tuple[Report, list[Figure]]:
    """A city names itself, and tells the whole before its parts."""
    text = (
        f"2023年5月{day}日0—24时，苏州市新增确诊病例{new}例，其中本土病例{new - 1}例，境外输入病例1例。\n"
        f"截至5月{day}日24时，累计报告确诊病例{ever}例，其中本土病例{ever - 27 - day}例，境外输入病例{27 + day}例。"
    )
    return report(day, text)


def test_a_whole_told_before_its_parts_is_carried_on() -> None:
    told = judged([whole_bulletin(3, 12, 812), whole_bulletin(4, 20, 832)])
    assert "812 + 20 = 832 ✓" in [verdict.message for _, verdict in told]
    told = judged([whole_bulletin(3, 12, 812), whole_bulletin(4, 20, 852)])
    broken = [verdict.message for claim, verdict in told if claim.kind == "net_flow" and verdict.verdict == "broken"]
    assert broken == ["812 + 20 = 832 ✗ 852 printed, off by 20"]


def test_bulletins_of_two_provinces_do_not_continue_each_other() -> None:
    row, figures = whole_bulletin(4, 20, 90)
    other = report(4, "2023年5月4日，山东省新增确诊病例20例。截至5月4日24时，山东省累计报告确诊病例90例。")
    assert verdicts([whole_bulletin(3, 12, 812), (row, figures)], "cumulative")[0] == "broken"
    assert verdicts([whole_bulletin(3, 12, 812), other], "cumulative") == []


def flow_only(day: int, new: int) -> tuple[Report, list[Figure]]:
    return report(day, f"2023年5月{day}日0—24时，新增本土新冠肺炎确诊病例{new}例。")


def test_flows_are_summed_over_days_without_a_level() -> None:
    days = [bulletin(3, 12, 812), flow_only(4, 20), flow_only(5, 5), bulletin(6, 8, 845)]
    told = [(claim, verdict) for claim, verdict in judged(days) if claim.kind == "net_flow"]
    assert [verdict.message for _, verdict in told] == ["812 + 20 + 5 + 8 = 845 ✓"]
    wrong = [bulletin(3, 12, 812), flow_only(4, 20), flow_only(5, 5), bulletin(6, 8, 849)]
    assert verdicts(wrong, "net_flow") == ["broken"]


def test_how_many_are_severe_is_no_cumulative_figure() -> None:
    days = [bulletin(3, 12, 812, more="，其中重症病例9例"), bulletin(4, 20, 832, more="，其中重症病例4例")]
    assert verdicts(days, "cumulative") == ["holds"]


def test_a_fact_told_again_with_another_value_is_no_error() -> None:
    one = report(3, "2022年，全市生产总值5200亿元，社会消费品零售总额1860亿元。")
    two = report(9, "2022年，全市生产总值5260亿元，社会消费品零售总额1860亿元。")
    assert set(verdicts([one, two], "restatement")) <= {"holds", "cannot_tell"}
    assert "cannot_tell" in verdicts([one, two], "restatement")
