"""The show room over a published file: what it reads, and which pages it writes again."""

import importlib
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from flows.show import RunSummary, build_site, manifest, print_summary, search

site = importlib.import_module("flows.show.site")


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
    assert '"r2.html#f2"' in page
    assert '<span class="cue" data-c="0">共</span>' in page
    index = (home / "site" / "index.html").read_text(encoding="utf-8")
    assert index.index("乙報") < index.rindex("甲報") < index.rindex("丙報")


def change(home: Path, statement: str) -> None:
    with duckdb.connect(str(home / "warehouse.duckdb")) as con:
        con.execute(statement)


def test_only_what_changed_and_its_neighbours_are_written_again(home: Path) -> None:
    build(home)
    spoil(home, "r1", "r2", "r3")
    change(home, "update marts.fct_checks set verdict = 'broken' where check_id = 'c2'")
    build(home, set())
    assert [is_old(home, one) for one in ("r1", "r2", "r3")] == [False, False, True]


CHANGED = """
update marts.dim_report set published_on = date '2022-01-01', version = 2 where report_id = 'r2';
update marts.dim_report set is_superseded = true where report_id = 'r1';
insert into marts.fct_version_changes values
    ('v1', 'r2', 'r1', 2, 'changed', '隊<b>', 'r1#1', 'r2#2', '9個', '8個', -1, '個'),
    ('v2', 'r2', 'r1', 2, 'removed', '區', 'r1#4', null, '4個', null, null, '個');
"""


def test_what_a_publisher_changed_stands_on_both_versions_and_is_written_when_it_comes(home: Path) -> None:
    build(home)
    spoil(home, "r1", "r2", "r3")
    change(home, CHANGED)
    build(home, set())
    assert [is_old(home, one) for one in ("r1", "r2", "r3")] == [False, False, True]
    older, newer = ((home / "site" / "reports" / f"{one}.html").read_text(encoding="utf-8") for one in ("r1", "r2"))
    assert re.search(r'class="superseded">.*<a href="r2.html">', older)
    told = newer.partition('class="versions"')[2].partition("</details>")[0]
    assert re.findall(r'<a href="([^"]*)">(\d個)</a>', told) == [
        ("r1.html#f1", "9個"), ("#f2", "8個"), ("r1.html#f4", "4個"),
    ]  # fmt: skip
    assert '<data value="-1" data-of="fct_version_changes.difference" data-key="v1">' in told
    assert "隊&lt;b&gt;" in told
    assert 'data-of="version_changes:removed"' in told
    assert 'class="versions"' not in older


def test_a_version_with_the_same_figures_says_so_and_one_with_many_changes_shows_the_first(home: Path) -> None:
    change(home, CHANGED)
    change(home, "delete from marts.fct_version_changes")
    build(home)
    newer = (home / "site" / "reports" / "r2.html").read_text(encoding="utf-8")
    assert 'data-t="no_change"' in newer
    assert '<a href="r1.html">' in newer
    change(
        home,
        "insert into marts.fct_version_changes select 'v' || n, 'r2', 'r1', 2, 'removed', '區', 'r1#4', null, '4個',"
        " null, null, '個' from range(101) as t (n)",
    )
    build(home, set())
    newer = (home / "site" / "reports" / "r2.html").read_text(encoding="utf-8")
    assert newer.partition("</details>")[0].count('<a href="r1.html#f4">') == 100
    assert "gongbao changes --report r2" in newer


def test_nothing_new_writes_no_report_page(home: Path) -> None:
    before = build(home)
    assert build(home, set()) == before


def test_pages_of_another_version_are_written_again(home: Path) -> None:
    build(home)
    spoil(home, "r3")
    manifest = home / "site" / ".pages.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"version": "', '"version": "other'), "utf-8")
    build(home, set())
    assert not is_old(home, "r3")


def written(home: Path, since: dict[Path, int]) -> set[str]:
    """The files that were written since their times were taken."""
    return {str(path.relative_to(home / "site")) for path, when in times(home).items() if since.get(path) != when}


def times(home: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in (home / "site").rglob("*") if path.is_file()}


def test_nothing_new_writes_nothing(home: Path) -> None:
    build(home)
    before = times(home)
    build(home, set())
    assert written(home, before) == set()


def test_a_new_observation_writes_its_indicator_and_not_the_others(home: Path) -> None:
    build(home)
    before = times(home)
    change(home, "update marts.fct_observations_history set is_current = true where observation_id = 'r1#1'")
    build(home, set())
    assert written(home, before) == {"data/series/teams.count~0.js", ".pages.json"}


