"""The show room over a published file: what it reads, and which pages it writes again."""

from pathlib import Path

import duckdb
import pytest

from flows.show import RunSummary, build_site, print_summary

TEXTS = {"r1": "共9個：4個和6個。", "r2": "累計8個。", "r3": "有3個。\r\n又7個。"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A published file with the columns that the pages read, and the texts beside it."""
    con = duckdb.connect(str(tmp_path / "warehouse.duckdb"))
    con.execute("create schema marts")
    con.execute("""create table marts.dim_report as
        select * from (values ('r1', '甲報', 1, date '2022-01-01'), ('r2', '乙報', 1, date '2022-01-02'),
                              ('r3', '丙報', 2, null)) as t (report_id, title, publisher_id, published_on),
                      (values ('某市', 'Hant', 'https://example.org/', 'ab', 's', '1', 9))
                      as u (place, script, uri, sha256, source_id, reader_version, char_count)""")
    con.execute(
        "create table marts.dim_publisher as"
        " select * from (values (1, '某局'), (2, '某處')) t (publisher_id, publisher)"
    )
    con.execute("""create table marts.audit_reports as
        select * from (values ('r1', 3, 3, 3, 3, 1, 0, 0), ('r2', 1, 1, 1, 1, 0, 0, 1), ('r3', 2, 2, 2, 2, 0, 0, 0))
        as t (report_id, numeral_count, figure_count, digit_count, accounted_digit_count, broken_count,
              cannot_tell_count, holds_count)""")
    con.execute("""create table marts.fct_figures (
        figure_id varchar, report_id varchar, start_offset bigint, end_offset bigint, numeral_end_offset bigint,
        quote varchar, numeral_class varchar, value decimal(38, 12), low decimal(38, 12), high decimal(38, 12),
        is_low_closed boolean, is_high_closed boolean, unit varchar, unit_text varchar, base_value decimal(38, 12),
        base_unit varchar, direction varchar, hedge varchar, modifiers varchar, indicator_text varchar,
        indicator varchar, entity varchar, period_starts_on date, period_ends_on date, as_of_on date, rule varchar)""")
    for report_id, text in TEXTS.items():
        for start, digit in ((at, char) for at, char in enumerate(text) if char.isdigit()):
            con.execute(
                "insert into marts.fct_figures by name select ? as figure_id, ? as report_id, ? as start_offset,"
                " ? as end_offset, ? as numeral_end_offset, ? as quote, 'quantity' as numeral_class,"
                " cast(? as decimal(38, 12)) as value, '個' as unit, '隊' as indicator_text",
                [
                    f"{report_id}#{start}",
                    report_id,
                    start,
                    start + 2,
                    start + 1,
                    text[start : start + 2],
                    digit,
                ],
            )
    con.execute("""create table marts.fct_checks as
        select * from (values
            ('c1', 'r1', date '2022-01-01', 'sum', 'broken', 'text', '共', '[[0, 1]]', '9', '10', '4 + 6 = 10 ✗ 9'),
            ('c2', 'r2', date '2022-01-02', 'cumulative', 'holds', 'series', '累計', '[[0, 2]]', '8', '8', '8 ≥ 4 ✓'))
        as t (check_id, report_id, published_on, kind, verdict, origin, cue, cue_spans, stated_low_exact,
              computed_low_exact, message),
        (values (null, null, null, '1', null, null, null, 'sum.rule', null))
        as u (stated_high_exact, computed_high_exact, gap_ulp_exact, fits, flags, reason, scope_doubt, rule,
              acknowledgement)""")
    con.execute("""create table marts.fct_check_operands as
        select *, split_part(figure_id, '#', 1) as report_id, '個' as unit, '9個' as quote,
               cast(split_part(figure_id, '#', 2) as bigint) as start_offset
        from (values ('c1', 0, 'result', 'r1#1', null), ('c1', 1, 'operand', 'r1#4', '1'),
                     ('c1', 2, 'operand', 'r1#7', '1'), ('c2', 0, 'result', 'r2#2', null),
                     ('c2', 1, 'operand', 'r1#4', '1')) as t (check_id, position, role, figure_id, weight)""")
    con.close()
    (tmp_path / "texts").mkdir()
    for report_id, text in TEXTS.items():
        (tmp_path / "texts" / f"{report_id}.txt").write_bytes(text.encode())
    return tmp_path


def build(home: Path, changed: set[str] | None = None) -> dict[str, int]:
    """Build, and return when each page was written."""
    build_site(home / "warehouse.duckdb", home / "texts", home / "site", changed=changed)
    return {page.stem: page.stat().st_mtime_ns for page in (home / "site" / "reports").glob("*.html")}


def spoil(home: Path, *report_ids: str) -> None:
    for report_id in report_ids:
        (home / "site" / "reports" / f"{report_id}.html").write_text("old", encoding="utf-8")


def is_old(home: Path, report_id: str) -> bool:
    return (home / "site" / "reports" / f"{report_id}.html").read_text(encoding="utf-8") == "old"


def test_pages_are_made_of_the_published_rows(home: Path) -> None:
    assert set(build(home)) == {"r1", "r2", "r3"}
    page = (home / "site" / "reports" / "r1.html").read_text(encoding="utf-8")
    assert "4 + 6 = 10 ✗ 9" in page
    assert "8 ≥ 4 ✓" in page  # the next report's relation with this one
    assert 'href="r2.html#f2"' in page
    assert '<span class="cue" data-c="0">共</span>' in page
    index = (home / "site" / "index.html").read_text(encoding="utf-8")
    assert index.index("乙報") < index.rindex("甲報") < index.rindex("丙報")


def test_only_what_changed_and_its_neighbours_are_written_again(home: Path) -> None:
    build(home)
    spoil(home, "r1", "r2", "r3")
    build(home, {"r2"})
    assert [is_old(home, one) for one in ("r1", "r2", "r3")] == [False, False, True]


def test_nothing_new_writes_no_report_page(home: Path) -> None:
    before = build(home)
    assert build(home, set()) == before


def test_pages_of_another_version_are_written_again(home: Path) -> None:
    build(home)
    spoil(home, "r3")
    (home / "site" / ".version").write_text("other", encoding="utf-8")
    build(home, set())
    assert not is_old(home, "r3")


def test_pages_of_reports_that_are_gone_go(home: Path) -> None:
    build(home)
    (home / "site" / "reports" / "gone.html").write_text("old", encoding="utf-8")
    assert "gone" not in build(home, set())


def test_a_missing_warehouse_or_text_is_said(home: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no published warehouse"):
        build_site(home / "none.duckdb", home / "texts", home / "site", changed=None)
    (home / "texts" / "r3.txt").unlink()
    with pytest.raises(FileNotFoundError, match=r"r3\.txt"):
        build(home)


def test_the_summary_names_what_matters(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    print_summary(
        RunSummary(
            reports_pulled=3,
            figures=1234,
            numerals=2000,
            coverage_percent="100",
            checks={"holds": 5, "broken": 1},
            broken=[("r1", "4 + 6 = 10 ✗ 9 [bold]\u202e")],
            quarantined=[("bad.txt", "empty: 0 bytes")],
            warehouse=Path("/w/warehouse.duckdb"),
        )
    )
    said = capsys.readouterr().out
    for words in (
        "1,234 of 2,000",
        "4 + 6 = 10 ✗ 9 [bold]⟦RLO⟧",
        "bad.txt",
        "empty: 0 bytes",
        "/w/warehouse.duckdb",
        "1 broken",
    ):
        assert words in said


def test_a_run_without_work_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(RunSummary())
    assert "nothing new" in capsys.readouterr().out
