"""What two published warehouses do not say alike: mart by mart, row for row, types included."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from flows.publish.generation import OF_THE_RUN, SCHEMA
from flows.record.sql import quoted

if TYPE_CHECKING:
    import duckdb


def differences(files: Mapping[str, Path]) -> list[str]:
    """Each mart that is not the same in both files, in words with a row that differs; nothing where all are.

    `files` are two, each under what it is called in these words. What a row says is compared, not by which run it was
    made nor where it stands in its table.
    """
    import duckdb

    found = []
    with closing(duckdb.connect()) as con:
        one, other = files
        for name, file in files.items():
            con.execute(f"attach '{quoted(file)}' as \"{name}\" (read_only)")
        ours, theirs = _marts(con, one), _marts(con, other)
        for mart in sorted({*ours, *theirs}):
            if mart in ours and mart in theirs:
                found += _in_mart(con, mart, one, other)
            else:
                found.append(f"{mart} is only {one if mart in ours else other}")
    return found


def _marts(con: "duckdb.DuckDBPyConnection", database: str) -> set[str]:
    """Tables and views."""
    query = "select table_name from information_schema.tables where table_catalog = $1 and table_schema = $2"
    return {row[0] for row in con.execute(query, [database, SCHEMA]).fetchall()}


def _in_mart(con: "duckdb.DuckDBPyConnection", mart: str, one: str, other: str) -> list[str]:
    kinds, others = (_kinds(con, f'"{name}".{SCHEMA}."{mart}"') for name in (one, other))
    if kinds != others:
        changed = sorted(kinds.items() ^ others.items()) or "their order"
        return [f"{mart} has not the same columns: {changed}"]
    found = []
    columns = [column for column in kinds if column not in OF_THE_RUN]
    said = ", ".join(f'"{column}"' for column in columns)
    for here, there in ((one, other), (other, one)):
        query = (
            f'select {said} from "{here}".{SCHEMA}."{mart}" except all select {said} from "{there}".{SCHEMA}."{mart}"'
        )
        con.execute(f"create or replace temp table only_here as {query}")
        count = con.execute("select count(*) from only_here").fetchall()[0][0]
        if count:
            row = con.execute("from only_here order by all limit 1").fetchall()[0]
            first = dict(zip(columns, row, strict=True))
            found.append(f"{mart}: {count} rows are only {here}, such as {first}")
    return found


def _kinds(con: "duckdb.DuckDBPyConnection", table: str) -> dict[str, str]:
    return {row[0]: row[1] for row in con.execute(f"describe {table}").fetchall()}
