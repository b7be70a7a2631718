"""The CSV files that people write (vocabulary, identities, reviews), looked at before a run: file, line, value, mend.

What a column may hold is said once, for dbt: in the YAML beside the files. It is held here too, because dbt's tests
name a column and not a line, and because reading reports with a half-saved vocabulary would turn every one away.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

from flows.operations.troubles import MistakenError
from flows.record.vocabulary import taught_file
from flows.settings import PROJECT
from flows.write import csv_rows

_CHECKOUT = "`git checkout seeds` brings it back"
_MOST = 5
_SAVE = "save it as UTF-8 CSV, quote cells that hold commas"


def check_handwritten(seeds: Path = PROJECT / "seeds") -> None:
    """Raises MistakenError naming every mistake in the files under `seeds`, at most five."""
    found = list(mistakes(seeds))
    if found:
        more = [f"and {len(found) - _MOST} more; `gongbao doctor` lists all"] if len(found) > _MOST else []
        raise MistakenError("\n".join([*found[:_MOST], *more, "nothing was read or changed; mend it and run again"]))


def mistakes(seeds: Path = PROJECT / "seeds") -> Iterator[str]:
    """What is wrong in the files under `seeds`, one line a mistake."""
    declared = {
        seed["name"]: seed
        for told in [*seeds.glob("vocabulary/*.yml"), *seeds.glob("review/*.yml")]
        for seed in _yaml(told).get("seeds", [])
    }
    files = [*sorted(seeds.glob("vocabulary/*.csv")), *sorted(seeds.glob("review/*.csv")), seeds / "identities.csv"]
    if (taught := taught_file()) and taught.exists():  # what a home of its own was taught
        files.append(taught)
    for file in files:
        yield from mistakes_of(file, declared.get(file.stem, {}))
    for name in sorted(set(declared) - {file.stem for file in files}):
        yield f"{name}.csv is gone from {seeds}; {_CHECKOUT}"


def mistakes_of(file: Path, declared: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong in one file, against what dbt is told of it."""
    try:
        rows = list(csv_rows(file))
        with file.open(encoding="utf-8") as lines:
            header = next(lines, "").rstrip("\r\n").split(",")
    except FileNotFoundError:
        yield f"{file} is gone; {_CHECKOUT}"
        return
    except (ValueError, OSError) as error:
        yield f"{error}; {_SAVE}" if str(file) in str(error) else f"{file}: {error}; {_SAVE}"
        return
    columns = {column["name"]: column for column in declared.get("columns", [])}
    types = declared.get("config", {}).get("column_types", {})
    wanted = list(types or columns)
    if len(set(header)) != len(header) or (wanted and set(header) != set(wanted)):
        yield f"{file}, line 1: the columns are {', '.join(header)}; they must be {', '.join(wanted or set(header))}"
        return
    for column in header:
        yield from _of_column(file, column, rows, columns.get(column, {}), str(types.get(column, "varchar")))


def _of_column(
    file: Path, column: str, rows: list[tuple[int, dict[str, str]]], declared: Mapping[str, Any], kind: str
) -> Iterator[str]:
    tests = declared.get("data_tests", [])
    allowed = next((_values(test) for test in tests if isinstance(test, dict) and "accepted_values" in test), None)
    reads = Fraction if column == "factor" else _KINDS.get(kind.lower().partition("(")[0])
    before: dict[str, int] = {}
    for line, row in rows:
        value = row[column]
        where = f"{file}, line {line}, {column}"
        if value == "":
            if "not_null" in tests:
                yield f"{where}: it is empty; give it a value"
            continue
        if "unique" in tests and value in before:
            yield f"{where}: {value!r} is on line {before[value]} too; leave one"
        before[value] = line
        if allowed is not None and value not in allowed:
            yield f"{where}: {value!r} is none of {', '.join(allowed)}"
        if reads is not None and not _is_read(reads, value):
            yield f"{where}: {value!r} is no {'number or fraction' if reads is Fraction else kind}"


_KINDS: dict[str, Callable[[str], object]] = {
    "date": date.fromisoformat,
    "integer": int,
    "bigint": int,
    "decimal": Decimal,
    "boolean": {"true": True, "false": False}.__getitem__,
}


def _is_read(reads: Callable[[str], object], value: str) -> bool:
    try:
        reads(value)
    except (ValueError, KeyError, InvalidOperation, ZeroDivisionError):
        return False
    return True


def _values(test: Mapping[str, Any]) -> list[str]:
    told = test["accepted_values"]
    return [str(value) for value in told.get("arguments", told)["values"]]


def _yaml(file: Path) -> dict[str, Any]:
    import yaml

    return dict(yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))  # noqa: S506 - the safe loader, in C where there is one
