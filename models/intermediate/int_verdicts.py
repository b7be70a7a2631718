"""What exact arithmetic says of every claim, by `flows.judge`, the one engine.

Only claims that are new, or whose figures, corrections or engine changed, are judged; the others keep their rows.
"""

import pyarrow

from flows.judge import judge_claims
from flows.record.version import code_version
from flows.write.relations import factors_of, figures_of, rows_of
from flows.write.rows import to_claim
from flows.write.verdicts import VERDICTS, figures_text, verdict_row


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="delete+insert", unique_key="claim_id")
    version = code_version("judge", vocabulary=("units", "judge_words"))
    inputs = dbt.ref("int_claim_inputs").project(f"claim_id, input_hash || '.{version}' as input_hash")
    if dbt.is_incremental:
        known = session.table(str(dbt.this)).project("claim_id, input_hash")
        inputs = inputs.join(known, "claim_id, input_hash", how="anti")
    hashes = dict(inputs.fetchall())
    judged = []
    if hashes:
        rows = rows_of(dbt.ref("int_claims").join(inputs, "claim_id", how="semi"))
        claims = [to_claim(row) for row in rows]
        wanted = dbt.ref("int_claim_members").join(inputs, "claim_id", how="semi").select("figure_id").distinct()
        factors = factors_of(dbt.ref("stg_vocabulary__units"))
        figures = figures_of(dbt.ref("int_figures_as_written").join(wanted, "figure_id", how="semi"), factors)
        as_read = figures_of(dbt.ref("int_figures_as_read").join(wanted, "figure_id", how="semi"), factors)
        mended = figures_of(dbt.ref("int_figures_mended").join(wanted, "figure_id", how="semi"), factors)
        for row, claim, verdict in zip(rows, claims, judge_claims(claims, figures), strict=True):
            made = verdict_row(row["claim_id"], claim, verdict, figures)
            if any(name in as_read for name in (claim.result, *claim.operands)):
                before, after = figures | as_read, figures | mended
                made["figures_as_read"] = figures_text(claim, before)
                for column, state in (("verdict_as_read", before), ("verdict_corrected", after)):
                    made[column] = judge_claims([claim], state, explain=False)[0].verdict
            made["input_hash"] = hashes[row["claim_id"]]
            judged.append(made)
    return pyarrow.table({column: pyarrow.array([row[column] for row in judged], "string") for column in VERDICTS})
