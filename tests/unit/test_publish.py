"""Generations: built aside, swapped in by one rename, kept, and rolled back to."""

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from flows.publish import PublishError, content_hash, generation, publish, rollback, snapshots
from flows.settings import Settings

ROWS = [("a", "holds", 1), ("b", None, 2)]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(home=tmp_path / "it's home", keep_generations=2)
    build(made, ROWS)
    return made


def build(settings: Settings, rows: list[tuple[str, str | None, int]]) -> None:
    """A build file with one mart of `rows`, a dimension, and a raw table nobody may see."""
    settings.build_file.parent.mkdir(parents=True, exist_ok=True)
    with closing(duckdb.connect(settings.build_file)) as con:
        con.execute("create schema if not exists marts; create schema if not exists raw")
        con.execute("create or replace table raw.secrets as select 1 as one")
        con.execute("create or replace table marts.dim_report (report_id varchar primary key, loaded_at timestamp)")
        con.execute("insert into marts.dim_report values ('r', now()::timestamp)")
        con.execute("create or replace table marts.fct_checks (check_id varchar primary key, verdict varchar, n int)")
        con.executemany("insert into marts.fct_checks values (?, ?, ?)", rows)


def describe(settings: Settings, sorted_by: Sequence[str] = ()) -> None:
    """dbt's manifest, as far as publishing reads it."""
    column = {"name": "verdict", "description": "It's what was found."}
    node = {
        "schema": "marts",
        "name": "fct_checks",
        "description": "One row per check.",
        "columns": {"verdict": column},
        "config": {"meta": {"sorted_by": list(sorted_by)}},
    }
    elsewhere = {**node, "name": "fct_gone"}
    path = settings.build_file.parent / "target" / "manifest.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"nodes": {"model.x": node, "model.y": elsewhere}}), encoding="utf-8")


