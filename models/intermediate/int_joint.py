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
from flows.write.relations import factors_of, figures_of, rows_of
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


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="delete+insert", unique_key="report_id")
    version = code_version("judge", vocabulary=("units", "judge_words"))
    holding = dbt.ref("int_verdicts").filter("verdict = 'holds'").project("claim_id, input_hash")
    homes = dbt.ref("int_claims").select("claim_id", "report_id").join(holding, "claim_id")
    inputs = homes.aggregate(
        f"report_id, md5(string_agg(claim_id || input_hash, '|' order by claim_id)) || '.{version}' as input_hash",
        "report_id",
    )
    if dbt.is_incremental:
        known = session.table(str(dbt.this)).filter("number = '0'").project("report_id, input_hash")
        inputs = inputs.join(known, "report_id, input_hash", how="anti")
    hashes = dict(inputs.fetchall())
    made = []
    if hashes:
        wanted = homes.join(inputs, "report_id", how="semi").select("claim_id")
        names = dbt.ref("int_claim_members").join(wanted, "claim_id", how="semi").select("figure_id").distinct()
        factors = factors_of(dbt.ref("stg_vocabulary__units"))
        figures = figures_of(dbt.ref("int_figures_as_written").join(names, "figure_id", how="semi"), factors)
        rows = defaultdict(list)
        for row in rows_of(dbt.ref("int_claims").join(wanted, "claim_id", how="semi").order("claim_id")):
            rows[row["report_id"]].append(row)
        for report_id, input_hash in sorted(hashes.items()):
            stamp = {"report_id": report_id, "input_hash": input_hash}
            made.append(stamp | {"number": "0"})
            of_report = [to_claim(row) for row in rows[report_id]]
            for number, conflict in enumerate(joint_conflicts(of_report, figures), start=1):
                ids = [rows[report_id][place]["claim_id"] for place in conflict.conflict]
                made.append(stamp | _row(number, ids, conflict, figures))
    return pyarrow.table({column: pyarrow.array([row.get(column) for row in made], "string") for column in _COLUMNS})


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
