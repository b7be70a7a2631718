"""The build file over time: its schema version, reports that leave it."""

import csv
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from flows.load.raw import TABLES, LoadError
from flows.settings import PROJECT, Settings

if TYPE_CHECKING:
    import duckdb

#: Rises when `raw` changes in a way that an older build file does not have. 1: before versions were written down.
SCHEMA_VERSION = 2

#: Tables of a former gongbao that nothing reads any more.
_FORMER = ("state.report_versions",)

#: Tables of `raw` that hold rows of one report.
_OF_REPORTS = ("reports", "figures", "claims", "texts", "quarantine")


def upgrade(settings: Settings) -> bool:
    """Bring an older build file to SCHEMA_VERSION. True where something was changed, so that dbt builds all anew.

    Missing columns are added, tables that nothing reads any more are dropped. Raises LoadError, naming the mend, for a
    file of a newer gongbao, for one whose columns have other types, and for one that cannot be opened; it is not
    touched then.
    """
    import duckdb

    if not settings.build_file.exists():
        return False
    try:
        con = duckdb.connect(settings.build_file, config=settings.database())
    except duckdb.Error as error:
        raise LoadError(f"{settings.build_file} cannot be opened: {error}") from error
    with closing(con):
        found = schema_version(con)
        if found is None:
            return False
        if found > SCHEMA_VERSION:
            raise LoadError(
                f"{settings.build_file} has schema version {found}, this gongbao knows {SCHEMA_VERSION}; install the "
                "newer gongbao, or rebuild from the archive with `gongbao run --full-refresh`"
            )
        con.begin()
        changed = [_upgrade_table(con, settings, table) for table in TABLES]
        for table in _FORMER:
            con.execute(f"drop table if exists {table}")
        _drop_left_behind(con)
        _write_version(con)
        con.commit()
        return any(changed) or _vocabulary_has_other_columns(con)


def schema_version(con: "duckdb.DuckDBPyConnection") -> int | None:
    """The version a build file says it has; 1 where it has tables and says nothing, None where it is empty."""
    tables = {
        row[0] for row in con.execute("select table_name from duckdb_tables() where schema_name = 'raw'").fetchall()
    }
    if "schema_version" in tables:
        row = con.execute("select max(version) from raw.schema_version").fetchone()
        return int(row[0]) if row and row[0] is not None else 1
    return 1 if tables else None


def stamp_version(settings: Settings) -> None:
    """Write the schema version into a build file that has been loaded."""
    import duckdb

    with closing(duckdb.connect(settings.build_file, config=settings.database())) as con:
        con.begin()
        _write_version(con)
        con.commit()


def stamp_arrivals(settings: Settings, arrivals: Mapping[str, datetime]) -> None:
    """Say when each report first came, as the register knows it: a rebuild must not make the old ones new."""
    import duckdb
    import pyarrow

    if not arrivals:
        return
    came = {"report_id": list(arrivals), "came_at": list(arrivals.values())}
    schema = pyarrow.schema({"report_id": pyarrow.string(), "came_at": pyarrow.timestamp("us")})
    with closing(duckdb.connect(settings.build_file, config=settings.database())) as con:
        con.register("arrivals", pyarrow.table(came, schema=schema))
        con.execute(
            "update raw.reports set first_loaded_at = arrivals.came_at from arrivals"
            " where reports.report_id = arrivals.report_id and first_loaded_at is distinct from arrivals.came_at"
        )


def remove_reports(settings: Settings, report_ids: Iterable[str]) -> None:
    """Take every row of the reports out of `raw`."""
    import duckdb

    gone = sorted(report_ids)
    if not gone or not settings.build_file.exists():
        return
    with closing(duckdb.connect(settings.build_file, config=settings.database())) as con:
        held = {
            row[0] for row in con.execute("select table_name from duckdb_tables() where schema_name = 'raw'").fetchall()
        }
        con.begin()
        for table in _OF_REPORTS:
            if table in held:
                con.execute(f"delete from raw.{table} where report_id in (select unnest($1))", [gone])
        con.commit()


def drop_unreached(settings: Settings) -> None:
    """Take out what `raw.quarantine` says of places that could not be reached; each run says anew which they are."""
    import duckdb

    if not settings.build_file.exists():
        return
    with closing(duckdb.connect(settings.build_file, config=settings.database())) as con:
        if con.execute(
            "select 1 from duckdb_tables() where schema_name = 'raw' and table_name = 'quarantine'"
        ).fetchone():
            # no report_id has a colon; `source:uri` has
            con.execute("delete from raw.quarantine where contains(report_id, ':')")


def _drop_left_behind(con: "duckdb.DuckDBPyConnection") -> None:
    """What dbt-duckdb left of every Python model until we made its tables ourselves, and of builds that were killed."""
    for schema, table in con.execute(
        """
        select schema_name, table_name from duckdb_tables()
        where regexp_matches(table_name, '__dbt_(tmp[0-9]*|backup)$')
        """
    ).fetchall():
        con.execute(f'drop table "{schema}"."{table}"')


def _vocabulary_has_other_columns(con: "duckdb.DuckDBPyConnection") -> bool:
    """Has a CSV of the vocabulary other columns than the table dbt made of it? Then dbt must make it anew."""
    held: dict[str, list[str]] = {}
    for table, column in con.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'vocabulary' order by 1, column_index"
    ).fetchall():
        held.setdefault(table, []).append(column)
    for folder in ("vocabulary", "review"):
        for file in sorted((PROJECT / "seeds" / folder).glob("*.csv")):
            with file.open(encoding="utf-8-sig", newline="") as lines:
                header = next(csv.reader(lines), [])
            if file.stem in held and held[file.stem] != header:
                return True
    return False


def _upgrade_table(con: "duckdb.DuckDBPyConnection", settings: Settings, table: str) -> bool:
    held = dict(
        con.execute(
            "select column_name, data_type from duckdb_columns() where schema_name = 'raw' and table_name = $1", [table]
        ).fetchall()
    )
    if not held:
        return False
    missing = {column: kind for column, kind in TABLES[table].items() if column not in held}
    other = [
        f"raw.{table}.{column} is {held[column]} and should be {kind}"
        for column, kind in TABLES[table].items()
        if column in held and held[column].replace(" ", "") != kind.replace(" ", "")
    ]
    other += [f"raw.{table}.{column} is unknown" for column in held if column not in TABLES[table]]
    # rows go in by place, so the order of the columns counts as well
    if not other and [*held, *missing] != [*TABLES[table]]:
        return _reorder(con, table, missing)
    if other:
        con.rollback()
        raise LoadError(
            f"{settings.build_file}: {'; '.join(other)}; rebuild it from the archive with `gongbao run --full-refresh`"
        )
    for column, kind in missing.items():
        con.execute(f'alter table raw.{table} add column "{column}" {kind}')
    return bool(missing)


def _reorder(con: "duckdb.DuckDBPyConnection", table: str, missing: dict[str, str]) -> bool:
    columns = ", ".join(
        f'cast(null as {kind}) as "{column}"' if column in missing else f'"{column}"'
        for column, kind in TABLES[table].items()
    )
    con.execute(f"create or replace table raw.{table} as select {columns} from raw.{table}")
    return True


def _write_version(con: "duckdb.DuckDBPyConnection") -> None:
    con.execute("create schema if not exists raw")
    con.execute("create or replace table raw.schema_version as select $1::integer as version", [SCHEMA_VERSION])
