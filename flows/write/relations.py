"""Rows of a DuckDB relation as our records: what the Python models of dbt hand to the rooms."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

from flows.record import Figure
from flows.record.columns import EXTRACT
from flows.write.rows import Row, to_number

if TYPE_CHECKING:
    import duckdb
    import pyarrow

T = TypeVar("T")


def stale_reports(dbt: Any, session: "duckdb.DuckDBPyConnection") -> "duckdb.DuckDBPyRelation | None":
    """The reports that a Python model kept by series must do again, one column `report_id`; None for all.

    What `stale_reports` of `macros/incremental/state.sql` says to the models in SQL.
    """
    if not dbt.is_incremental:
        return None
    return session.sql(
        f"""
        select report_id from state.reports
        where series_changed_in > coalesce(
            (select max(seen_until) from state.models where model_name = '{dbt.this.identifier}'), 0)
        """
    )


def rows_of(relation: "duckdb.DuckDBPyRelation") -> list[Row]:
    """The rows of a relation as text, as they stand in CSV: an empty cell for null."""
    columns = relation.columns
    cells = relation.project(", ".join(f"coalesce(cast(\"{column}\" as varchar), '')" for column in columns))
    return [dict(zip(columns, row, strict=True)) for row in cells.fetchall()]


def named(session: "duckdb.DuckDBPyConnection", column: str, names: Iterable[str]) -> "duckdb.DuckDBPyRelation":
    """A relation of one column of text, to join with."""
    import pyarrow

    table = pyarrow.table({column: pyarrow.array(sorted(names), "string")})
    return session.from_arrow(table).set_alias("named")


def batches(groups: Iterable[list[T]], at_once: int) -> Iterator[list[list[T]]]:
    """The groups in batches of about `at_once` members, none of them torn."""
    batch: list[list[T]] = []
    held = 0
    for group in groups:
        if batch and held + len(group) > at_once:
            yield batch
            batch, held = [], 0
        batch.append(group)
        held += len(group)
    if batch:
        yield batch


def table_of(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> "pyarrow.Table":
    """Rows as a Python model gives them back: all text, null where a row has no such cell."""
    import pyarrow

    return pyarrow.table({column: pyarrow.array([row.get(column) for row in rows], "string") for column in columns})


def factors_of(units: "duckdb.DuckDBPyRelation") -> dict[str, Fraction]:
    """unit -> its exact factor."""
    return {row["unit"]: Fraction(row["factor"]) for row in rows_of(units)}


#: How the columns of a relation come as the fields of a figure, by their types; exact numbers as their text.
_AS_FIELD = {
    "VARCHAR": "coalesce({0}, '')",
    "BIGINT": "cast({0} as bigint)",
    "BOOLEAN": "coalesce(cast({0} as boolean), true)",
    "DATE": "cast({0} as date)",
    "DECIMAL(38, 12)": "cast({0} as varchar)",
}
_COLUMNS = ["class" if field.name == "cls" else field.name for field in fields(Figure)]
_FIELDS = ", ".join(_AS_FIELD[EXTRACT[column]].format(f'"{column}"') for column in _COLUMNS)
_NUMBERS_AT = [at for at, column in enumerate(_COLUMNS) if EXTRACT[column].startswith("DECIMAL")]


def figures_of(relation: "duckdb.DuckDBPyRelation", factors: Mapping[str, Fraction]) -> dict[str, Figure]:
    """The figures of a relation with the columns of figures.csv, by id, in the order of their reports' texts.

    Base values are rounded to 12 places in SQL; the rooms of Python reckon with exact ones.
    """
    figures = {}
    for figure_id, *cells in relation.order('report_id, "start"').project(f"figure_id, {_FIELDS}").fetchall():
        for at in _NUMBERS_AT:
            cells[at] = to_number(cells[at])
        figure = figures[figure_id] = Figure(*cells)
        if figure.value is not None and figure.unit in factors:
            figure.base_value = figure.value * factors[figure.unit]
    return figures
