"""The claims between consecutive reports of one publisher, found by `flows.relate`.

Only series in which a report is new, loaded again or corrected are gone through; the others keep their rows.
"""

from collections import defaultdict
from datetime import date

import pyarrow

from flows.record.columns import CLAIMS
from flows.relate import relate_series
from flows.write.relations import batches, factors_of, figures_of, named, rows_of, stale_reports, table_of
from flows.write.rows import claim_home, claim_row, report_of, to_report

#: So many reports are held in memory at a time; a series is never torn.
_REPORTS_AT_ONCE = 500


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="by_series")
    loaded = dbt.ref("stg_gongbao__reports").filter("publisher is not null and published_on is not null")
    stale = stale_reports(dbt, session)
    if stale is not None:
        loaded = loaded.join(stale, "report_id", how="semi")
    of_publisher = defaultdict(list)
    for row in rows_of(loaded):
        of_publisher[row["publisher"]].append(to_report(row))
    series = [reports for _, reports in sorted(of_publisher.items()) if len(reports) > 1]
    tables = [table_of(CLAIMS, [])]
    for batch in batches(series, _REPORTS_AT_ONCE):
        names = named(session, "report_id", (report.report_id for reports in batch for report in reports))
        figures = _figures(dbt, names)
        texts = _by_report(dbt.ref("stg_gongbao__texts"), names, "report_text")
        versions = _by_report(dbt.ref("int_bulletin_versions"), names, "bulletin_id", "is_latest")
        rows = []
        for reports in batch:
            found = {}
            for claim in _claims(reports, figures, versions):
                home = claim_home(claim)
                row = claim_row(home, claim, texts[home][0])
                found[row["claim_id"]] = row
            rows += [found[claim_id] for claim_id in sorted(found)]
        tables.append(table_of(CLAIMS, rows))
    return pyarrow.concat_tables(tables)


def _claims(reports, figures, versions):
    """The claims of the latest versions; of an earlier version those that name it, with the others as they are now."""
    reports = sorted(reports, key=lambda report: (report.published_on or date.max, report.report_id))
    latest = [report for report in reports if versions[report.report_id][1]]
    yield from relate_series([(report, figures[report.report_id]) for report in latest])
    for earlier in reports:
        bulletin, is_latest = versions[earlier.report_id]
        if not is_latest:
            others = [report for report in latest if versions[report.report_id][0] != bulletin]
            issues = sorted([*others, earlier], key=lambda report: (report.published_on or date.max, report.report_id))
            for claim in relate_series([(report, figures[report.report_id]) for report in issues]):
                if earlier.report_id in {report_of(name) for name in (claim.result, *claim.operands)}:
                    yield claim


def _by_report(relation, names, *columns):
    """report_id -> what the relation says of it."""
    rows = relation.join(names, "report_id", how="semi").select("report_id", *columns).fetchall()
    return {report_id: told for report_id, *told in rows}


def _figures(dbt, names):
    """The figures of each report, in order."""
    factors = factors_of(dbt.ref("stg_vocabulary__units"))
    figures = defaultdict(list)
    of_reports = dbt.ref("int_figures_as_written").join(names, "report_id", how="semi")
    for figure_id, figure in figures_of(of_reports, factors).items():
        figures[report_of(figure_id)].append(figure)
    return figures
