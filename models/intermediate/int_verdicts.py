"""What exact arithmetic says of every claim, by `flows.judge`, the one engine.

Only claims that are new, or whose figures, corrections or engine changed, are judged; the others keep their rows.
"""

from functools import partial

import pyarrow

from flows.judging import ToJudge, verdicts_of
from flows.record.processes import shared_out
from flows.record.version import code_version
from flows.write.relations import claims_with_figures, factors_of, stale_reports, table_of
from flows.write.verdicts import VERDICTS

_COLUMNS = ("report_id", *VERDICTS)

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
    claims, members = dbt.ref("int_claims"), dbt.ref("int_claim_members")
    states = [dbt.ref("int_figures_as_written"), dbt.ref("int_figures_as_read"), dbt.ref("int_figures_mended")]
    if not states[1].limit(1).fetchall():  # nothing was corrected
        del states[1:]
    for share in claims_with_figures(session, inputs, sizes, claims=claims, members=members, states=states):
        yield [ToJudge(*each) for each in share]
