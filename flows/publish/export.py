"""Marts out of the published file: Parquet, CSV or XLSX, with a data package descriptor beside them.

Texts come from reports that anybody may have written, and a spreadsheet takes a text that begins with = for a formula.
So in CSV a text that is empty or begins with one of `= + - @ '`, their full-width forms, a tab or a line end has one
apostrophe put before it: whoever reads it back takes one leading apostrophe off every text (`unescaped`), and has what
was there; an empty cell is null. In XLSX such a text is a text by its cell type and is marked so that editing keeps it
one; only the empty text and a leading apostrophe get an apostrophe there. Characters that XML cannot hold stand as
`_x0007_`, as spreadsheets write them. Numbers are exact in all three: in XLSX those of more than 15 digits, which
spreadsheets cut off, are texts.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.publish.errors import PublishError
from flows.publish.snapshots import MANIFEST, WAREHOUSE
from flows.record.sql import quoted
from flows.settings import Settings

if TYPE_CHECKING:
    import duckdb

FORMATS = ("parquet", "csv", "xlsx")

#: What spreadsheets take for the beginning of a formula, and the apostrophe that says it is none.
_RISKY = "=+-@'＝＋－＠\t\r\n"

_MEDIA_TYPES = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_TYPES = {
    "VARCHAR": "string",
    "BIGINT": "integer",
    "INTEGER": "integer",
    "HUGEINT": "integer",
    "DOUBLE": "number",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "BOOLEAN": "boolean",
}

#: Of a sheet, by its file format; of a cell likewise; of what a spreadsheet's numbers keep.
_SHEET_ROWS, _CELL_CHARS, _CELL_DIGITS = 1_048_576, 32_767, 15

#: What XML cannot hold, and what would be read as a character written so.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")

_WRITTEN = re.compile("_x([0-9A-F]{4})_")


def export(
    settings: Settings,
    marts: Sequence[str],
    form: str,
    to: Path,
    *,
    partition_by: Sequence[str] = (),
    say: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Write `marts` (all of them if none is named) of the current generation into the folder `to`, a file each,
    and `datapackage.json` beside them.

    `partition_by` names columns that Parquet is split by, a folder a value. Returns what was written. Everything is
    of one generation, whatever is published meanwhile. Raises PublishError where nothing is published, a mart or
    column is unknown, or a text does not fit a spreadsheet's cell.
    """
    import duckdb

    if form not in FORMATS:
        raise PublishError(f"{form!r} is no format; there are {', '.join(FORMATS)}")
    if partition_by and form != "parquet":
        raise PublishError(f"only parquet is partitioned, {form} is not; leave the columns out")
    generation = settings.current.resolve()
    if not (generation / WAREHOUSE).is_file():
        raise PublishError(f"nothing is published at {settings.current}; `gongbao run` publishes")
    manifest = json.loads((generation / MANIFEST).read_text(encoding="utf-8"))
    to.mkdir(parents=True, exist_ok=True)
    written, resources = [], []
    with closing(duckdb.connect(generation / WAREHOUSE, read_only=True)) as con:
        known = _marts(con)
        chosen = list(dict.fromkeys(marts)) or sorted(known)
        for mart in chosen:
            if mart not in known:
                raise PublishError(f"there is no mart {mart!r}; there are {', '.join(sorted(known))}")
            unknown = set(partition_by) - {column["name"] for column in known[mart]["columns"]}
            if unknown:
                raise PublishError(f"{mart} has no column {', '.join(sorted(unknown))} to partition by")
        for mart in chosen:
            say(mart)
            path = _write(con, mart, known[mart], form, to, partition_by)
            written.append(path)
            resources.append(_resource(mart, known[mart], form, path, to, manifest, chosen))
    descriptor = to / "datapackage.json"
    package = {
        "name": "gongbao",
        "title": "Figures read out of reports, and what was checked of them",
        "created": manifest["published_at"],
        "version": manifest["generation"],
        "gongbao:content_hash": manifest["content_hash"],
        "resources": resources,
    }
    descriptor.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return [*written, descriptor]


def unescaped(cell: str | None, form: str = "csv") -> str | None:
    """The text of a cell of an exported CSV or XLSX; None for an empty one."""
    if not cell:
        return None
    text = cell.removeprefix("'")
    return _WRITTEN.sub(lambda found: chr(int(found[1], 16)), text) if form == "xlsx" else text


def _marts(con: "duckdb.DuckDBPyConnection") -> dict[str, dict[str, Any]]:
    """The marts of the file: description, columns and primary key, as dbt's contracts put them there."""
    marts: dict[str, dict[str, Any]] = {}
    described = con.execute(
        """
        select table_name, comment from duckdb_tables() where schema_name = 'marts'
        union all select view_name, comment from duckdb_views() where schema_name = 'marts'
        """
    ).fetchall()
    for name, comment in described:
        marts[name] = {"description": comment or "", "columns": [], "primary_key": []}
    columns = con.execute(
        """
        select table_name, column_name, data_type, is_nullable, comment from duckdb_columns()
        where schema_name = 'marts' order by table_name, column_index
        """
    ).fetchall()
    for table, name, kind, is_nullable, comment in columns:
        column = {"name": name, "kind": kind, "required": not is_nullable, "description": comment or ""}
        marts[table]["columns"].append(column)
    keys = "select table_name, constraint_column_names from duckdb_constraints() where constraint_type = 'PRIMARY KEY'"
    for table, names in con.execute(keys).fetchall():
        marts[table]["primary_key"] = list(names)
    return marts


