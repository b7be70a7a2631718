"""The published file among the clients that read it: many at once while publishes follow, older ones, SQLAlchemy."""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from flows.publish import publish
from flows.settings import PROJECT, Settings

pytestmark = pytest.mark.flow

#: What a client must be able to do: see keys and comments, follow a view, read exact numbers.
ASKED = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
rows = con.execute("select figure_id, value from marts.fct_figures order by 1").fetchall()
total = con.execute("select * from marts.metrics_monthly").fetchall()
keys = con.execute("select count(*) from duckdb_constraints() where constraint_type = 'PRIMARY KEY'").fetchall()
comment = con.execute("select comment from duckdb_tables() where table_name = 'fct_figures'").fetchall()
print(duckdb.__version__, [(key, str(value)) for key, value in rows], total, keys, comment)
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    settings.build_file.parent.mkdir(parents=True)
    with closing(duckdb.connect(settings.build_file)) as con:
        con.execute(
            """
            create schema marts;
            create table marts.dim_report (report_id varchar primary key, published_on date);
            insert into marts.dim_report values ('r', '2022-04-09');
            create table marts.fct_figures (
                figure_id varchar primary key, report_id varchar not null, value decimal(38, 12), is_figure boolean
            );
            insert into marts.fct_figures values ('r#9', 'r', 98.2, true), ('r#1', 'r', 709, null);
            create view marts.metrics_monthly as select sum(value) as total from gongbao.marts.fct_figures;
            """
        )
    target = settings.build_file.parent / "target"
    target.mkdir()
    node = {
        "schema": "marts",
        "name": "fct_figures",
        "resource_type": "model",
        "description": "One row per figure.",
        "config": {"meta": {"sorted_by": ["figure_id"]}},
        "columns": {"value": {"name": "value", "description": "As printed."}},
    }
    keys = [{"column": "report_id", "to": "ref('dim_report')", "field": "report_id"}]
    tested = {
        "schema": "dbt_test__audit",
        "name": "foreign_keys_of_fct_figures",
        "resource_type": "test",
        "attached_node": "model.gongbao.fct_figures",
        "test_metadata": {"name": "foreign_keys", "kwargs": {"keys": keys}},
    }
    (target / "manifest.json").write_text(json.dumps({"nodes": {"model.x": node, "test.x": tested}}), encoding="utf-8")
    publish(settings, {})
    return settings.current / "warehouse.duckdb"


def test_no_reader_fails_and_none_sees_two_generations_while_publishes_follow() -> None:
    script = PROJECT / "benchmarks" / "measure_publish.py"
    scale = ("--publishes", "6", "--readers", "4", "--seconds", "12", "--rows", "2000")
    done = subprocess.run(
        [sys.executable, script, *scale],
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["failed"] == 0, told
    assert told["torn"] == 0
    assert told["queries"] > told["readers"]
    assert told["generations_seen"] > 1


@pytest.mark.parametrize("release", ["1.2", "1.4"])
def test_older_clients_read_the_published_file(release: str, warehouse: Path, tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"]
    got = subprocess.run(
        [*pip, "--target", str(tmp_path), f"duckdb=={release}.*"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if got.returncode != 0:
        pytest.skip(f"duckdb {release} cannot be had from the package index, so no client of that release was tried")
    asked = [sys.executable, "-c", ASKED, str(warehouse)]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(asked, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{release}.")
    assert "('r#1', '709.000000000000'), ('r#9', '98.200000000000')" in done.stdout
    assert "(Decimal('807.200000000000'),)" in done.stdout
    assert "[(2,)]" in done.stdout
    assert "One row per figure." in done.stdout


def test_a_session_refreshes_by_attach_or_replace(warehouse: Path) -> None:
    with closing(duckdb.connect()) as con:
        for _ in range(2):
            con.execute(f"attach or replace '{warehouse}' as warehouse (read_only)")
            assert con.execute("select count(*) from warehouse.marts.fct_figures").fetchall() == [(2,)]
        assert con.execute("select count(*) from warehouse.marts.metrics_monthly").fetchall() == [(1,)]


def test_sqlalchemy_reflects_tables_columns_keys_and_comments(warehouse: Path) -> None:
    import sqlalchemy

    engine = sqlalchemy.create_engine(f"duckdb:///{warehouse}", connect_args={"read_only": True})
    try:
        inspected = sqlalchemy.inspect(engine)
        assert set(inspected.get_table_names(schema="marts")) == {"dim_report", "fct_figures"}
        assert inspected.get_view_names(schema="marts") == ["metrics_monthly"]
        assert inspected.get_pk_constraint("fct_figures", schema="marts")["constrained_columns"] == ["figure_id"]
        [key] = inspected.get_foreign_keys("fct_figures", schema="marts")
        assert (key["constrained_columns"], key["referred_table"], key["referred_columns"]) == (
            ["report_id"], "dim_report", ["report_id"],
        )  # fmt: skip
        columns = {column["name"]: column for column in inspected.get_columns("fct_figures", schema="marts")}
        assert list(columns) == ["figure_id", "report_id", "value", "is_figure"]
        assert str(columns["value"]["type"]) == "NUMERIC(38, 12)"
        assert inspected.get_table_comment("fct_figures", schema="marts") == {"text": "One row per figure."}
        with engine.connect() as con:
            rows = con.execute(sqlalchemy.text("select count(*) from marts.fct_figures")).fetchall()
        assert [tuple(row) for row in rows] == [(2,)]
    finally:
        engine.dispose()
