"""What exact arithmetic says of every claim, by `flows.judge`, the one engine.

Only claims that are new, or whose figures, corrections or engine changed, are judged; the others keep their rows.
"""

import pyarrow

from flows.judge import judge_claims
from flows.record.version import code_version
from flows.write.relations import factors_of, figures_of, named, rows_of, stale_reports, table_of
from flows.write.rows import to_claim
from flows.write.verdicts import VERDICTS, figures_text, verdict_row

_COLUMNS = ("report_id", *VERDICTS)

#: So many claims and their figures are held in memory at a time.
_CLAIMS_AT_ONCE = 20_000


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="by_series")
    version = code_version("judge", vocabulary=("units", "judge_words"))
    inputs = dbt.ref("int_claim_inputs").project(f"report_id, claim_id, input_hash || '.{version}' as input_hash")
    tables = [table_of(_COLUMNS, [])]
    stale = stale_reports(dbt, session)
    if stale is not None:
        inputs = inputs.join(stale, "report_id", how="semi")
        known = session.table(str(dbt.this)).join(stale, "report_id", how="semi").set_alias("known")
        tables.append(known.join(inputs, "claim_id, input_hash", how="semi").select(*_COLUMNS).to_arrow_table())
        inputs = inputs.join(known, "claim_id, input_hash", how="anti")
    hashes = sorted(inputs.select("report_id", "claim_id", "input_hash").fetchall())
    factors = factors_of(dbt.ref("stg_vocabulary__units"))
    for first in range(0, len(hashes), _CLAIMS_AT_ONCE):
        batch = {claim_id: input_hash for _, claim_id, input_hash in hashes[first : first + _CLAIMS_AT_ONCE]}
        tables.append(table_of(_COLUMNS, _judged(dbt, named(session, "claim_id", batch), factors, batch)))
    return pyarrow.concat_tables(table.cast(tables[0].schema) for table in tables)


def _judged(dbt, names, factors, hashes):
    rows = rows_of(dbt.ref("int_claims").join(names, "claim_id", how="semi"))
    claims = [to_claim(row) for row in rows]
    wanted = dbt.ref("int_claim_members").join(names, "claim_id", how="semi").select("figure_id").distinct()
    figures, as_read, mended = (
        figures_of(state.join(wanted.set_alias("wanted"), "figure_id", how="semi"), factors)
        for state in (dbt.ref("int_figures_as_written"), dbt.ref("int_figures_as_read"), dbt.ref("int_figures_mended"))
    )
    judged = []
    for row, claim, verdict in zip(rows, claims, judge_claims(claims, figures), strict=True):
        made = {"report_id": row["report_id"]} | verdict_row(row["claim_id"], claim, verdict, figures)
        if any(name in as_read for name in (claim.result, *claim.operands)):
            before, after = figures | as_read, figures | mended
            made["figures_as_read"] = figures_text(claim, before)
            for column, state in (("verdict_as_read", before), ("verdict_corrected", after)):
                made[column] = judge_claims([claim], state, explain=False)[0].verdict
        made["input_hash"] = hashes[row["claim_id"]]
        judged.append(made)
    return judged