def _write(  # noqa: PLR0917 - what, in which form, and where to
    con: "duckdb.DuckDBPyConnection", mart: str, known: dict[str, Any], form: str, to: Path, partition_by: Sequence[str]
) -> Path:
    """One mart, beside what is there and then in its place. A partitioned one is a folder."""
    path = to / (mart if partition_by else f"{mart}.{form}")
    aside = to / f".{path.name}.part"
    _remove(aside)
    if form == "xlsx":
        _write_xlsx(con, mart, known, aside)
    elif form == "csv":
        cells = ", ".join(_csv_cell(column) for column in known["columns"])
        con.execute(f"copy (select {cells} from marts.\"{mart}\") to '{quoted(aside)}' (format csv, header)")
    else:
        split = ", ".join(f'"{column}"' for column in partition_by)
        split = f", partition_by ({split}), write_partition_columns" if split else ""
        con.execute(f"copy marts.\"{mart}\" to '{quoted(aside)}' (format parquet, compression zstd{split})")
    _remove(path)
    aside.rename(path)
    return path


def _csv_cell(column: dict[str, Any]) -> str:
    name = f'"{column["name"]}"'
    if column["kind"].startswith("DECIMAL"):
        return f"regexp_replace(cast({name} as varchar), '[.]?0+$', '') as {name}"
    if column["kind"] != "VARCHAR":
        return name
    risky = " || ".join(f"chr({ord(sign)})" for sign in _RISKY)
    return (
        f"case when {name} = '' or contains({risky}, left({name}, 1)) then chr(39) || {name} else {name} end as {name}"
    )


def _write_xlsx(con: "duckdb.DuckDBPyConnection", mart: str, known: dict[str, Any], path: Path) -> None:
    """One workbook; a mart of more rows than a sheet has goes on in a second sheet."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    names = [column["name"] for column in known["columns"]]
    rows = con.execute(f'select * from marts."{mart}"')
    sheet, left, number = None, 0, 0
    for row in _fetched(rows):
        if sheet is None or left == 0:
            number += 1
            sheet = book.create_sheet(mart[:27] + (f" {number}" if number > 1 else ""))
            sheet.freeze_panes = "A2"
            sheet.append([_text_cell(WriteOnlyCell(sheet), name) for name in names])
            left = _SHEET_ROWS - 1
        cells = []
        for name, value in zip(names, row, strict=True):
            cell = WriteOnlyCell(sheet)
            shown = _shown(value)
            if isinstance(shown, str):
                if len(shown) > _CELL_CHARS:
                    raise PublishError(f"{mart}.{name}: {len(shown)} characters do not fit a cell; take csv or parquet")
                _text_cell(cell, shown)
            else:
                cell.value = shown
            cells.append(cell)
        sheet.append(cells)
        left -= 1
    if sheet is None:
        book.create_sheet(mart[:31]).append(names)
    book.save(path)


def _text_cell(cell: Any, text: str) -> Any:
    """A cell that is text whatever it begins with, and stays text when it is edited."""
    cell.value = text
    cell.data_type = "s"  # openpyxl takes a leading = for a formula
    cell.number_format = "@"
    if text[0] in _RISKY:
        cell._style.quotePrefix = 1
    return cell


def _shown(value: Any) -> Any:
    """What a cell of a spreadsheet holds of a value; a leading apostrophe is doubled, and stands for empty text."""
    if isinstance(value, str):
        text = _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", value)
        return "'" + text if text[:1] in ("", "'") else text
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = Decimal(value).normalize()
        return value if len(number.as_tuple().digits) <= _CELL_DIGITS else f"{number:f}"
    return value


def _fetched(rows: "duckdb.DuckDBPyConnection") -> Iterator[tuple[Any, ...]]:
    while some := rows.fetchmany(10_000):
        yield from some


def _resource(  # noqa: PLR0917 - what, in which form, and where it is
    mart: str, known: dict[str, Any], form: str, path: Path, to: Path, manifest: dict[str, Any], chosen: Sequence[str]
) -> dict[str, Any]:
    """What a Frictionless data package says of one mart."""
    files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    fields = [_field(column, form) for column in known["columns"]]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if known["primary_key"]:
        schema["primaryKey"] = known["primary_key"]
    keys = [key for key in manifest.get("foreign_keys", {}).get(mart, []) if key["mart"] in chosen]
    if keys:
        schema["foreignKeys"] = [
            {"fields": [key["column"]], "reference": {"resource": key["mart"], "fields": [key["field"]]}}
            for key in keys
        ]
    names = [str(file.relative_to(to)) for file in files]
    resource: dict[str, Any] = {
        "name": mart,
        "description": known["description"],
        "path": names[0] if len(names) == 1 else names,
        "format": form,
        "mediatype": _MEDIA_TYPES[form],
        "encoding": "utf-8",
        "bytes": sum(file.stat().st_size for file in files),
        "schema": schema,
    }
    if len(files) == 1:
        resource["hash"] = f"sha256:{sha256(files[0].read_bytes()).hexdigest()}"
    if form != "parquet":
        resource["gongbao:escape"] = (
            "Take one leading apostrophe off every string: it keeps spreadsheets from taking text for formulas."
        )
    return resource


def _field(column: dict[str, Any], form: str) -> dict[str, Any]:
    kind = "number" if column["kind"].startswith("DECIMAL") else _TYPES.get(column["kind"], "any")
    field: dict[str, Any] = {"name": column["name"], "type": kind, "description": column["description"]}
    if kind == "datetime":
        field["format"] = "any"
    if kind == "boolean" and form == "csv":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    if column["required"]:
        field["constraints"] = {"required": True}
    return field


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
