"""What exact arithmetic says of every claim, by `flows.judge`, the one engine."""

from fractions import Fraction

import pyarrow

from flows.judge import judge_claims
from flows.write.numbers import decimal_text, exact_text
from flows.write.rows import to_claim, to_figure

_NUMBERS = ("stated_low", "stated_high", "computed_low", "computed_high", "gap_ulp")
_TEXTS = ("claim_id", "verdict", "flags", "fits", "message", "reason")


def model(dbt, session):
    dbt.config(materialized="table")
    factors = {row["unit"]: Fraction(row["factor"]) for row in _rows(dbt.ref("stg_vocabulary__units"))}
    members = dbt.ref("int_claim_members").select("figure_id").distinct()
    figures = {}
    for row in _rows(dbt.ref("int_figures_as_written").join(members, "figure_id", how="semi")):
        figure = figures[row["figure_id"]] = to_figure(row)
        # base values are rounded to 12 places in SQL; the engine is given them exact
        if figure.value is not None and figure.unit in factors:
            figure.base_value = figure.value * factors[figure.unit]

    rows = _rows(dbt.ref("int_claims"))
    verdicts = judge_claims([to_claim(row) for row in rows], figures)
    judged = [_verdict_row(row["claim_id"], verdict) for row, verdict in zip(rows, verdicts, strict=True)]
    columns = [*_TEXTS, *_NUMBERS, *(f"{number}_exact" for number in _NUMBERS)]
    return pyarrow.table({column: pyarrow.array([row[column] for row in judged], "string") for column in columns})


def _verdict_row(claim_id, verdict):
    numbers = {number: getattr(verdict, number) for number in _NUMBERS}
    texts = {
        "claim_id": claim_id,
        "verdict": verdict.verdict,
        "flags": ";".join(verdict.flags),
        "fits": verdict.fits,
        "message": verdict.message,
        "reason": verdict.reason,
        **{number: decimal_text(value) for number, value in numbers.items()},
        **{f"{number}_exact": exact_text(value) for number, value in numbers.items()},
    }
    return {column: text or None for column, text in texts.items()}


def _rows(relation):
    """The rows of a relation as text, as they stand in CSV: an empty cell for null."""
    columns = relation.columns
    cells = relation.project(", ".join(f"coalesce(cast(\"{column}\" as varchar), '')" for column in columns))
    return [dict(zip(columns, row, strict=True)) for row in cells.fetchall()]