def read(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with closing(duckdb.connect(settings.current / "warehouse.duckdb", read_only=True)) as con:
        return con.execute(query).fetchall()


def test_the_published_file_has_the_marts_with_their_keys_and_nothing_else(settings: Settings) -> None:
    folder = publish(settings, {"run_id": "run-1"})
    assert settings.current.resolve() == folder
    assert read(settings, "from marts.fct_checks order by 1") == ROWS
    assert read(settings, "select distinct schema_name from duckdb_tables()") == [("marts",)]
    keys = "select table_name from duckdb_constraints() where constraint_type = 'PRIMARY KEY' order by 1"
    assert read(settings, keys) == [("dim_report",), ("fct_checks",)]


def test_many_rows_are_copied_table_beside_table_and_say_the_same(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe(settings)
    publish(settings, {})
    monkeypatch.setattr(generation, "_MANY_ROWS", 3)
    publish(settings, {})
    after, before = snapshots(settings)
    assert after.manifest["content_hash"] == before.manifest["content_hash"]
    assert after.manifest["row_counts"] == before.manifest["row_counts"]
    keys = "select table_name from duckdb_constraints() where constraint_type = 'PRIMARY KEY' order by 1"
    assert read(settings, keys) == [("dim_report",), ("fct_checks",)]
    assert ("It's what was found.",) in read(settings, "select comment from duckdb_columns()")


def test_a_table_that_cannot_be_copied_beside_others_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = publish(settings, {})
    describe(settings, sorted_by=["gone"])
    monkeypatch.setattr(generation, "_MANY_ROWS", 3)
    with pytest.raises(PublishError, match=r"marts\.fct_checks cannot be copied: .*gone"):
        publish(settings, {})
    assert settings.current.resolve() == kept


def test_comments_come_from_dbt(settings: Settings) -> None:
    describe(settings)
    publish(settings, {})
    assert ("One row per check.",) in read(settings, "select comment from duckdb_tables()")
    assert ("It's what was found.",) in read(settings, "select comment from duckdb_columns()")


def test_generations_begin_as_copies_of_one_empty_file_while_the_marts_are_the_same(settings: Settings) -> None:
    def kept() -> list[Path]:
        return sorted(settings.build_file.parent.glob("empty-*"))

    publish(settings, {})
    (empty,) = kept()
    made_at = empty.stat().st_mtime_ns
    build(settings, [("c", "broken", 3)])
    publish(settings, {})
    assert read(settings, "from marts.fct_checks") == [("c", "broken", 3)]
    assert [file.stat().st_mtime_ns for file in kept()] == [made_at]
    empty.write_bytes(b"spoilt")
    publish(settings, {})
    assert read(settings, "from marts.fct_checks") == [("c", "broken", 3)]
    describe(settings)  # comments are in it
    publish(settings, {})
    (other,) = kept()
    assert other != empty
    assert read(settings, "select comment from duckdb_tables() where comment is not null") == [("One row per check.",)]


def test_the_format_is_one_that_older_clients_read(settings: Settings) -> None:
    folder = publish(settings, {})
    header = (folder / "warehouse.duckdb").read_bytes()[:32]
    assert header[8:12] == b"DUCK"
    assert int.from_bytes(header[12:20], "little") == 65  # storage version of DuckDB 1.2; 2.0 writes a later one


def test_the_manifest_says_what_is_there(settings: Settings) -> None:
    folder = publish(settings, {"run_id": "run-1"})
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["run_id"] == "run-1"
    assert manifest["row_counts"] == {"dim_report": 1, "fct_checks": 2}
    assert manifest["report_count"] == 1
    assert manifest["generation"] == folder.name
    assert manifest["versions"]["duckdb"] == duckdb.__version__


def test_the_content_hash_knows_rows_not_their_order_nor_the_hour(settings: Settings) -> None:
    def published_hash() -> str:
        publish(settings, {})
        return str(snapshots(settings)[0].manifest["content_hash"])

    first = published_hash()
    build(settings, ROWS[::-1])  # loaded_at is new as well
    assert published_hash() == first
    build(settings, [("a", "broken", 1), ("b", None, 2)])
    assert published_hash() != first
    build(settings, [("a", "holds", 1), ("b", "", 2)])
    assert published_hash() != first, "null is not empty text"


def test_the_content_hash_does_not_let_cells_run_together() -> None:
    with closing(duckdb.connect()) as con:
        con.execute("create schema marts; create table marts.t as select 'ab' as x, 'c' as y")
        one = content_hash(con)
        con.execute("create or replace table marts.t as select 'a' as x, 'bc' as y")
        assert content_hash(con) != one


def test_old_generations_go_and_the_newest_stay(settings: Settings) -> None:
    made = [publish(settings, {"run_id": str(number)}).name for number in range(4)]
    assert [snapshot.generation for snapshot in snapshots(settings)] == made[:1:-1]
    assert snapshots(settings)[0].is_current


def test_a_clock_set_back_keeps_the_order_of_generations(settings: Settings) -> None:
    ahead = settings.generations / "29990101T000000000000Z"
    publish(settings, {}).rename(ahead)
    after = publish(settings, {})
    assert after.name == "29990101T000000000001Z"
    assert snapshots(settings)[0].is_current


def test_rollback_points_back_and_publishing_goes_on(settings: Settings) -> None:
    first = publish(settings, {}).name
    second = publish(settings, {}).name
    assert rollback(settings) == first
    assert [snapshot.is_current for snapshot in snapshots(settings)] == [False, True]
    assert rollback(settings, second) == second
    rollback(settings)
    third = publish(settings, {}).name
    assert settings.current.resolve().name == third


def test_rollback_refuses_what_is_not_there(settings: Settings) -> None:
    publish(settings, {})
    with pytest.raises(PublishError, match="before the current"):
        rollback(settings)
    with pytest.raises(PublishError, match="19990101"):
        rollback(settings, "19990101")


@pytest.mark.parametrize("step", ["_copy_marts", "_describe", "sync", "swap"])
def test_a_publish_that_dies_leaves_the_old_one_whole(
    settings: Settings, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = publish(settings, {})
    build(settings, [("c", "broken", 3)])

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(generation, step, dies)
    with pytest.raises(KeyboardInterrupt):
        publish(settings, {})
    assert settings.current.resolve() == old
    assert read(settings, "from marts.fct_checks order by 1") == ROWS

    monkeypatch.undo()
    new = publish(settings, {})
    assert settings.current.resolve() == new
    assert not [path for path in settings.generations.iterdir() if path.name.startswith(".")]


def test_a_reader_that_has_the_old_file_open_keeps_reading_it(settings: Settings) -> None:
    publish(settings, {})
    with closing(duckdb.connect(settings.current / "warehouse.duckdb", read_only=True)) as con:
        for number in range(3):
            build(settings, [(str(number), "holds", number)])
            publish(settings, {})
        assert con.execute("from marts.fct_checks order by 1").fetchall() == ROWS
    assert read(settings, "select check_id from marts.fct_checks") == [("2",)]


def test_without_a_build_file_nothing_is_published(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="gongbao run"):
        publish(Settings(home=tmp_path), {})


def test_without_marts_nothing_is_published(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    settings.build_file.parent.mkdir(parents=True)
    duckdb.connect(settings.build_file).close()
    with pytest.raises(PublishError, match="no marts"):
        publish(settings, {})
    assert not settings.current.exists()
