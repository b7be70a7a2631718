"""What exact arithmetic says of every claim, by `flows.judge`, the one engine.

Only claims that are new, or whose figures, corrections or engine changed, are judged; the others keep their rows.
"""

from functools import partial

import pyarrow

from flows.judging import ToJudge, verdicts_of
from flows.record.processes import shared_out
from flows.record.version import code_version
from flows.write.relations import (
    batches,
    claims_to_judge,
    factors_of,
    figures_of_claims,
    named,
    stale_reports,
    table_of,
)
from flows.write.verdicts import VERDICTS

_COLUMNS = ("report_id", *VERDICTS)

#: So many claims are fetched with their figures at a time, and so many go to a process.
_CLAIMS_AT_ONCE, _CLAIMS_A_SHARE = 32_000, 1_000
#: From so many claims on every process is used: some seconds of judging.
_WORTH_PROCESSES = 4_000


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
    sizes = dict(inputs.aggregate("report_id, count(*) as size", "report_id").order("report_id").fetchall())
    work = partial(verdicts_of, factors=factors_of(dbt.ref("stg_vocabulary__units")), columns=_COLUMNS)
    is_worth = sum(sizes.values()) >= _WORTH_PROCESSES
    for rows in shared_out(work, _shares(dbt, session, inputs, sizes), is_worth=is_worth):
        tables.append(table_of(_COLUMNS, rows))
    return pyarrow.concat_tables(table.cast(tables[0].schema) for table in tables)


def _shares(dbt, session, inputs, sizes):
    """The reports whose claims are to be judged, some at a time, with all that is needed for it."""
    members = dbt.ref("int_claim_members")
    states = [dbt.ref("int_figures_as_written"), dbt.ref("int_figures_as_read"), dbt.ref("int_figures_mended")]
    if not states[1].limit(1).fetchall():  # nothing was corrected
        del states[1:]
    for batch in batches(sizes.items(), _CLAIMS_AT_ONCE):
        of_batch = inputs.join(named(session, "report_id", batch), "report_id", how="semi")
        wanted = of_batch.project("claim_id, input_hash").set_alias("wanted")
        claims = claims_to_judge(dbt.ref("int_claims"), wanted)
        figures = [figures_of_claims(members, state, wanted) for state in states]
        for share in batches(((report_id, sizes[report_id]) for report_id in batch), _CLAIMS_A_SHARE):
            yield [
                ToJudge(report_id, claims.get(report_id, "[]"), *(state.get(report_id, "[]") for state in figures))
                for report_id in share
            ]
