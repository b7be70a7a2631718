"""A new generation of the warehouse: marts only, in a format that older clients read."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.publish.errors import PublishError
from flows.publish.snapshots import MANIFEST, WAREHOUSE, retire, swap, sync
from flows.settings import Settings

if TYPE_CHECKING:
    import duckdb

SCHEMA = "marts"

#: Columns that say when and by which run a row was made, not what it says: left out of the content hash.
_OF_THE_RUN = frozenset({"run_id", "loaded_at", "quarantined_at"})


def publish(settings: Settings, manifest: Mapping[str, object]) -> Path:
    """Build the next generation from the marts of the build file, check it, and make it current.

    `manifest` is what the run knows (`run_id` and the like); reports, row counts, content hash and versions
    are added and all of it is kept as `manifest.json` beside the file. Returns the folder of the new
    generation. Until the last step, one rename, the old generation is untouched; a killed publish leaves it
    current and whole. Raises PublishError where there is no build file or the new file is not what the marts
    say.
    """
    if not settings.build_file.exists():
        raise PublishError(f"{settings.build_file} is missing; `gongbao run` builds it")
    settings.generations.mkdir(parents=True, exist_ok=True)
    generation = _next_name(settings)
    aside = settings.generations / f".{generation}.new"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    file = aside / WAREHOUSE
    built = _copy_marts(settings, file)
    found = _describe(file)
    if found["row_counts"] != built:
        raise PublishError(f"{file} has {found['row_counts']} rows, the marts have {built}")
    whole = {
        **manifest,
        "generation": generation,
        "published_at": datetime.now(UTC).isoformat(timespec="seconds"),
        **found,
        "storage_version": settings.storage_version,
        "versions": {name: version(name) for name in ("gongbao", "duckdb", "dbt-core", "dbt-duckdb")},
    }
    text = json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True, default=str)
    (aside / MANIFEST).write_text(text + "\n", encoding="utf-8")
    for written in (file, aside / MANIFEST, aside):
        sync(written)
    folder = settings.generations / generation
    aside.rename(folder)
    sync(settings.generations)
    swap(settings, generation)
    retire(settings)
    return folder


def content_hash(con: "duckdb.DuckDBPyConnection", schema: str = SCHEMA) -> str:
    """SHA-256 over the rows of every table of `schema`, whatever their order; of what they say, not when it
    was run.

    Two builds of the same reports by the same code have the same hash.
    """
    digest = hashlib.sha256()
    for table in _tables(con, schema):
        columns = [column for column in _columns(con, schema, table) if column not in _OF_THE_RUN]
        # null is told from text by a character that no text has
        cells = ", ".join(f'coalesce(cast("{column}" as varchar), chr(0))' for column in columns)
        row = con.execute(
            f"""
            select count(*), coalesce(sum(('0x' || left(row_hash, 16))::ubigint::hugeint), 0),
                coalesce(sum(('0x' || right(row_hash, 16))::ubigint::hugeint), 0)
            from (select md5(concat_ws(chr(31), {cells})) as row_hash from "{schema}"."{table}")
            """
        ).fetchone()
        digest.update(json.dumps([table, columns, [str(value) for value in row or ()]]).encode())
    return digest.hexdigest()


def _next_name(settings: Settings) -> str:
    """The moment, UTC, to the microsecond: names sort by time."""
    while True:
        name = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        if not (settings.generations / name).exists():
            return name


def _copy_marts(settings: Settings, file: Path) -> dict[str, int]:
    """Copy the marts, keys and comments into a new `file`. Returns the rows each has where it was built."""
    import duckdb

    with closing(duckdb.connect()) as con:
        con.execute(f"attach '{_quoted(settings.build_file)}' as build (read_only)")
        con.execute(f"attach '{_quoted(file)}' as fresh (storage_version '{settings.storage_version}')")
        con.execute(f"create schema fresh.{SCHEMA}")
        con.execute(f"use fresh.{SCHEMA}")
        con.execute("begin")
        marts = con.execute(
            "select table_name, sql from duckdb_tables() where database_name = 'build' and schema_name = $1",
            [SCHEMA],
        ).fetchall()
        if not marts:
            raise PublishError(f"{settings.build_file} has no marts; build them first")
        for table, made_by in sorted(marts):
            con.execute(made_by)  # with its keys
            con.execute(f'insert into fresh.{SCHEMA}."{table}" from build.{SCHEMA}."{table}"')
        for what, comment in _comments(settings, {table for table, _ in marts}):
            con.execute(f"comment on {what} is '{_quoted(comment)}'")
        counts = {table: _rows(con, f'build.{SCHEMA}."{table}"') for table, _ in sorted(marts)}
        con.execute("commit")
        con.execute("checkpoint fresh")
        con.execute("use memory")
        con.execute("detach fresh")
    return counts


def _describe(file: Path) -> dict[str, Any]:
    """Open the new file as its readers will, and say what is in it."""
    import duckdb

    try:
        with closing(duckdb.connect(file, read_only=True)) as con:
            tables = _tables(con, SCHEMA)
            return {
                "row_counts": {table: _rows(con, f'{SCHEMA}."{table}"') for table in tables},
                "report_count": _rows(con, f"{SCHEMA}.dim_report") if "dim_report" in tables else 0,
                "content_hash": content_hash(con),
            }
    except duckdb.Error as error:
        raise PublishError(f"{file} cannot be read back: {error}") from error


def _tables(con: "duckdb.DuckDBPyConnection", schema: str) -> list[str]:
    rows = con.execute("select table_name from duckdb_tables() where schema_name = $1 order by 1", [schema]).fetchall()
    return [row[0] for row in rows]


def _columns(con: "duckdb.DuckDBPyConnection", schema: str, table: str) -> list[str]:
    rows = con.execute(
        """
        select column_name from duckdb_columns()
        where schema_name = $1 and table_name = $2 order by column_index
        """,
        [schema, table],
    ).fetchall()
    return [row[0] for row in rows]


def _rows(con: "duckdb.DuckDBPyConnection", table: str) -> int:
    row = con.execute(f"select count(*) from {table}").fetchone()
    return int(row[0]) if row else 0


def _comments(settings: Settings, marts: set[str]) -> Iterator[tuple[str, str]]:
    """What dbt's manifest says of the marts and their columns, for clients to show: (thing, words)."""
    path = settings.build_file.parent / "target" / "manifest.json"
    if not path.is_file():
        return
    for node in json.loads(path.read_text(encoding="utf-8"))["nodes"].values():
        if node["schema"] != SCHEMA or node["name"] not in marts:
            continue
        yield f'table fresh.{SCHEMA}."{node["name"]}"', node["description"]
        for column in node["columns"].values():
            yield f'column fresh.{SCHEMA}."{node["name"]}"."{column["name"]}"', column["description"]


def _quoted(text: object) -> str:
    return str(text).replace("'", "''")
