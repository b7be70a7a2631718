"""Accepted CSVs into `raw`: exact, idempotent by report, all or nothing."""

from contextlib import closing
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.load import LoadError, load_reports, state
from flows.record import Claim, Figure, Report, Source, Span
from flows.settings import Settings
from flows.write import write_report

TEXT = '共7家,"甲"\r\n6家。'
SOURCE = Source("samples", "folder", "*.md", "甲市政府", "甲市", "zh-Hant", "", True)
RUN = {"run_id": "run-1", "started_at": "2026-01-01T00:00:00+00:00"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def report(report_id: str, title: str = "") -> Report:
    return Report(
        report_id=report_id,
        sha256="0" * 64,
        source_id="samples",
        uri="a.md",
        title=title,
        publisher="甲市政府",
        place="甲市",
        language="zh-Hant",
        script="Hant",
        published_on=date(2020, 3, 27),
        published_on_rule="text",
        encoding="utf-8",
        media_type="text/plain",
        byte_count=30,
        char_count=len(TEXT),
        reader_version="1",
    )


def figures(value: Fraction = Fraction(7)) -> list[Figure]:
    return [
        Figure(1, 3, 2, "7家", "quantity", value, value, value, unit="家", base_value=value, base_unit="家"),
        Figure(9, 11, 10, "6家", "quantity", Fraction(6), Fraction(6), None, False, unit="家"),
    ]


def folder(settings: Settings, report_id: str, *, title: str = "", found: list[Figure] | None = None) -> Path:
    where = settings.pulled / report_id
    claim = Claim("subset", f"{report_id}#1", [f"{report_id}#9"], cues=[Span(0, 1)])
    write_report(where, report(report_id, title), figures() if found is None else found, [claim], TEXT)
    settings.texts.mkdir(parents=True, exist_ok=True)
    (settings.texts / f"{report_id}.txt").write_bytes(TEXT.encode())
    return where


def load(settings: Settings, *folders: Path, **more: Any) -> dict[str, int]:
    texts = {each.name: settings.texts / f"{each.name}.txt" for each in folders}
    return load_reports(settings, folders, more.pop("texts", texts), [SOURCE], more.pop("run", RUN), **more)


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with closing(duckdb.connect(settings.build_file, read_only=True)) as con:
        return con.execute(query).fetchall()


def test_every_column_arrives_with_its_type(settings: Settings) -> None:
    loaded = load(settings, folder(settings, "a"))
    assert (loaded["reports"], loaded["figures"], loaded["claims"], loaded["texts"]) == (1, 2, 1, 1)
    query = 'select "start", quote, value, low_closed, high, indicator from raw.figures order by 1'
    assert rows(settings, query) == [
        (1, "7家", Decimal(7), True, Decimal(7), None),
        (9, "6家", Decimal(6), False, None, None),
    ]
    assert rows(settings, "select published_on, run_id from raw.reports") == [(date(2020, 3, 27), "run-1")]


def test_the_text_keeps_its_line_ends(settings: Settings) -> None:
    load(settings, folder(settings, "a"))
    assert rows(settings, "select text from raw.texts") == [(TEXT,)]


def test_loading_again_replaces_that_report_only(settings: Settings) -> None:
    load(settings, folder(settings, "a"), folder(settings, "b"))
    load(settings, folder(settings, "a", title="anew", found=figures()[:1]))
    assert rows(settings, "select report_id, title from raw.reports order by 1") == [
        ("a", "anew"),
        ("b", None),
    ]
    assert rows(settings, "select report_id, count(*) from raw.figures group by 1 order by 1") == [
        ("a", 1),
        ("b", 2),
    ]
    assert rows(settings, "select count(*) from raw.sources") == [(1,)]


def test_a_report_that_lost_all_its_numerals_loses_its_rows(settings: Settings) -> None:
    load(settings, folder(settings, "a"))
    load(settings, folder(settings, "a", found=[]))
    assert rows(settings, "select count(*) from raw.figures") == [(0,)]


def test_a_number_too_large_for_the_type_is_null_and_its_quote_stays(settings: Settings) -> None:
    load(settings, folder(settings, "a", found=figures(Fraction(10**26))))
    assert rows(settings, 'select quote, value from raw.figures where "start" = 1') == [("7家", None)]
    load(settings, folder(settings, "a", found=figures(Fraction(10**26 - 1))))
    assert rows(settings, 'select value from raw.figures where "start" = 1') == [(Decimal(10**26 - 1),)]


def test_a_batch_with_a_bad_cell_loads_nothing(settings: Settings) -> None:
    load(settings, folder(settings, "a"))
    bad = folder(settings, "b")
    cells = (bad / "figures.csv").read_text(encoding="utf-8").replace("b,b#1,1,", "b,b#1,one,")
    (bad / "figures.csv").write_text(cells, encoding="utf-8")
    with pytest.raises(LoadError, match="one"):
        load(settings, folder(settings, "a", title="anew"), bad)
    assert rows(settings, "select report_id, title from raw.reports") == [("a", None)]


def test_many_files_are_read_as_one_and_give_the_same_rows(settings: Settings) -> None:
    """They are joined from a few on; the rows, line breaks in cells among them, are those of each file alone."""
    names = "abcdefg"
    for name in names:
        load(settings, folder(settings, name, title=f'{name},"\n甲"'))
    tables = ("select * exclude (loaded_at, first_loaded_at) from raw.reports order by all",
              "select * from raw.figures order by all", "select * from raw.claims order by all")  # fmt: skip
    alone = [rows(settings, query) for query in tables]
    assert load(settings, *(settings.pulled / name for name in names))["figures"] == 14
    assert [rows(settings, query) for query in tables] == alone
    assert not list(settings.build_file.parent.glob(".incoming*"))


def test_of_many_files_the_one_that_is_wrong_is_named(settings: Settings) -> None:
    load(settings, folder(settings, "a"))
    folders = [folder(settings, name) for name in "bcdefg"]
    with (folders[4] / "figures.csv").open("a", encoding="utf-8") as file:
        file.write("f,f#9\n")
    with pytest.raises(LoadError, match=r"f/figures\.csv"):
        load(settings, *folders)
    assert rows(settings, "select report_id from raw.reports") == [("a",)]


def test_a_folder_without_its_files_is_named(settings: Settings) -> None:
    where = folder(settings, "a")
    (where / "claims.csv").unlink()
    with pytest.raises(LoadError, match=r"claims\.csv is missing"):
        load(settings, where)


def test_a_report_without_a_text_is_refused(settings: Settings) -> None:
    with pytest.raises(LoadError, match="no text for a"):
        load(settings, folder(settings, "a"), texts={})


def test_a_run_needs_its_id(settings: Settings) -> None:
    with pytest.raises(LoadError, match="run_id"):
        load(settings, folder(settings, "a"), run={})


@pytest.fixture
def refused() -> dict[str, str]:
    return {"report_id": "a", "file": "figures.csv", "row_key": "a#1", "expectation": "quote", "reason": "…"}


def test_what_was_turned_away_is_kept_until_the_report_is_accepted_whole(
    settings: Settings, refused: dict[str, str]
) -> None:
    load(settings, folder(settings, "a"), quarantine=[refused])
    assert rows(settings, "select report_id, row_key, uri from raw.quarantine") == [("a", "a#1", None)]
    load(settings, folder(settings, "a"), run={"run_id": "run-2"})
    assert rows(settings, "select * from raw.quarantine") == []
    assert rows(settings, "select run_id from raw.runs order by 1") == [("run-1",), ("run-2",)]


def test_nothing_accepted_still_records_the_run(settings: Settings, refused: dict[str, str]) -> None:
    assert load(settings, quarantine=[refused])["reports"] == 0
    assert rows(settings, "select count(*) from raw.quarantine") == [(1,)]


BUILD = ["build", "--exclude-resource-type", "unit_test"]


def test_what_no_report_flows_into_is_built_again_only_where_its_files_changed(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = tmp_path / "project" / "seeds" / "vocabulary" / "units.csv"
    units.parent.mkdir(parents=True)
    units.write_text("unit")
    monkeypatch.setattr(state, "PROJECT", tmp_path / "project")
    monkeypatch.setenv("GONGBAO_HOME", str(settings.home))
    load(settings, folder(settings, "a"))
    with closing(duckdb.connect(settings.build_file)) as con:
        con.execute("create schema state; create table state.models (model_name varchar, build bigint)")
        con.execute("create table state.reports as select 'a' as report_id, 1 as series_changed_in")
    manifest = settings.build_file.parent / "target" / "manifest.json"
    manifest.parent.mkdir()
    manifest.write_text("{}")

    def build(args: list[str], *, passes: bool = True) -> bool:
        state.note_begun(settings, args)
        if passes:
            state.note_passed(settings, args)
        return state.stands(settings)

    assert not state.stands(settings)
    assert build(BUILD)
    assert build([*BUILD, *state.OF_REPORTS], passes=False)
    assert build([*BUILD, *state.OF_REPORTS])
    manifest.unlink()
    assert not state.stands(settings), "publishing takes what it says of the marts from there"
    manifest.write_text("{}")
    units.write_text("unit,factor")
    assert not state.stands(settings)
    assert not build([*BUILD, *state.OF_REPORTS]), "it does not build the vocabularies"
    assert not build(BUILD, passes=False)
    units.write_text("unit")
    assert not state.stands(settings), "the failed build may have loaded the other units"
    assert not build(["build", "--select", "dim_unit"])
    assert build(BUILD)
    (settings.home / "vocabulary").mkdir()
    (settings.home / "vocabulary" / "indicators.csv").write_text("indicator")
    assert not state.stands(settings), "the home was taught"


def test_what_duckdb_may_hold_grows_with_the_keys_it_builds_and_is_shared(tmp_path: Path) -> None:
    """In MiB: a key has to fit, what else is read does not."""

    def held(settings: Settings, **of: int) -> int:
        return int(str(settings.database(**of)["memory_limit"]).removesuffix("MiB"))

    settings = Settings(home=tmp_path, memory_mib=0)
    assert 256 <= held(settings) <= 512
    assert held(settings, rows=1000) == held(settings)
    assert held(settings, rows=10**12) > held(settings)
    assert held(settings, shared_by=2) == held(settings) // 2
    assert held(Settings(home=tmp_path, memory_mib=300), rows=10**12) == 300
    with closing(duckdb.connect(config=settings.database())) as con:
        assert con.execute("select current_setting('temp_directory')").fetchall() == [(str(tmp_path / "spill"),)]
