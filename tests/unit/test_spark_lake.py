"""What the engine spark keeps beside Spark itself: vocabularies as its catalog has them, readings that count."""

import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import duckdb
import pytest

from expectations import GateResult
from flows.operations import Look
from flows.operations.soundness import lacking
from flows.operations.steps import _without_discarded
from flows.pull import Item, read_sources
from flows.pull.ledger import DISCARD, decide
from flows.pull.register import add, opened, set_state
from flows.record.columns import CLAIMS, FIGURES, REPORT
from flows.record.vocabulary import VOCABULARY
from flows.settings import Settings
from flows.spark import SparkError
from flows.spark.lake import ACCEPTED, check_readings, incoming, purge, sweep, vocabulary_rows
from flows.spark.reading import tasks_for
from flows.spark.steps import load

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


def test_what_a_killed_purge_left_is_swept_away(settings: Settings) -> None:
    """Nobody would take a report that is forgotten later out of it."""
    left = settings.readings / ".run_id=20260101T1"
    shutil.copytree(settings.readings_of("20260101T1"), left)
    sweep(settings)
    assert not left.exists()
    check_readings(settings)


def test_a_report_that_was_discarded_stays_out_of_the_lake(tmp_path: Path) -> None:
    """A full refresh reads it like all the others, and a newer rule of the gate may accept it."""
    settings = Settings(home=tmp_path, engine="spark")
    (tmp_path / "sources.csv").write_text("id,kind,location\ndaily,folder,reports/*.md\n", encoding="utf-8")
    with opened(settings.register) as register:
        for name in ("kept", "discarded"):
            add(register, Item("daily", f"{name}.md", f"{name}.md", "", name, name))
    decide(settings.register, DISCARD, "discarded", "not ours", "discarded")
    read_on_executors(settings, ["kept", "discarded"])
    places = {name: incoming(settings) / name for name in ("kept", "discarded")}
    gate = _without_discarded(GateResult(accepted=places), settings)
    found = Look(read_sources(settings.sources_file), [], [])
    run = {"run_id": "20260103T1", "started_at": "2026-01-03T00:00:00+00:00"}
    came = load(gate, found, [asdict(each) for each in gate.rejected], run, settings)
    with closing(duckdb.connect(settings.build_file, read_only=True)) as con:
        assert con.sql("select report_id, run_id from raw.reports").fetchall() == [("kept", "20260103T1")]
        assert con.sql("select report_id, expectation from raw.quarantine").fetchall() == [("discarded", "discarded")]
        held = con.sql(
            f"select report_id, len(figures) from read_parquet('{settings.readings}/*/*.parquet')"
        ).fetchall()
    assert held == [("kept", 1)]
    assert (came["reports"], came["figures"]) == (1, 1)


def read_on_executors(settings: Settings, report_ids: Sequence[str]) -> None:
    """What they leave of reports that their gate accepted: a row each, with a figure."""
    place = incoming(settings) / f"{ACCEPTED}=true"
    place.mkdir(parents=True)

    def cells(columns: Mapping[str, str]) -> str:
        return ", ".join(
            f'"{column}" := {"report_id" if column == "report_id" else f"cast(null as {kind})"}'
            for column, kind in columns.items()
        )

    with closing(duckdb.connect()) as con:
        con.execute(
            f"""copy (
                select report_id, struct_pack({cells(REPORT)}) as report, [struct_pack({cells(FIGURES)})] as figures,
                    [struct_pack({cells(CLAIMS)})][:0] as claims, 'text' as text
                from (select unnest($ids) as report_id)
            ) to '{place / "rows.parquet"}' (format parquet)""",
            {"ids": report_ids},
        )
