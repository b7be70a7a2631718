"""Rows of a DuckDB relation as our records: what the Python models of dbt hand to the rooms."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from flows.record import Figure
from flows.write.rows import Row, to_figure

if TYPE_CHECKING:
    import duckdb


def rows_of(relation: "duckdb.DuckDBPyRelation") -> list[Row]:
    """The rows of a relation as text, as they stand in CSV: an empty cell for null."""
    columns = relation.columns
    cells = relation.project(", ".join(f"coalesce(cast(\"{column}\" as varchar), '')" for column in columns))
    return [dict(zip(columns, row, strict=True)) for row in cells.fetchall()]


def factors_of(units: "duckdb.DuckDBPyRelation") -> dict[str, Fraction]:
    """unit -> its exact factor."""
    return {row["unit"]: Fraction(row["factor"]) for row in rows_of(units)}


def exact_figure(row: Row, factors: Mapping[str, Fraction]) -> Figure:
    """The figure of a row. Base values are rounded to 12 places in SQL; the rooms of Python reckon with exact ones."""
    figure = to_figure(row)
    if figure.value is not None and figure.unit in factors:
        figure.base_value = figure.value * factors[figure.unit]
    return figure


def figures_of(relation: "duckdb.DuckDBPyRelation", factors: Mapping[str, Fraction]) -> dict[str, Figure]:
    """The figures of a relation by id."""
    return {row["figure_id"]: exact_figure(row, factors) for row in rows_of(relation)}
