"""A new generation of the warehouse: marts only, in a format that older clients read."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from graphlib import TopologicalSorter
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.publish.errors import PublishError
from flows.publish.layout import lay_out
from flows.publish.snapshots import MANIFEST, PARQUET, WAREHOUSE, retire, swap, sync
from flows.record.sql import quoted
from flows.settings import Settings

if TYPE_CHECKING:
    import duckdb

SCHEMA = "marts"

#: How a generation is called.
_NAMED = "%Y%m%dT%H%M%S%fZ"
_GENERATION = re.compile(r"\d{8}T\d{12}Z")

#: mart -> the columns that refer to another: column, mart, field.
Keys = dict[str, list[dict[str, str]]]

#: From here on blocks are of DuckDB's usual size, which reads large tables faster, and foreign keys are told in the
#: manifest only: each is an index more (docs/decisions/0007-published-file.md).
_MANY_ROWS = 500_000

#: Columns that say when and by which run a row was made, not what it says: left out of the content hash.
OF_THE_RUN = frozenset({"run_id", "loaded_at", "quarantined_at"})


def publish(settings: Settings, manifest: Mapping[str, object], parquet: Path | None = None) -> Path:
    """Build the next generation from the marts of the build file, check it, and make it current.

    `manifest` is what the run knows (`run_id` and the like); reports, row counts, content hash and versions
    are added and all of it is kept as `manifest.json` beside the file. `parquet` is a folder with the same
    marts as Parquet, a folder each, where an engine wrote them: it is copied to `parquet/` beside the file.
    Returns the folder of the new generation. Until the last step, one rename, the old generation is
    untouched; a killed publish leaves it current and whole. Raises PublishError where there is no build file
    or the new file is not what the marts say.
    """
    if not settings.build_file.exists():
        raise PublishError(f"{settings.build_file} is missing; `gongbao run` builds it")
    settings.generations.mkdir(parents=True, exist_ok=True)
    generation = _next_name(settings)
    aside = settings.generations / f".{generation}.new"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    file = aside / WAREHOUSE
    built, foreign_keys = _copy_marts(settings, file)
    found = _describe(settings, file)
    if found["row_counts"] != built:
        raise PublishError(f"{file} has {found['row_counts']} rows, the marts have {built}")
    whole = {
        **manifest,
        "generation": generation,
        "published_at": datetime.now(UTC).isoformat(timespec="seconds"),
        **found,
        "foreign_keys": foreign_keys,
        "storage_version": settings.storage_version,
        "versions": {name: version(name) for name in ("gongbao", "duckdb", "dbt-core", "dbt-duckdb")},
    }
    text = json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True, default=str)
    (aside / MANIFEST).write_text(text + "\n", encoding="utf-8")
    if parquet is not None:  # without what its engine leaves beside its files
        shutil.copytree(parquet, aside / PARQUET, ignore=shutil.ignore_patterns("_*", ".*"))
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
    columns_of = _columns(con, schema)
    for table in _tables(con, schema):
        columns = [column for column in columns_of[table] if column not in OF_THE_RUN]
        # null is told from text by a character that no text has
        cells = ", ".join(f'coalesce(cast("{column}" as varchar), chr(0))' for column in columns)
        rows = f"""
            select count(*), sum((row_hash >> 64)::hugeint),
                sum((row_hash & 18446744073709551615::uhugeint)::hugeint)
            from (select md5_number(concat_ws(chr(31), {cells})) as row_hash from "{schema}"."{table}")
        """
        # many marts are wide and empty: planning that query costs more than counting
        row = con.execute(rows).fetchone() if _rows(con, f'"{schema}"."{table}"') else (0, 0, 0)
        digest.update(json.dumps([table, columns, [str(value) for value in row or ()]]).encode())
    return digest.hexdigest()


def _next_name(settings: Settings) -> str:
    """The moment, UTC, to the microsecond; right after the newest where the clock was set back, so that names sort."""
    moment = datetime.now(UTC)
    kept = [folder.name for folder in settings.generations.iterdir() if _GENERATION.fullmatch(folder.name)]
    if kept:
        newest = datetime.strptime(max(kept), _NAMED).replace(tzinfo=UTC)
        moment = max(moment, newest + timedelta(microseconds=1))
    return moment.strftime(_NAMED)


def _copy_marts(settings: Settings, file: Path) -> tuple[dict[str, int], Keys]:
    """Copy the marts into a new `file`: tables with their keys, sorted for their usual filters, views as views,
    comments on all. Returns the rows each has where it was built, and what refers to what."""
    import duckdb

    with closing(duckdb.connect(config=settings.database())) as con:
        con.execute(f"attach '{quoted(settings.build_file)}' as build (read_only)")
        tables, views = _marts(con)
        if not tables:
            raise PublishError(f"{settings.build_file} has no marts; build them first")
        counts = {table: _rows(con, f'build.{SCHEMA}."{table}"') for table in sorted(tables)}
        keys = _foreign_keys(settings, tables.keys() | views.keys())
        con.execute(f"set memory_limit = '{settings.database(rows=max(counts.values()))['memory_limit']}'")
        has_many = sum(counts.values()) >= _MANY_ROWS
        declared = {} if has_many else _within(tables, keys)
        order = list(_referred_first(tables, declared))
        described = _described(settings)
        statements = [
            f"create schema {SCHEMA}",
            f"use {SCHEMA}",
            *(_with_keys(tables[table], declared.get(table, [])) for table in order),
            *views.values(),
            *(
                f"comment on {what} is '{quoted(comment)}'"
                for what, comment in _comments(described, set(tables), set(views))
            ),
        ]
        lay_out(file, statements, settings, _block_size(has_many))
        con.execute(f"attach '{quoted(file)}' as fresh")
        con.execute(f"use fresh.{SCHEMA}")
        inserts = {table: _insert(table, described.get(table, {})) for table in tables}
        if has_many:
            largest_first = sorted(tables, key=lambda table: (-counts[table], table))
            _copy_side_by_side(con, {table: inserts[table] for table in largest_first}, settings)
        else:
            con.execute("begin")
            for table in order:
                con.execute(inserts[table])
            con.execute("commit")
        con.execute("checkpoint fresh")  # statistics of every column are kept as rows are written
        counts |= {view: _rows(con, f'fresh.{SCHEMA}."{view}"') for view in views}
        con.execute("use memory")
        con.execute("detach fresh")
    return counts, keys


def _insert(table: str, described: Mapping[str, Any]) -> str:
    """The SQL that copies a mart, sorted for its usual filters."""
    wanted = described.get("config", {}).get("meta", {}).get("sorted_by", [])
    order = ", ".join(f'"{column}"' for column in wanted)
    copied = f'insert into fresh.{SCHEMA}."{table}" from build.{SCHEMA}."{table}"'
    return f"{copied} order by {order}" if order else copied


def _copy_side_by_side(con: "duckdb.DuckDBPyConnection", inserts: Mapping[str, str], settings: Settings) -> None:
    """Fill tables without foreign keys, in their order, as many at a time as there are threads.

    An insert takes one core; each is a transaction of its own, so that less waits in memory. `inserts` has the SQL by
    table. Raises PublishError naming the table that cannot be filled.
    """
    import duckdb

    def copy(table: str) -> None:
        with closing(con.cursor()) as own:
            try:
                own.execute(f"use fresh.{SCHEMA}")
                own.execute(inserts[table])
            except duckdb.Error as error:
                raise PublishError(f"{SCHEMA}.{table} cannot be copied: {error}") from error

    with ThreadPoolExecutor(settings.threads) as pool:
        list(pool.map(copy, inserts))


def _marts(con: "duckdb.DuckDBPyConnection") -> tuple[dict[str, str], dict[str, str]]:
    """Tables and views of the attached build, by name, with the SQL that makes each here."""
    tables, views = (
        con.execute(
            f"select {kind}_name, sql from duckdb_{kind}s() where database_name = 'build' and schema_name = $1",
            [SCHEMA],
        ).fetchall()
        for kind in ("table", "view")
    )
    # a view names its database, which dbt named after the build file; here it is whatever a client calls it
    named = re.compile(rf'(?:"?\w+"?\.)?"?{SCHEMA}"?\.')
    return dict(tables), {view: named.sub(f"{SCHEMA}.", made_by) for view, made_by in views}


def _within(tables: Mapping[str, str], keys: Keys) -> Keys:
    """The keys from table to table: a view has none, and rows that refer to one another come in any order."""
    return {
        table: [key for key in of_table if key["mart"] in tables and key["mart"] != table]
        for table, of_table in keys.items()
        if table in tables
    }


def _referred_first(tables: Mapping[str, str], keys: Keys) -> Iterator[str]:
    """The tables in an order in which what a row refers to is there before the row."""
    order = TopologicalSorter({table: {key["mart"] for key in keys.get(table, [])} for table in sorted(tables)})
    yield from order.static_order()


def _with_keys(made_by: str, keys: Sequence[Mapping[str, str]]) -> str:
    """The SQL that makes a table, its primary key in it, with its foreign keys."""
    declared = "".join(
        f', foreign key ("{key["column"]}") references "{key["mart"]}" ("{key["field"]}")' for key in keys
    )
    return made_by.rstrip().removesuffix(";").removesuffix(")") + declared + ")"


def _block_size(has_many: bool) -> int:
    """Every column of every table takes a block at least: small blocks keep a small warehouse small."""
    return 262_144 if has_many else 16_384


def _describe(settings: Settings, file: Path) -> dict[str, Any]:
    """Open the new file as its readers will, and say what is in it."""
    import duckdb

    try:
        with closing(duckdb.connect(file, read_only=True, config=settings.database())) as con:
            tables = _tables(con, SCHEMA)
            return {
                "row_counts": {table: _rows(con, f'{SCHEMA}."{table}"') for table in tables},
                "report_count": _rows(con, f"{SCHEMA}.dim_report") if "dim_report" in tables else 0,
                "content_hash": content_hash(con),
            }
    except duckdb.Error as error:
        raise PublishError(f"{file} cannot be read back: {error}") from error


def _tables(con: "duckdb.DuckDBPyConnection", schema: str) -> list[str]:
    """Tables and views."""
    rows = con.execute(
        """
        select table_name from duckdb_tables() where schema_name = $1
        union all select view_name from duckdb_views() where schema_name = $1 and not internal order by 1
        """,
        [schema],
    ).fetchall()
    return [row[0] for row in rows]


def _columns(con: "duckdb.DuckDBPyConnection", schema: str) -> dict[str, list[str]]:
    """The columns of each table and view, asked once: DuckDB goes through its whole catalogue each time."""
    rows = con.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = $1 order by table_name, column_index",
        [schema],
    ).fetchall()
    columns: dict[str, list[str]] = {}
    for table, column in rows:
        columns.setdefault(table, []).append(column)
    return columns


def _rows(con: "duckdb.DuckDBPyConnection", table: str) -> int:
    row = con.execute(f"select count(*) from {table}").fetchone()
    return int(row[0]) if row else 0


def _described(settings: Settings) -> dict[str, dict[str, Any]]:
    """What dbt's manifest says of each mart, by name."""
    return {
        node["name"]: node
        for node in _manifest_nodes(settings)
        if node["schema"] == SCHEMA and node.get("resource_type") != "test"
    }


