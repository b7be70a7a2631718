"""The lake: what was read, as Parquet by run, and what Spark's catalog is made of, anew each run.

    <home>/lake/readings/run_id=<run>/   one row a report (executors.READINGS), written by the executors
    <home>/lake/readings/.incoming/      the same before it is loaded; what a killed run leaves there goes
    <home>/lake/gongbao.duckdb           what is small: a row a report, sources, quarantine, runs; and the marts
    <home>/lake/small/                   the same and the vocabularies, as Spark reads them
    <home>/lake/tables/                  the tables that dbt made in the last run

The small file says which reading of a report counts: that of the run which `raw.reports` names.
"""

import shutil
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from flows.load.raw import TABLES
from flows.record.columns import CLAIMS, FIGURES, REPORT
from flows.record.sql import quoted
from flows.record.vocabulary import taught_file
from flows.settings import PROJECT, Settings
from flows.spark.columns import columns_ddl
from flows.spark.executors import READINGS
from flows.spark.session import SparkError

if TYPE_CHECKING:
    import duckdb
    from pyspark.sql import SparkSession

#: The schemas of the models.
_SCHEMAS = ("raw", "vocabulary", "staging", "intermediate", "marts")

#: The tables of `raw` that hold rows of what was read; the others are small.
_READ = {"figures": FIGURES, "claims": CLAIMS}

#: The columns of the vocabularies that are no text: `corrections.csv`, `acknowledgements.csv`.
_DATES = frozenset({"corrected_on", "acknowledged_on"})


#: Parts what a run read: what was accepted gets its place in the lake, of the rest nothing is kept here.
ACCEPTED = "is_accepted"


def incoming(settings: Settings) -> Path:
    """Where a run's readings are until they are loaded."""
    return settings.readings / ".incoming"


def sweep(settings: Settings) -> None:
    """Remove what killed runs left: readings that were never loaded, copies half purged, and those that no report names
    any more."""
    shutil.rmtree(incoming(settings), ignore_errors=True)
    for folder in settings.readings.glob(".run_id=*"):
        shutil.rmtree(folder)
    named = _runs_named(settings)
    for folder in settings.readings.glob("run_id=*"):
        if folder.name.removeprefix("run_id=") not in named:
            shutil.rmtree(folder)


def take_in(settings: Settings, run_id: str, counted: Collection[str]) -> dict[str, int]:
    """Give the run's readings their place, and `raw.reports` a row for each of them whose report is among `counted`.

    What the gate of the executors accepted and a person discarded is not: `purge` takes it out of the Parquet.
    Returns the rows that came, by table.
    """
    import duckdb

    accepted = incoming(settings) / f"{ACCEPTED}=true"
    if not accepted.is_dir():
        return dict.fromkeys(("reports", *_READ, "texts"), 0)
    folder = settings.readings_of(run_id)
    accepted.rename(folder)
    shutil.rmtree(incoming(settings))
    named = ", ".join(f'"{column}"' for column in REPORT)
    with closing(duckdb.connect(settings.build_file)) as con:
        con.begin()
        con.execute(
            "create temp table arrived as select report, len(figures) as figures, len(claims) as claims"
            " from read_parquet($files) where report_id in (select unnest($counted))",
            {"files": _files(folder), "counted": sorted(counted)},
        )
        con.execute("delete from raw.reports where report_id in (select report.report_id from arrived)")
        con.execute(
            f"""insert into raw.reports ({named}, run_id, loaded_at)
            select {named}, runs.run_id, runs.loaded_at
            from (select unnest(report) from arrived) cross join raw.runs where runs.run_id = $run_id""",
            {"run_id": run_id},
        )
        con.commit()
        came = con.sql("select count(*), coalesce(sum(figures), 0), coalesce(sum(claims), 0), count(*) from arrived")
        return {
            table: int(count) for table, count in zip(("reports", *_READ, "texts"), came.fetchall()[0], strict=True)
        }


def purge(settings: Settings) -> None:
    """Take the readings of reports that there are no more out of the Parquet: what is forgotten is nowhere."""
    import duckdb

    with closing(duckdb.connect(settings.build_file, read_only=True)) as con:
        for folder in sorted(settings.readings.glob("run_id=*")):
            files = {"files": _files(folder)}
            kept = "from read_parquet($files) semi join raw.reports using (report_id)"
            gone = "from read_parquet($files) anti join raw.reports using (report_id)"
            if con.execute(f"select 1 {gone} limit 1", files).fetchone():
                fresh = folder.with_name(f".{folder.name}")
                shutil.rmtree(fresh, ignore_errors=True)
                fresh.mkdir()
                con.execute(f"copy (select * {kept}) to '{quoted(fresh / 'rows.parquet')}' (format parquet)", files)
                shutil.rmtree(folder)
                fresh.rename(folder)


def check_readings(settings: Settings) -> None:
    """Is each report there whose reading counts? A lost file must not look like a report without figures.

    Raises SparkError naming one that is gone.
    """
    import duckdb

    files = [file for folder in sorted(settings.readings.glob("run_id=*")) for file in _files(folder)]
    with closing(duckdb.connect(settings.build_file, read_only=True)) as con:
        held = (
            "select report_id, run_id from read_parquet($files, hive_partitioning = true, hive_types_autocast = false)"
        )
        gone = con.execute(
            "select report_id, run_id from raw.reports" + (f" except {held}" if files else "") + " order by all",
            {"files": files} if files else {},
        ).fetchall()
    if gone:
        report_id, run_id = gone[0]
        raise SparkError(
            f"{settings.readings_of(run_id)} lacks {report_id} ({len(gone)} reports are gone from Parquet); "
            "`gongbao run --full-refresh` reads them again from the archive"
        )


