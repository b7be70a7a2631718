"""The marts that Spark made, put into the build file and held to their contract there."""

import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.publish import PublishError
from flows.publish.generation import SCHEMA
from flows.settings import Settings

if TYPE_CHECKING:
    import duckdb

#: Spark counts places in a window in 32 bits; a whole number in 64 is the same number.
_WIDENED = ("INTEGER", "BIGINT")

#: What a constraint of a contract is in DuckDB's words.
_CONSTRAINTS = {"not_null": "not null", "primary_key": "primary key", "unique": "unique"}


def gather(settings: Settings) -> Path:
    """Put the marts into the build file, in place of those that are there, all or none. Returns their Parquet.

    Tables get the columns, types and keys of their contracts in dbt, as dbt-duckdb gives them; views are made of
    the SQL that ran on Spark, over the same tables. Raises PublishError where a mart has other columns or types than
    its contract says, or a key twice: nothing is cast but a whole number to a wider one.
    """
    import duckdb

    nodes = _marts(settings)
    parquet = settings.lake / "tables" / f"{SCHEMA}.db"
    with closing(duckdb.connect(settings.build_file)) as con:
        con.begin()
        try:
            con.execute(f"drop schema if exists {SCHEMA} cascade")
            con.execute(f"create schema {SCHEMA}")
            con.execute("set preserve_insertion_order = true")
            for node in nodes:
                if node["config"]["materialized"] != "view":
                    _make_table(con, node, parquet / node["name"])
            for node in nodes:
                if node["config"]["materialized"] == "view":
                    con.execute(f'create view {SCHEMA}."{node["name"]}" as {node["compiled_code"]}')
        except duckdb.Error as error:
            con.rollback()
            raise PublishError(f"{settings.build_file}: the marts of Spark cannot be taken over: {error}") from error
        except PublishError:
            con.rollback()
            raise
        con.commit()
    return parquet


def _make_table(con: "duckdb.DuckDBPyConnection", node: Mapping[str, Any], folder: Path) -> None:
    """One mart as its contract has it, with the rows of its Parquet."""
    name = f'{SCHEMA}."{node["name"]}"'
    columns = list(node["columns"].values())
    declared = ", ".join(f'"{column["name"]}" {column["data_type"]}{_constraints(column)}' for column in columns)
    con.execute(f"create table {name} ({declared})")
    files = [str(file) for file in sorted(folder.glob("*.parquet"))]
    if not files:
        return
    expected = _types(con, f"select * from {name}", {})
    found = _types(con, "select * from read_parquet($files)", {"files": files})
    other = [
        f"{column} is {found.get(column, 'missing')} and should be {expected.get(column, 'absent')}"
        for column in dict.fromkeys([*expected, *found])
        if expected.get(column) != found.get(column) and (found.get(column), expected.get(column)) != _WIDENED
    ]
    if other:
        raise PublishError(f"{name} on Spark is not what its contract says: {'; '.join(other)}")
    con.execute(f"insert into {name} by name select * from read_parquet($files)", {"files": files})


def _types(con: "duckdb.DuckDBPyConnection", query: str, values: Mapping[str, Any]) -> dict[str, str]:
    return {row[0]: row[1] for row in con.execute(f"describe {query}", dict(values)).fetchall()}


def _constraints(column: Mapping[str, Any]) -> str:
    return "".join(f" {_CONSTRAINTS[constraint['type']]}" for constraint in column["constraints"])


def _marts(settings: Settings) -> list[dict[str, Any]]:
    """dbt's nodes of the marts, as it ran them."""
    manifest = settings.build_file.parent / "target" / "manifest.json"
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    return sorted(
        (node for node in nodes if node["resource_type"] == "model" and node["schema"] == SCHEMA),
        key=lambda node: str(node["name"]),
    )
