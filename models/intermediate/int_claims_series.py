"""The claims between consecutive reports of one publisher, found by `flows.relate`."""

from collections import defaultdict
from datetime import date
from fractions import Fraction

import pyarrow

from flows.record.columns import CLAIMS
from flows.relate import relate_series
from flows.write.rows import claim_home, claim_row, to_figure, to_report


def model(dbt, session):
    dbt.config(materialized="table")
    factors = {row["unit"]: Fraction(row["factor"]) for row in _rows(dbt.ref("stg_vocabulary__units"))}
    texts = dict(dbt.ref("stg_gongbao__texts").select("report_id", "report_text").fetchall())
    reports = [to_report(row) for row in _rows(dbt.ref("stg_gongbao__reports"))]
    figures = defaultdict(list)
    for row in _rows(dbt.ref("int_figures_as_written")):
        figure = to_figure(row)
        # base values are rounded to 12 places in SQL; the rooms of Python reckon with exact ones
        if figure.value is not None and figure.unit in factors:
            figure.base_value = figure.value * factors[figure.unit]
        figures[row["report_id"]].append(figure)
    for of_report in figures.values():
        of_report.sort(key=lambda figure: figure.start)

    rows = {}
    for issues in _series(reports):
        for claim in relate_series([(report, figures[report.report_id]) for report in issues]):
            home = claim_home(claim)
            row = claim_row(home, claim, texts[home])
            rows[row["claim_id"]] = row
    found = sorted(rows.values(), key=lambda row: row["claim_id"])
    return pyarrow.table({column: pyarrow.array([row[column] for row in found], "string") for column in CLAIMS})


def _series(reports):
    """The reports of each publisher that has several, in date order; those without a date come last."""
    series = defaultdict(list)
    for report in reports:
        if report.publisher:
            series[report.publisher].append(report)
    return [
        sorted(issues, key=lambda report: (report.published_on or date.max, report.report_id))
        for _, issues in sorted(series.items())
        if len(issues) > 1
    ]


def _rows(relation):
    """The rows of a relation as text, as they stand in CSV: an empty cell for null."""
    columns = relation.columns
    cells = relation.project(", ".join(f"coalesce(cast(\"{column}\" as varchar), '')" for column in columns))
    return [dict(zip(columns, row, strict=True)) for row in cells.fetchall()]