def _manifest_nodes(settings: Settings) -> list[dict[str, Any]]:
    path = settings.build_file.parent / "target" / "manifest.json"
    return list(json.loads(path.read_text(encoding="utf-8"))["nodes"].values()) if path.is_file() else []


def _comments(described: Mapping[str, Any], tables: set[str], views: set[str]) -> Iterator[tuple[str, str]]:
    """Descriptions of the marts and their columns, for clients to show: (thing, words)."""
    for name, node in described.items():
        if name not in tables | views:
            continue
        kind = "table" if name in tables else "view"
        yield f'{kind} {SCHEMA}."{name}"', node["description"]
        for column in node["columns"].values():
            yield f'column {SCHEMA}."{name}"."{column["name"]}"', column["description"]


def _foreign_keys(settings: Settings, marts: Set[str]) -> Keys:
    """Which column of a mart refers to which other mart, as dbt's tests of foreign keys have it."""
    keys: Keys = {}
    for node in _manifest_nodes(settings):
        test = node.get("test_metadata") or {}
        mart = (node.get("attached_node") or "").rpartition(".")[2]
        if test.get("name") != "foreign_keys" or mart not in marts:
            continue
        for tested in test["kwargs"]["keys"]:
            there = re.search(r"ref\('(\w+)'\)", tested["to"])
            if there and there[1] in marts:
                key = {"column": tested["column"], "mart": there[1], "field": tested["field"]}
                keys.setdefault(mart, []).append(key)
    return {mart: sorted(of_mart, key=lambda key: key["column"]) for mart, of_mart in sorted(keys.items())}
