"""Relations of DuckDB for the rooms: what the Python models of dbt fetch, and the rows they give back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

from flows.record.columns import EXTRACT
from flows.write.cells import JUDGED_CLAIM, JUDGED_FIGURE, Cells
from flows.write.rows import Row

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


def batches(sized: Iterable[tuple[T, int]], at_once: int) -> Iterator[list[T]]:
    """Things, each with its size, in batches of about `at_once`, none of them torn."""
    batch: list[T] = []
    held = 0
    for thing, size in sized:
        if batch and held + size > at_once:
            yield batch
            batch, held = [], 0
        batch.append(thing)
        held += size
    if batch:
        yield batch


def table_of(columns: Sequence[str], rows: Sequence[Sequence[str | None]]) -> "pyarrow.Table":
    """Rows as a Python model gives them back: all text, null for None."""
    import pyarrow

    cells = zip(*rows, strict=True) if rows else ((),) * len(columns)
    return pyarrow.table(
        {column: pyarrow.array(of_column, "string") for column, of_column in zip(columns, cells, strict=True)}
    )


def factors_of(units: "duckdb.DuckDBPyRelation") -> dict[str, Fraction]:
    """unit -> its exact factor."""
    return {row["unit"]: Fraction(row["factor"]) for row in rows_of(units)}


#: So many claims are fetched with their figures at a time, and so many go to a process.
_CLAIMS_AT_ONCE, _CLAIMS_A_SHARE = 32_000, 1_000

#: How the columns of a relation come as cells (`flows.write.cells`), by their types.
_AS_CELL = {
    "VARCHAR": "coalesce({0}, '')",
    "BIGINT": "cast({0} as bigint)",
    "BOOLEAN": "coalesce(cast({0} as boolean), true)",
    "DATE": "cast({0} as varchar)",
    "DECIMAL(38, 12)": "cast({0} as varchar)",
}


def figure_cells(columns: Iterable[str]) -> str:
    """What to select of a relation with the columns of figures.csv for cells of these `columns`."""
    return ", ".join(_AS_CELL[EXTRACT[column]].format(f'"{column}"') for column in columns)


def figures_to_judge(relation: "duckdb.DuckDBPyRelation") -> dict[str, Cells]:
    """The JUDGED_FIGURE cells of each figure of a relation with the columns of figures.csv, by its id."""
    rows = relation.project(f"figure_id, {figure_cells(JUDGED_FIGURE)}").fetchall()
    return {figure_id: cells for figure_id, *cells in rows}


def in_json(relation: "duckdb.DuckDBPyRelation", by: str, cells: str, order: str = "") -> dict[str, str]:
    """By the values of the column `by`, the cells of its rows: JSON, a list of a list each, as `Cells` are read again.

    DuckDB writes it in a third of the time that Python takes to make an object of each cell, and to another process it
    goes as one text.
    """
    rows = f"string_agg(cast(json_array({cells}) as varchar), ',' {order and f'order by {order}'})"
    return dict(relation.aggregate(f"{by}, '[' || {rows} || ']'", by).fetchall())


def claims_to_judge(claims: "duckdb.DuckDBPyRelation", wanted: "duckdb.DuckDBPyRelation") -> dict[str, str]:
    """By report, the claims named in `wanted` (claim_id, input_hash), in order of their ids: JUDGED_CLAIM cells behind
    those two, in JSON."""
    texts = ", ".join(f"coalesce({column}, '')" for column in JUDGED_CLAIM)
    return in_json(claims.join(wanted, "claim_id"), "report_id", f"claim_id, input_hash, {texts}", "claim_id")


def figures_of_claims(
    members: "duckdb.DuckDBPyRelation", figures: "duckdb.DuckDBPyRelation", wanted: "duckdb.DuckDBPyRelation"
) -> dict[str, str]:
    """By the report of the claims named in `wanted`, the figures these are about: JUDGED_FIGURE cells behind the id, in
    JSON."""
    about = members.join(wanted, "claim_id", how="semi").project("report_id as home, figure_id").distinct()
    rows = figures.join(about.set_alias("about"), "figure_id")
    return in_json(rows, "home", f"figure_id, {figure_cells(JUDGED_FIGURE)}")


def claims_with_figures(
    session: "duckdb.DuckDBPyConnection",
    homes: "duckdb.DuckDBPyRelation",
    sizes: Mapping[str, int],
    *,
    claims: "duckdb.DuckDBPyRelation",
    members: "duckdb.DuckDBPyRelation",
    states: Sequence["duckdb.DuckDBPyRelation"],
) -> Iterator[list[tuple[str, ...]]]:
    """The claims named in `homes` (report_id, claim_id, input_hash), a share of whole reports at a time: of each report
    its id, its claims (`claims_to_judge`) and, of each of `states`, the figures these are about (`figures_of_claims`).

    `sizes` says how many claims each report has, in the order in which they come.
    """
    for batch in batches(sizes.items(), _CLAIMS_AT_ONCE):
        of_batch = homes.join(named(session, "report_id", batch), "report_id", how="semi")
        wanted = of_batch.project("claim_id, input_hash").set_alias("wanted")
        found = [claims_to_judge(claims, wanted), *(figures_of_claims(members, state, wanted) for state in states)]
        for share in batches(((report_id, sizes[report_id]) for report_id in batch), _CLAIMS_A_SHARE):
            yield [(report_id, *(each.get(report_id, "[]") for each in found)) for report_id in share]
