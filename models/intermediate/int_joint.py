"""Whether what holds singly in a report can hold at once, by `flows.judge`.

A report in which nothing changed keeps its rows; every report has a row of number 0, which says that it was looked
into.
"""

import json
from collections import defaultdict

import pyarrow

from flows.judge import joint_conflicts
from flows.record import Claim
from flows.record.version import code_version
from flows.write.relations import factors_of, figures_of, named, rows_of, stale_reports, table_of
from flows.write.rows import to_claim
from flows.write.verdicts import figures_text

_COLUMNS = (
    "report_id",
    "number",
    "claim_ids",
    "figure_ids",
    "claim_count",
    "figures",
    "message",
    "message_zh",
    "is_smallest",
    "input_hash",
)

#: So many reports are held in memory at a time.
_REPORTS_AT_ONCE = 2_000


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="by_series")
    version = code_version("judge", vocabulary=("units", "judge_words"))
    homes = dbt.ref("int_verdicts").filter("verdict = 'holds'").project("report_id, claim_id, input_hash")
    tables = [table_of(_COLUMNS, [])]
    stale = stale_reports(dbt, session)
    if stale is not None:
        homes = homes.join(stale, "report_id", how="semi")
    inputs = homes.aggregate(
        f"report_id, md5(string_agg(claim_id || input_hash, '|' order by claim_id)) || '.{version}' as input_hash",
        "report_id",
    ).set_alias("inputs")
    if stale is not None:
        known = session.table(str(dbt.this)).join(stale, "report_id", how="semi").set_alias("known")
        tables.append(known.join(inputs, "report_id, input_hash", how="semi").select(*_COLUMNS).to_arrow_table())
        inputs = inputs.join(known, "report_id, input_hash", how="anti")
    hashes = sorted(inputs.select("report_id", "input_hash").fetchall())
    factors = factors_of(dbt.ref("stg_vocabulary__units"))
    for first in range(0, len(hashes), _REPORTS_AT_ONCE):
        batch = dict(hashes[first : first + _REPORTS_AT_ONCE])
        wanted = homes.join(named(session, "report_id", batch), "report_id", how="semi").select("claim_id")
        tables.append(table_of(_COLUMNS, _conflicts(dbt, wanted.set_alias("wanted"), factors, batch)))
    return pyarrow.concat_tables(table.cast(tables[0].schema) for table in tables)


def _conflicts(dbt, wanted, factors, hashes):
    names = dbt.ref("int_claim_members").join(wanted, "claim_id", how="semi").select("figure_id").distinct()
    figures = figures_of(
        dbt.ref("int_figures_as_written").join(names.set_alias("names"), "figure_id", how="semi"), factors
    )
    rows = defaultdict(list)
    for row in rows_of(dbt.ref("int_claims").join(wanted, "claim_id", how="semi").order("claim_id")):
        rows[row["report_id"]].append(row)
    made = []
    for report_id, input_hash in hashes.items():
        stamp = {"report_id": report_id, "input_hash": input_hash}
        made.append(stamp | {"number": "0"})
        of_report = [to_claim(row) for row in rows[report_id]]
        for number, conflict in enumerate(joint_conflicts(of_report, figures), start=1):
            ids = [rows[report_id][place]["claim_id"] for place in conflict.conflict]
            made.append(stamp | _row(number, ids, conflict, figures))
    return made


def _row(number, claim_ids, conflict, figures):
    return {
        "number": str(number),
        "claim_ids": json.dumps(claim_ids, ensure_ascii=False),
        "figure_ids": json.dumps(conflict.figures, ensure_ascii=False),
        "claim_count": str(len(claim_ids)),
        "figures": figures_text(Claim("sum", "", conflict.figures), figures),
        "message": conflict.message,
        "message_zh": conflict.message_zh,
        "is_smallest": "true" if conflict.is_smallest else "false",
    }
