"""Accepted rows into the schema `raw` of the build file, idempotent by report."""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.record import Source
from flows.record.columns import CLAIMS, FIGURES, REPORT
from flows.settings import PROJECT, Settings

if TYPE_CHECKING:
    import duckdb

#: Which run wrote a row, and when.
_LOADED: dict[str, str] = {"run_id": "VARCHAR", "loaded_at": "TIMESTAMP"}

#: Kept when a report is loaded again: of two reports of one day the later arrival speaks.
_FIRST: dict[str, str] = {"first_loaded_at": "TIMESTAMP"}

#: One row a thing the gate turned away: a row of a CSV, or a whole report (`row_key` empty).
QUARANTINE: dict[str, str] = {
    "report_id": "VARCHAR",
    "uri": "VARCHAR",
    "file": "VARCHAR",
    "row_key": "VARCHAR",
    "expectation": "VARCHAR",
    "value": "VARCHAR",
    "reason": "VARCHAR",
}

_SOURCES: dict[str, str] = {
    "source_id": "VARCHAR",
    "kind": "VARCHAR",
    "location": "VARCHAR",
    "publisher": "VARCHAR",
    "place": "VARCHAR",
    "language": "VARCHAR",
    "schedule": "VARCHAR",
    "is_enabled": "BOOLEAN",
}

_IDENTITIES: dict[str, str] = {
    "identity_id": "VARCHAR",
    "kind": "VARCHAR",
    "result_indicator": "VARCHAR",
    "operand_indicators": "VARCHAR",
    "weights": "VARCHAR",
    "scope": "VARCHAR",
    "reason": "VARCHAR",
    "since": "DATE",
    "until": "DATE",
}

#: The tables of `raw` and their columns.
TABLES: dict[str, dict[str, str]] = {
    "reports": REPORT | _LOADED | _FIRST,
    "figures": FIGURES,
    "claims": CLAIMS,
    "texts": {"report_id": "VARCHAR", "text": "VARCHAR"},
    "sources": _SOURCES,
    "identities": _IDENTITIES,
    "quarantine": QUARANTINE | _LOADED,
    "runs": {**_LOADED, "details": "VARCHAR"},
    "code": {"content": "VARCHAR"},
}

#: How our CSVs are written: nothing is guessed. A claim over thousands of figures is one long line.
_CSV = """auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '',
    new_line = '\\n', encoding = 'utf-8', max_line_size = 16777216"""

#: From so many files on they are joined before they are read.
_WORTH_JOINING = 4

#: Digits before the point that DECIMAL(38, 12) holds.
_DIGITS = 26


class LoadError(RuntimeError):
    """Accepted rows could not be loaded; nothing of the batch was."""


def load_reports(  # noqa: PLR0917 - the six things a load is made of
    settings: Settings,
    folders: Sequence[Path],
    texts: Mapping[str, Path],
    sources: Iterable[Source],
    run: Mapping[str, object],
    quarantine: Sequence[Mapping[str, object]] = (),
) -> dict[str, int]:
    """Put the reports of `folders` into `raw`, replacing what is there of the same reports, in one
    transaction.

    Every folder holds `report.csv`, `figures.csv` and `claims.csv` that passed the gate; `texts` maps each
    report_id to the file with its canonical text. `sources` is the registry as it stands, `run` what is known
    of this run (`run_id` at least; all of it is kept as JSON in `raw.runs`), `quarantine` the rows of
    QUARANTINE. The declared identities are read from `seeds/identities.csv`. Returns the rows loaded by
    table. A number of more than 26 digits before its point does not fit the type and is NULL; its quote still
    holds it. Raises LoadError where a file cannot be read as its columns say, or a report has no text.
    """
    import duckdb

    settings.build_file.parent.mkdir(parents=True, exist_ok=True)
    scratch = settings.build_file.parent
    with closing(duckdb.connect(settings.build_file, config=settings.database())) as con:
        _make_tables(con)
        con.begin()
        try:
            loaded = {
                "reports": _load_files(con, "reports", _files(folders, "report.csv"), run, scratch),
                "figures": _load_files(con, "figures", _files(folders, "figures.csv"), run, scratch),
                "claims": _load_files(con, "claims", _files(folders, "claims.csv"), run, scratch),
                "texts": _load_texts(con, texts),
                "sources": _load_rows(con, "sources", [asdict(source) for source in sources], run, "source_id"),
                "identities": _load_identities(con),
                "quarantine": _load_quarantine(con, quarantine, run),
                "runs": _load_rows(con, "runs", [{"details": _details(run)}], run, "run_id"),
            }
            _check_texts(con, run)
        except (duckdb.Error, LoadError) as error:
            con.rollback()
            if isinstance(error, LoadError):
                raise
            raise LoadError(f"{settings.build_file}: {error}") from error
        con.commit()
    return loaded