#: A report like r3, later: one more statement of an indicator, no relation.
ONE_MORE = """
insert into marts.dim_report select * replace ('r4' as report_id, date '2022-02-01' as published_on)
    from marts.dim_report where report_id = 'r3';
insert into marts.audit_reports select * replace ('r4' as report_id) from marts.audit_reports where report_id = 'r3';
insert into marts.fct_figures select * replace ('r4' as report_id, 'r4#1' as figure_id)
    from marts.fct_figures where figure_id = 'r3#1';
insert into marts.fct_observations select * replace ('r4' as report_id, 'r4#1' as observation_id)
    from marts.fct_observations where report_id = 'r3';
insert into marts.fct_observations_history select * replace ('r4' as report_id, 'r4#1' as observation_id)
    from marts.fct_observations_history where report_id = 'r3';
"""


def test_one_more_report_writes_nothing_of_the_old_ones(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "BLOCK_REPORTS", 1)
    monkeypatch.setattr(manifest, "PART", 1)
    build(home)
    before = times(home)
    (home / "texts" / "r4.txt").write_bytes((home / "texts" / "r3.txt").read_bytes())
    for statement in filter(str.strip, ONE_MORE.split(";")):
        change(home, statement)
    build(home, set())
    assert written(home, before) == {
        "reports/r4.html", "data/series/teams.count~3.js", "data/series/teams.count.js",
        *(f"data/{name}" for name in ("search/b3.js", "search/index.js", "reports/b3.js", "findings/r3.js",
                                      "findings/c3.js", "findings/3.csv", "findings/3.json")),
        "subjects/teams.html", "index.html", "reports.html", "findings.html", "indicators.html", ".pages.json",
    }  # fmt: skip


def test_a_file_that_is_gone_comes_back(home: Path) -> None:
    build(home)
    files = times(home)
    for name in ("data/search/b0.js", "data/findings/0.csv", "data/series/teams.count~0.js", "subjects/teams.html"):
        (home / "site" / name).unlink()
        build(home, set())
        assert times(home).keys() == files.keys(), name


def test_more_processes_write_the_same(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "BLOCK_REPORTS", 1)
    monkeypatch.setattr(site, "_WORTH_PROCESSES", 2)
    build(home)
    for folder in ("reports", "data/search"):
        shutil.copytree(home / "site" / folder, home / folder)
    build_site(home / "warehouse.duckdb", home / "texts", home / "site", processes=2)
    for folder in ("reports", "data/search"):
        pages = sorted((home / folder).iterdir())
        assert [one.read_bytes() for one in pages] == [
            one.read_bytes() for one in sorted((home / "site" / folder).iterdir())
        ]


def test_what_is_gone_leaves_no_page(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "BLOCK_REPORTS", 1)
    build(home)
    (home / "site" / "reports" / "gone.html").write_text("old", encoding="utf-8")
    for table in ("dim_report", "audit_reports", "fct_figures", "fct_check_operands", "fct_checks",
                  "fct_observations", "fct_observations_history"):  # fmt: skip
        change(home, f"delete from marts.{table} where report_id in ('r1', 'r2')")
    change(home, "delete from marts.series_rates")
    assert set(build(home, set())) == {"r3"}
    left = {path.name for path in (home / "site").rglob("*") if path.is_file()}
    assert "r3.html" in left
    assert left.isdisjoint({"r1.html", "r2.html", "gone.html", "teams.rate.html", "teams.rate.js"})
    assert "甲報" not in "".join(path.read_text() for path in (home / "site" / "data").rglob("*.js"))
    before = times(home)
    build(home, set())
    assert written(home, before) == set()


def test_a_manifest_that_is_cut_off_makes_all_pages_anew(home: Path) -> None:
    build(home)
    spoil(home, "r3")
    (home / "site" / ".pages.json").write_text('{"version": ', encoding="utf-8")
    build(home, set())
    assert not is_old(home, "r3")


def test_new_reports_fill_the_last_block_of_the_search() -> None:
    sizes = {f"r{number}": 45_000 for number in range(1, 6)}
    three = dict(list(sizes.items())[:3])
    blocks, dirty = search.plan_blocks([], three, set())
    assert (blocks, dirty) == ([["r1", "r2"], ["r3"]], {0, 1})
    blocks, dirty = search.plan_blocks(blocks, sizes, set())
    assert (blocks, dirty) == ([["r1", "r2"], ["r3", "r4"], ["r5"]], {1, 2})
    del sizes["r1"]
    blocks, dirty = search.plan_blocks(blocks, sizes, {"r5"})
    assert (blocks, dirty) == ([["r2"], ["r3", "r4"], ["r5"]], {0, 2})


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
