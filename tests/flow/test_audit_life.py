"""A warehouse grown step by step says the same as one built at once: verdicts, suspects, conflicts, findings."""

import random
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.analysis import read_report
from flows.load import load_reports, run_dbt
from flows.record import Source
from flows.record.processes import shared_out
from flows.settings import Settings
from flows.write import write_report

pytestmark = pytest.mark.flow

SOURCE = Source("daily", "folder", "*.md", "青瀾市衛生健康委員會", "", "zh-Hant", "", True)
NODES = [
    "+fct_check_operands",
    "+fct_findings",
    "+fct_checks",
    "+fct_suspects",
    "+fct_conflicts",
    "+audit_acknowledgements",
    "+audit_corrections",
]
COMPARED = {
    "intermediate": ["int_claims_by_series", "int_verdicts", "int_suspects", "int_joint", "int_findings"],
    "marts": ["fct_checks", "fct_findings", "fct_suspects", "fct_conflicts"],
}
FIRST = date(2022, 4, 10)


def bulletin(day: int, slip: int = 0, note: str = "") -> str:
    """The bulletin of a day: 100 cases before the first, 10 more a day; `slip` is added to today's total."""
    on = FIRST + timedelta(days=day)
    new, total = 10 + day, 100 + sum(10 + past for past in range(day + 1))
    return (
        f"---\npublished_on: {on.isoformat()}\nplace: 青瀾市\n---\n# 青瀾市疫情通報\n\n{note}"
        f"{on.month}月{on.day}日0—24時，青瀾市新增確診病例{new}例，其中市區{new - 3}例、郊縣3例。\n\n"
        f"截至{on.month}月{on.day}日24時，全市累計報告確診病例{total + slip}例。\n\n"
        f"隔離人員中，市區{total - 60}人、郊縣60人，合計{total + slip}人。\n"
    )


class Home:
    """A home whose reports are loaded one after the other; `uri` is the same for versions of one page."""

    def __init__(self, path: Path) -> None:
        self.settings = Settings(home=path)
        self.runs = 0

    def load(self, pages: Iterable[tuple[str, str]]) -> None:
        folders, texts = [], {}
        for uri, text in pages:
            report_id = f"{uri}-{sha256(text.encode()).hexdigest()[:8]}"
            reading = read_report(
                text.encode(), report_id=report_id, name=f"{uri}.md", uri=uri, source_id="daily",
                publisher=SOURCE.publisher, language="zh-Hant",
            )  # fmt: skip
            folder, file = self.settings.pulled / report_id, self.settings.texts / f"{report_id}.txt"
            write_report(folder, reading.report, reading.figures, reading.claims, reading.document.text)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(reading.document.text.encode())
            folders.append(folder)
            texts[report_id] = file
        self.runs += 1
        run = {"run_id": f"run{self.runs}", "started_at": f"2024-01-{self.runs:02} 00:00:00", "reports": list(texts)}
        load_reports(self.settings, folders, texts, [SOURCE], run)

    def build(self, *more: str) -> None:
        run_dbt(["run", "--select", *NODES, *more], self.settings)

    def review(self, statement: str) -> None:
        with closing(duckdb.connect(self.settings.build_file)) as con:
            con.execute(statement)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with closing(duckdb.connect(self.settings.build_file, read_only=True)) as con:
            return con.execute(query).fetchall()

    def everything(self) -> dict[str, list[tuple[object, ...]]]:
        return {
            table: self.rows(f"select * from {schema}.{table} order by all")
            for schema, tables in COMPARED.items()
            for table in tables
        }

    def judged_by(self, build: Callable[[], None]) -> set[str]:
        """The claims that `build` judges: their rows lose the mark that is put on all of them before."""
        self.review("update intermediate.int_verdicts set message = 'seen before'")
        build()
        return {str(row[0]) for row in self.rows(
            "select claim_id from intermediate.int_verdicts where message <> 'seen before'"
        )}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Ten days in a random order, one of them late, one of them with a slip."""
    home = Home(tmp_path_factory.mktemp("home"))
    days = [0, 1, 2, 4, 5, 6]
    random.Random(7).shuffle(days)  # noqa: S311  a fixed order, no secret
    pages = [(f"day{day}", bulletin(day, slip=90 if day == 5 else 0)) for day in days]
    home.load(pages[:3])
    run_dbt(["seed"], home.settings)
    home.build()
    home.load(pages[3:])
    home.build()
    return home


def same_when_built_at_once(home: Home) -> bool:
    grown = home.everything()
    home.build("--full-refresh")
    return grown == home.everything()


def test_reports_in_any_order_say_the_same_as_all_at_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Step by step in this process, and at once in several, as large builds are."""
    asked = []

    def in_several(work: Any, shares: Any, *, is_worth: bool) -> Any:
        asked.append((work.func.__name__, is_worth))
        return shared_out(work, shares, is_worth=True)

    monkeypatch.setattr("flows.record.processes.shared_out", in_several)
    assert home.rows("select count(*) from marts.fct_checks where origin = 'series'")[0][0] > 4
    assert home.rows("select count(*) from marts.fct_findings where status = 'open' and verdict = 'broken'") != [(0,)]
    assert same_when_built_at_once(home)
    assert sorted(asked) == [("conflicts_of", False), ("series_claims_of", False), ("verdicts_of", False)]