def accepted_reports(settings: Settings) -> int:
    """How many reports there are."""
    return _count(settings, "select count(*) from raw.reports")


def open_catalog(session: "SparkSession", settings: Settings) -> None:
    """Make Spark's catalog anew: the schemas, `raw`, and the vocabularies with their right types.

    (dbt-spark's own seeds would write numbers as doubles; here every column is text, as DuckDB has it.)
    """
    import duckdb

    for schema in _SCHEMAS:
        session.sql(f"drop schema if exists {schema} cascade")
    shutil.rmtree(settings.lake / "tables", ignore_errors=True)
    for schema in _SCHEMAS:
        session.sql(f"create schema {schema}")
    small = settings.lake / "small"
    shutil.rmtree(small, ignore_errors=True)

    with closing(duckdb.connect(settings.build_file, read_only=True)) as con:
        for table, columns in TABLES.items():
            if table not in {*_READ, "texts"}:
                _put(session, con.table(f"raw.{table}"), f"raw.{table}", columns, small / "raw" / table)
        for folder in ("vocabulary", "review"):
            for file in sorted((PROJECT / "seeds" / folder).glob("*.csv")):
                rows, columns = vocabulary_rows(con, file)
                _put(session, rows, f"vocabulary.{file.stem}", columns, small / "vocabulary" / file.stem)
    _put_readings(session, settings)


def _put(
    session: "SparkSession", rows: "duckdb.DuckDBPyRelation", table: str, columns: dict[str, str], at: Path
) -> None:
    """The rows of DuckDB as a table of Spark's, by way of a Parquet file in the folder `at`."""
    at.mkdir(parents=True)
    rows.write_parquet(str(at / "rows.parquet"))
    session.sql(f"create table {table} ({columns_ddl(columns)}) using parquet location '{quoted(at.resolve())}'")


def vocabulary_rows(con: "duckdb.DuckDBPyConnection", file: Path) -> "tuple[duckdb.DuckDBPyRelation, dict[str, str]]":
    """A CSV of the vocabulary, and its columns: text, but for the dates of reviews; an empty cell is null.

    The indicators are those with what this home was taught, as `macros/taught_indicators.sql` has it on DuckDB.
    """
    rows, columns = _cells(con, file)
    taught = taught_file() if file.stem == "indicators" else None
    if taught is not None and taught.exists():
        con.register("shipped", rows)
        con.register("taught", _cells(con, taught)[0])
        rows = con.sql("from shipped anti join taught using (indicator) union all by name from taught")
    return rows, columns


def _cells(con: "duckdb.DuckDBPyConnection", file: Path) -> "tuple[duckdb.DuckDBPyRelation, dict[str, str]]":
    rows = con.read_csv(str(file), header=True, all_varchar=True, delimiter=",", quotechar='"', escapechar='"')
    columns = {column: "DATE" if column in _DATES else "VARCHAR" for column in rows.columns}
    cells = (f'cast(nullif("{column}", \'\') as {kind}) as "{column}"' for column, kind in columns.items())
    return rows.project(", ".join(cells)), columns


def _put_readings(session: "SparkSession", settings: Settings) -> None:
    """`raw.figures`, `raw.claims` and `raw.texts` as views of the readings that count."""
    folder = settings.readings
    folder.mkdir(parents=True, exist_ok=True)
    session.sql(
        f"create table raw.readings ({READINGS}, run_id string) using parquet partitioned by (run_id)"
        f" location '{quoted(folder.resolve())}'"
    )
    session.sql("alter table raw.readings recover partitions")
    counted = "true"
    if session.table("raw.readings").count() != accepted_reports(settings):  # some were read again since
        counted = "(report_id, run_id) in (select report_id, run_id from raw.reports)"
    for table, columns in _READ.items():
        names = ", ".join(f"each.`{column}`" for column in columns)
        session.sql(
            f"create view raw.{table} as select {names}"
            f" from (select explode({table}) as each from raw.readings where {counted})"
        )
    session.sql(f"create view raw.texts as select report_id, text from raw.readings where {counted}")


def _runs_named(settings: Settings) -> set[str]:
    import duckdb

    if not settings.build_file.exists():
        return set()
    with closing(duckdb.connect(settings.build_file, read_only=True)) as con:
        if not con.execute(
            "select 1 from duckdb_tables() where schema_name = 'raw' and table_name = 'reports'"
        ).fetchone():
            return set()
        return {str(row[0]) for row in con.execute("select distinct run_id from raw.reports").fetchall()}


def _count(settings: Settings, query: str) -> int:
    import duckdb

    with closing(duckdb.connect(settings.build_file, read_only=True)) as con:
        row = con.execute(query).fetchone()
    return int(row[0]) if row else 0


def _files(folder: Path) -> list[str]:
    return [str(file) for file in sorted(folder.glob("*.parquet"))]