def _make_tables(con: "duckdb.DuckDBPyConnection") -> None:
    con.execute("create schema if not exists raw")
    for table, columns in TABLES.items():
        declared = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        con.execute(f"create table if not exists raw.{table} ({declared})")
        for column, kind in columns.items():  # a warehouse that an earlier version made
            con.execute(f'alter table raw.{table} add column if not exists "{column}" {kind}')


def _files(folders: Sequence[Path], name: str) -> list[str]:
    files = [folder / name for folder in folders]
    for file in files:
        if not file.is_file():
            raise LoadError(f"{file} is missing; a report folder holds report.csv, figures.csv and claims.csv")
    return [str(file) for file in files]


def _load_files(
    con: "duckdb.DuckDBPyConnection", table: str, files: Sequence[str], run: Mapping[str, object], scratch: Path
) -> int:
    """Replace the reports of `files` in `raw.<table>`; a report whose file has no row loses those it had."""
    if not files:
        return 0
    columns = {column: kind for column, kind in TABLES[table].items() if column not in _LOADED | _FIRST}
    _read_files(con, files, list(columns), scratch)
    if table == "reports":
        con.execute(
            """create or replace temp table incoming_reports as
            select report_id, coalesce(known.first_loaded_at, known.loaded_at) as first_loaded_at
            from incoming left join raw.reports as known using (report_id)"""
        )
    con.execute(f"delete from raw.{table} where report_id in (select report_id from incoming_reports)")
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(_typed(column, kind) for column, kind in columns.items())
    if table != "reports":
        return _count(con.execute(f"insert into raw.{table} ({names}) select {values} from incoming"))
    return _count(
        con.execute(
            f"""insert into raw.{table} ({names}, run_id, loaded_at, first_loaded_at)
            select {values}, $run_id, $loaded_at, coalesce(first_loaded_at, $loaded_at)
            from incoming inner join incoming_reports using (report_id)""",
            _stamps(run),
        )
    )


def _read_files(con: "duckdb.DuckDBPyConnection", files: Sequence[str], columns: Sequence[str], scratch: Path) -> None:
    """All rows of `files` into the temp table `incoming`, as text.

    Many small files are put one behind the other first: DuckDB takes 3 ms to open one, ten times what reading it costs.
    """
    import duckdb

    read = f"create or replace temp table incoming as from read_csv($files, columns = $columns, {_CSV})"
    given = {"files": list(files), "columns": dict.fromkeys(columns, "VARCHAR")}
    if len(files) < _WORTH_JOINING:
        con.execute(read, given)
        return
    joined = scratch / ".incoming.csv"
    try:
        one = _join(files, ",".join(columns).encode() + b"\n", joined)
        con.execute(read, {**given, "files": [str(joined)]} if one else given)
    except duckdb.Error:
        # outside the transaction that this has ended: fails again, and names the file of ours that is wrong
        con.cursor().execute(read, given)
        raise
    finally:
        joined.unlink(missing_ok=True)


