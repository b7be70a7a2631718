"""What the engine spark keeps beside Spark itself: vocabularies as its catalog has them, readings that count."""

import shutil
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from flows.operations.soundness import lacking
from flows.pull import Item
from flows.pull.register import add, opened, set_state
from flows.record.vocabulary import VOCABULARY
from flows.settings import Settings
from flows.spark import SparkError
from flows.spark.lake import check_readings, purge, vocabulary_rows
from flows.spark.reading import tasks_for

INDICATORS = VOCABULARY / "indicators.csv"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home of which two runs read a report each, and one of them a report that was read again since."""
    settings = Settings(home=tmp_path, engine="spark")
    settings.build_file.parent.mkdir()
    with closing(duckdb.connect(settings.build_file)) as con:
        con.execute("create schema raw; create table raw.reports (report_id varchar, run_id varchar)")
        con.execute("insert into raw.reports values ('a', '20260101T1'), ('b', '20260102T1')")
        for run_id, report_ids in (("20260101T1", ["a", "b"]), ("20260102T1", ["b"])):
            settings.readings_of(run_id).mkdir(parents=True)
            file = settings.readings_of(run_id) / "rows.parquet"
            con.execute(f"copy (select unnest($ids) as report_id) to '{file}' (format parquet)", {"ids": report_ids})
    return settings


def test_the_catalog_has_the_indicators_that_a_home_was_taught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    header, shipped = INDICATORS.read_text(encoding="utf-8").splitlines()[:2]
    code = shipped.partition(",")[0]
    with closing(duckdb.connect()) as con:
        monkeypatch.setenv("GONGBAO_HOME", str(tmp_path))
        before = vocabulary_rows(con, INDICATORS)[0].fetchall()
        taught = [shipped.replace("|", "|又名|", 1), shipped.replace(code, "trade.bicycle_pads", 1)]
        (tmp_path / "vocabulary").mkdir()
        (tmp_path / "vocabulary" / "indicators.csv").write_text("\n".join([header, *taught]) + "\n", encoding="utf-8")
        rows, columns = vocabulary_rows(con, INDICATORS)
        after = rows.fetchall()
    assert list(columns) == header.split(",")
    assert len(after) == len(before) + 1
    changed = {row[0]: dict(zip(columns, row, strict=True)) for row in {*after} - {*before}}
    assert {*changed} == {code, "trade.bicycle_pads"}
    assert "|又名|" in str(changed[code]["aliases"])


def test_a_reading_that_is_gone_is_no_report_without_figures(settings: Settings) -> None:
    check_readings(settings)
    (settings.readings_of("20260102T1") / "rows.parquet").unlink()
    with pytest.raises(SparkError, match=r"run_id=20260102T1 lacks b \(1 reports .*--full-refresh"):
        check_readings(settings)


def test_reports_whose_run_has_lost_its_parquet_are_read_again(settings: Settings) -> None:
    with opened(settings.register) as register:
        for name in ("a", "b"):
            add(register, Item("daily", f"{name}.md", f"{name}.md", "", name, name))
    for name in ("a", "b"):
        set_state(settings.register, name, "accepted")
    assert lacking(settings) == []
    shutil.rmtree(settings.readings_of("20260101T1"))
    assert lacking(settings) == ["a"]


def test_what_no_report_names_is_taken_out_of_the_parquet(settings: Settings) -> None:
    with closing(duckdb.connect(settings.build_file)) as con:
        con.execute("delete from raw.reports where report_id = 'a'")
    purge(settings)
    check_readings(settings)
    with closing(duckdb.connect()) as con:
        held = con.execute(f"select report_id from read_parquet('{settings.readings}/*/*.parquet')").fetchall()
    assert sorted(held) == [("b",), ("b",)]


@pytest.mark.parametrize(
    ("reports", "cores", "tasks"),
    [(1, 2, 1), (9, 2, 2), (1_000, 2, 4), (10_000, 2, 8), (500_000, 64, 256), (10_000_000, 64, 1_000)],
)
def test_tasks_are_neither_many_and_small_nor_so_few_that_cores_are_idle(reports: int, cores: int, tasks: int) -> None:
    assert tasks_for(reports, cores) == tasks