def test_a_late_report_in_the_middle_is_judged_with_its_neighbours_only(home: Home) -> None:
    home.load([("day3", bulletin(3))])
    judged = home.judged_by(home.build)
    series = dict(home.rows("select check_id, origin from marts.fct_checks"))
    assert {claim[:4] for claim in judged} == {"day3", "day4"}
    assert {series[claim] for claim in judged if claim.startswith("day4")} == {"series"}
    assert home.judged_by(home.build) == set()
    home.build("--full-refresh")  # takes the marks away


def test_a_page_pulled_again_keeps_its_findings_and_resolves_what_it_mends(home: Home) -> None:
    query = "select finding_id, status, report_count from marts.fct_findings where verdict = 'broken' order by 1"
    before = home.rows(query)
    home.load([("day5", bulletin(5, slip=90, note="（更新）"))])
    home.build()
    assert home.rows(query) == [(finding, status, 2) for finding, status, _ in before]
    assert {status for _, status, _ in before} == {"open"}
    home.load([("day5", bulletin(5, note="（再更新）"))])
    home.build()
    assert {status for _, status, _ in home.rows(query)} == {"resolved"}
    assert [finding for finding, *_ in home.rows(query)] == [finding for finding, *_ in before]
    assert same_when_built_at_once(home)


def test_an_acknowledgement_holds_for_its_figures_and_expires_with_them(home: Home) -> None:
    home.load([("day6", bulletin(6, slip=9))])
    home.build()
    finding, report, figures = home.rows(
        "select finding_id, report_id, figures from marts.fct_findings where status = 'open' and verdict = 'broken'"
    )[0]
    for expected, state in ((figures, "acknowledged"), ("something else", "acknowledgement_expired")):
        home.review("delete from vocabulary.acknowledgements")
        home.review(
            "insert into vocabulary.acknowledgements by name select "
            f"'{finding}' as finding_id, '{report}' as report_id, '{expected}' as expected_figures, 'read' as reason, "
            "'Li' as person, date '2024-02-01' as acknowledged_on"
        )
        home.build()
        assert home.rows(f"select status from marts.fct_findings where finding_id = '{finding}'") == [(state,)]
    assert home.rows("select state, why from marts.audit_acknowledgements") == [("expired", "the figures have changed")]
    home.review("delete from vocabulary.acknowledgements")


def test_a_correction_is_judged_with_and_only_where_it_applies(home: Home) -> None:
    home.build()
    check, figure, value = home.rows(
        """
        select checks.check_id, members.figure_id, members.value from marts.fct_checks as checks
        inner join marts.fct_check_operands as members on checks.check_id = members.check_id and members.role = 'result'
        where checks.verdict = 'broken' and checks.origin = 'text' and checks.finding_status = 'open'
        """
    )[0]
    home.review(
        "insert into vocabulary.corrections by name select 'one' as correction_id, "
        f"'{figure}' as figure_id, 'misread' as kind, 'value' as column_name, '{value}' as expected_value, "
        f"'{int(value) - 9}' as corrected_value, 'a blot' as reason, 'Li' as person, "  # type: ignore[call-overload]
        "date '2024-02-01' as corrected_on, 'accepted' as status"
    )
    home.build()
    found = f"select verdict, finding_status from marts.fct_checks where check_id = '{check}'"
    assert home.rows(found) == [("holds", "resolved")]
    assert home.rows("select state from marts.audit_corrections") == [("applied",)]
    assert same_when_built_at_once(home)
    home.review("update vocabulary.corrections set expected_value = '1'")
    assert home.judged_by(home.build) == {check}
    assert home.rows(found) == [("broken", "open")]
    assert home.rows("select state from marts.audit_corrections") == [("expired",)]


def test_a_page_that_changed_is_another_version_and_what_differs_is_told_row_by_row(home: Home) -> None:
    """Changed, removed, added, twice the same, in another place; and a version that says the same in other words."""
    head = "---\npublished_on: 2022-05-01\nplace: 青瀾市\n---\n# 通報\n\n"
    before = "新增確診病例3例。 出院病例2例。 密切接觸者50人。 新開學校5所。 新開學校8所。 新開學校9所。"
    after = "出院病例2例。 新增確診病例4例。 死亡病例1例。 新開學校8所。 新開學校9所。 新開學校6所。"
    for said in (before, after, f"（更新） {after}"):
        home.load([("notice", head + said.replace(" ", "\n\n") + "\n")])
    home.build("+fct_version_changes")
    first, second, third = (
        str(report)
        for (report,) in home.rows("select report_id from raw.reports where uri = 'notice' order by first_loaded_at")
    )
    told = home.rows(
        """
        select version, superseded_report_id, report_id, change, quote_before, quote_after, difference::int, uri
        from marts.fct_version_changes where report_id in (select report_id from raw.reports where uri = 'notice')
        order by all
        """
    )
    assert told == [
        (2, first, second, "added", None, "1例", None, "notice"),
        (2, first, second, "changed", "3例", "4例", 1, "notice"),
        (2, first, second, "changed", "5所", "6所", 1, "notice"),
        (2, first, second, "removed", "50人", None, None, "notice"),
    ]
    quotes = {
        report: sorted(str(quote) for (quote,) in home.rows(
            f"select quote from marts.fct_figures where report_id = '{report}' and is_figure"
        ))
        for report in (first, second, third)
    }  # fmt: skip
    assert quotes[first] == ["2例", "3例", "50人", "5所", "8所", "9所"]  # the figures of every version are kept
    assert quotes[second] == quotes[third] == ["1例", "2例", "4例", "6所", "8所", "9所"]
