"""The claims between consecutive reports of one publisher, found by `flows.relate`.

Only series in which a report is new, loaded again or corrected are gone through; the others keep their rows.
"""

from collections import defaultdict
from functools import partial

import pyarrow

from flows.judging import Issue, series_claims_of
from flows.record.columns import CLAIMS
from flows.record.processes import shared_out
from flows.write.cells import SERIES_FIGURE
from flows.write.relations import batches, factors_of, figure_cells, in_json, named, rows_of, stale_reports, table_of
from flows.write.rows import to_report

#: So many reports are fetched with their figures at a time; a series is never torn.
_REPORTS_AT_ONCE = 500
#: From so many reports on every process is used: some seconds of work.
_WORTH_PROCESSES = 300


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="by_series")
    loaded = dbt.ref("stg_gongbao__reports").filter("publisher is not null and published_on is not null")
    stale = stale_reports(dbt, session)
    if stale is not None:
        loaded = loaded.join(stale, "report_id", how="semi")
    of_publisher = defaultdict(list)
    for row in rows_of(loaded):
        of_publisher[row["publisher"]].append(to_report(row))
    series = [(reports, len(reports)) for _, reports in sorted(of_publisher.items()) if len(reports) > 1]
    work = partial(series_claims_of, factors=factors_of(dbt.ref("stg_vocabulary__units")), columns=tuple(CLAIMS))
    tables = [table_of(CLAIMS, [])]
    is_worth = len(series) > 1 and sum(size for _, size in series) >= _WORTH_PROCESSES
    for rows in shared_out(work, _shares(dbt, session, series), is_worth=is_worth):
        tables.append(table_of(CLAIMS, rows))
    return pyarrow.concat_tables(tables)


def _shares(dbt, session, series):
    """Each series, with the figures of its reports."""
    for batch in batches(series, _REPORTS_AT_ONCE):
        names = named(session, "report_id", (report.report_id for reports in batch for report in reports))
        of_batch = dbt.ref("int_figures_as_written").join(names, "report_id", how="semi")
        figures = in_json(of_batch, "report_id", figure_cells(SERIES_FIGURE))
        about = dbt.ref("int_bulletin_versions").join(names, "report_id", how="semi")
        rows = about.select("report_id", "bulletin_id", "is_latest").fetchall()
        versions = {report_id: told for report_id, *told in rows}
        for reports in batch:
            yield [
                Issue(report, *versions[report.report_id], figures.get(report.report_id, "[]")) for report in reports
            ]
