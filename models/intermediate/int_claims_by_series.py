"""The claims between consecutive reports of one publisher, found by `flows.relate`.

Only series in which a report is new, loaded again or corrected are gone through; the others keep their rows. A series
also has a row without a claim, which says that it was gone through and what it was like then.
"""

from collections import defaultdict
from datetime import date

import pyarrow

from flows.record.columns import CLAIMS
from flows.record.version import code_version
from flows.relate import relate_series
from flows.write.relations import exact_figure, factors_of, rows_of
from flows.write.rows import claim_home, claim_row, report_of, to_report


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="delete+insert", unique_key="publisher")
    version = code_version("relate", vocabulary=("units", "places", "indicators"))
    series = dbt.ref("int_series").project(f"publisher, content_hash || '.{version}' as series_hash")
    if dbt.is_incremental:
        known = session.table(str(dbt.this)).project("publisher, series_hash").distinct()
        series = series.join(known, "publisher, series_hash", how="anti")
    changed = dict(series.fetchall())
    rows = []
    if changed:
        loaded = dbt.ref("stg_gongbao__reports").join(series, "publisher", how="semi")
        figures = _figures(dbt, loaded)
        texts = dict(
            dbt.ref("stg_gongbao__texts")
            .join(loaded, "report_id", how="semi")
            .select("report_id", "report_text")
            .fetchall()
        )
        versions = {
            report_id: (bulletin, is_latest)
            for report_id, bulletin, is_latest in dbt.ref("int_bulletin_versions")
            .select("report_id", "bulletin_id", "is_latest")
            .fetchall()
        }
        of_publisher = defaultdict(list)
        for row in rows_of(loaded):
            of_publisher[row["publisher"]].append(to_report(row))
        for publisher, series_hash in sorted(changed.items()):
            stamp = {"publisher": publisher, "series_hash": series_hash}
            rows.append(stamp)
            found = {}
            for claim in _claims(of_publisher[publisher], figures, versions):
                home = claim_home(claim)
                row = claim_row(home, claim, texts[home])
                found[row["claim_id"]] = row
            rows += [found[claim_id] | stamp for claim_id in sorted(found)]
    columns = ["publisher", "series_hash", *CLAIMS]
    return pyarrow.table({column: pyarrow.array([row.get(column) for row in rows], "string") for column in columns})


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


def _figures(dbt, loaded):
    """The figures of each report, in order."""
    factors = factors_of(dbt.ref("stg_vocabulary__units"))
    figures = defaultdict(list)
    for row in rows_of(dbt.ref("int_figures_as_written").join(loaded, "report_id", how="semi")):
        figures[row["report_id"]].append(exact_figure(row, factors))
    for of_report in figures.values():
        of_report.sort(key=lambda figure: figure.start)
    return figures