def _join(files: Sequence[str], header: bytes, joined: Path) -> bool:
    """Write the rows of all `files` into one; False where one of them has another header, or ends within a line."""
    with joined.open("wb") as out:
        out.write(header)
        for file in files:
            content = Path(file).read_bytes()
            if not content.startswith(header) or not content.endswith(b"\n"):
                return False
            out.write(content[len(header) :])
    return True


def _typed(column: str, kind: str) -> str:
    if not kind.startswith("DECIMAL"):
        return f'cast("{column}" as {kind})'
    whole = f"split_part(ltrim(\"{column}\", '-'), '.', 1)"
    return f'case when length({whole}) <= {_DIGITS} then cast("{column}" as {kind}) end'


def _load_texts(con: "duckdb.DuckDBPyConnection", texts: Mapping[str, Path]) -> int:
    import pyarrow

    if not texts:
        return 0
    # read by hand: line ends stay as received, since offsets count them
    read = {"report_id": list(texts), "text": [file.read_bytes().decode("utf-8") for file in texts.values()]}
    con.register(
        "incoming_texts",
        pyarrow.table(read, schema=pyarrow.schema(dict.fromkeys(read, pyarrow.large_string()))),
    )
    con.execute("delete from raw.texts where report_id in (select report_id from incoming_texts)")
    con.execute("insert into raw.texts by name from incoming_texts")
    con.unregister("incoming_texts")
    return len(texts)


def _load_rows(
    con: "duckdb.DuckDBPyConnection",
    table: str,
    rows: Sequence[Mapping[str, object]],
    run: Mapping[str, object],
    key: str,
) -> int:
    """Replace the rows of `raw.<table>` that share their `key` with one of `rows`."""
    columns = TABLES[table]
    stamped = [{**_stamps(run), **row} for row in rows]
    keys = sorted({str(row[key]) for row in stamped})
    con.execute(f"delete from raw.{table} where {key} in (select unnest($keys))", {"keys": keys})
    if stamped:
        marks = ", ".join(f"cast(nullif(?, '') as {kind})" for kind in columns.values())
        values = [[_cell(row.get(column)) for column in columns] for row in stamped]
        con.executemany(f"insert into raw.{table} values ({marks})", values)
    return len(stamped)


def _load_quarantine(
    con: "duckdb.DuckDBPyConnection", rows: Sequence[Mapping[str, object]], run: Mapping[str, object]
) -> int:
    """Replace what was turned away of the reports of this run; one accepted whole has nothing left."""
    con.execute(
        "delete from raw.quarantine where report_id in (select report_id from raw.reports where run_id = ?)",
        [run["run_id"]],
    )
    return _load_rows(con, "quarantine", rows, run, "report_id")


def _cell(value: object) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def _load_identities(con: "duckdb.DuckDBPyConnection") -> int:
    file = PROJECT / "seeds" / "identities.csv"
    con.execute("delete from raw.identities")
    return _count(
        con.execute(
            f"insert into raw.identities from read_csv($file, columns = $columns, {_CSV})",
            {"file": str(file), "columns": _IDENTITIES},
        )
    )


def _check_texts(con: "duckdb.DuckDBPyConnection", run: Mapping[str, object]) -> None:
    missing = con.execute(
        "select report_id from raw.reports anti join raw.texts using (report_id) where run_id = ? limit 3",
        [run["run_id"]],
    ).fetchall()
    if missing:
        raise LoadError(f"no text for {', '.join(row[0] for row in missing)}; pass the file of every report")


def _stamps(run: Mapping[str, object]) -> dict[str, object]:
    if not run.get("run_id"):
        raise LoadError("a run has a run_id")
    return {
        "run_id": str(run["run_id"]),
        "loaded_at": run.get("started_at") or datetime.now(UTC).replace(tzinfo=None),
    }


def _details(run: Mapping[str, object]) -> str:
    return json.dumps(dict(run), ensure_ascii=False, sort_keys=True, default=str)


def _count(result: "duckdb.DuckDBPyConnection") -> int:
    row = result.fetchone()
    return int(row[0]) if row else 0
