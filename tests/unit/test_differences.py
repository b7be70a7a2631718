"""Two published files compared mart by mart: which differ, and by which rows."""

from contextlib import closing
from pathlib import Path

import duckdb

from flows.publish import differences

MARTS = """
create schema marts;
create table marts.fct as select * from (values ('a', 1, 'run'), ('b', 2, 'run'), ('b', 2, 'run')) as t (id, n, run_id);
create table marts.dim as select 'x' as id;
create view marts.seen as select id from marts.dim;
"""


def built(path: Path, *more: str) -> Path:
    with closing(duckdb.connect(path)) as con:
        con.execute(MARTS)
        for statement in more:
            con.execute(statement)
    return path


def test_the_same_rows_of_other_runs_in_another_order_are_the_same(tmp_path: Path) -> None:
    again = "create or replace table marts.fct as select id, n, 'other' as run_id from marts.fct order by n desc"
    assert differences({"one": built(tmp_path / "1.db"), "other": built(tmp_path / "2.db", again)}) == []


def test_rows_columns_and_marts_that_differ_are_named(tmp_path: Path) -> None:
    one = built(tmp_path / "1.db", "delete from marts.fct where id = 'a'", "create table marts.new as select 1 as n")
    other = built(
        tmp_path / "2.db",
        "delete from marts.fct where id = 'b'",
        "insert into marts.fct values ('b', 2, 'run')",
        "drop view marts.seen",
        "create view marts.seen as select 1 as id",
    )
    assert differences({"published": one, "rebuilt": other}) == [
        "fct: 1 rows are only published, such as {'id': 'b', 'n': 2}",
        "fct: 1 rows are only rebuilt, such as {'id': 'a', 'n': 1}",
        "new is only published",
        "seen has not the same columns: [('id', 'INTEGER'), ('id', 'VARCHAR')]",
    ]
