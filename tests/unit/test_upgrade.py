"""The build file of another gongbao: older ones are upgraded, one that cannot be is refused untouched with its mend."""

from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from flows.load import LoadError
from flows.load.raw import TABLES
from flows.load.upkeep import SCHEMA_VERSION, schema_version, upgrade
from flows.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home whose build file has the tables of `raw`, one report in them, and the version of today."""
    settings = Settings(home=tmp_path)
    settings.build_file.parent.mkdir()
    with closing(duckdb.connect(settings.build_file)) as con:
        con.execute("create schema raw")
        for table, columns in TABLES.items():
            described = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            con.execute(f"create table raw.{table} ({described})")
        con.execute("insert into raw.reports by name select 'a' as report_id, 'x.md' as uri")
        con.execute(f"create table raw.schema_version as select {SCHEMA_VERSION}::integer as version")
    return settings


def change(settings: Settings, *statements: str) -> None:
    with closing(duckdb.connect(settings.build_file)) as con:
        for statement in statements:
            con.execute(statement)


def rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with closing(duckdb.connect(settings.build_file, read_only=True)) as con:
        return con.execute(query).fetchall()


def columns(settings: Settings, table: str) -> dict[str, str]:
    query = "select column_name, data_type from duckdb_columns() where schema_name = 'raw' and table_name = $1"
    with closing(duckdb.connect(settings.build_file, read_only=True)) as con:
        return dict(con.execute(f"{query} order by column_index", [table]).fetchall())


def test_a_build_file_of_today_stays_as_it_is(settings: Settings) -> None:
    assert not upgrade(settings)
    assert rows(settings, "select report_id, uri from raw.reports") == [("a", "x.md")]


@pytest.mark.parametrize(
    "statements",
    [
        ["alter table raw.reports drop column supersedes"],  # it stands in the middle
        ["alter table raw.reports drop column first_loaded_at"],  # it is the last
        ["alter table raw.figures drop column value", "alter table raw.claims drop column kind"],
        ["drop table raw.schema_version", "alter table raw.reports drop column version"],  # before versions
    ],
)
def test_an_older_one_gets_what_it_lacks_in_its_place(settings: Settings, statements: list[str]) -> None:
    change(settings, "update raw.schema_version set version = 1", *statements)
    assert upgrade(settings)
    for table in ("reports", "figures", "claims"):
        held = {name: kind.replace(" ", "") for name, kind in columns(settings, table).items()}
        assert list(held.items()) == [(name, kind.replace(" ", "")) for name, kind in TABLES[table].items()]
    assert rows(settings, "select report_id, uri from raw.reports") == [("a", "x.md")]
    assert rows(settings, "select version from raw.schema_version") == [(SCHEMA_VERSION,)]
    assert not upgrade(settings)


def test_tables_that_nothing_reads_any_more_go(settings: Settings) -> None:
    change(settings, "create schema state", "create table state.report_versions (report_id text)")
    assert not upgrade(settings)  # nothing is to be built anew for it
    assert rows(settings, "select table_name from duckdb_tables() where schema_name = 'state'") == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (f"update raw.schema_version set version = {SCHEMA_VERSION + 1}", "install the newer gongbao"),
        ("alter table raw.figures alter column value type double", "raw.figures.value is DOUBLE and should be"),
        ("alter table raw.claims add column own integer", "raw.claims.own is unknown"),
    ],
)
def test_one_that_cannot_be_upgraded_is_refused_untouched(settings: Settings, statement: str, words: str) -> None:
    change(settings, statement, "alter table raw.reports drop column supersedes")
    before = rows(settings, "from raw.schema_version"), columns(settings, "reports")
    with pytest.raises(LoadError) as caught:
        upgrade(settings)
    assert words in str(caught.value)
    assert "gongbao run --full-refresh" in str(caught.value)
    assert str(settings.build_file) in str(caught.value)
    assert (rows(settings, "from raw.schema_version"), columns(settings, "reports")) == before


def test_what_is_no_build_file_yet(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert not upgrade(settings)
    settings.build_file.parent.mkdir()
    duckdb.connect(settings.build_file).close()
    assert not upgrade(settings)
    with closing(duckdb.connect(settings.build_file)) as con:
        assert schema_version(con) is None
