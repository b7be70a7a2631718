"""Whether what holds singly in a report can hold at once, by `flows.judge`.

A report in which nothing changed keeps its rows; every report has a row of number 0, which says that it was looked
into.
"""

from functools import partial

import pyarrow

from flows.judging import ToJudge, conflicts_of
from flows.record.processes import shared_out
from flows.record.version import code_version
from flows.write.relations import claims_with_figures, factors_of, stale_reports, table_of

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

#: From so many claims on every process is used: some seconds of work.
_WORTH_PROCESSES = 8_000


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="by_series")
    version = code_version("judge", vocabulary=("units", "judge_words"))
    homes = dbt.ref("int_verdicts").filter("verdict = 'holds'").project("report_id, claim_id, input_hash")
    tables = [table_of(_COLUMNS, [])]
    stale = stale_reports(dbt, session)
    if stale is not None:
        homes = homes.join(stale, "report_id", how="semi")
    inputs = homes.aggregate(
        f"""report_id, md5(string_agg(claim_id || input_hash, '|' order by claim_id)) || '.{version}' as input_hash,
        count(*) as size""",
        "report_id",
    ).set_alias("inputs")
    if stale is not None:
        known = session.table(str(dbt.this)).join(stale, "report_id", how="semi").set_alias("known")
        tables.append(known.join(inputs, "report_id, input_hash", how="semi").select(*_COLUMNS).to_arrow_table())
        inputs = inputs.join(known, "report_id, input_hash", how="anti")
    rows = inputs.order("report_id").select("report_id", "input_hash", "size").fetchall()
    hashes, sizes = {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}
    work = partial(conflicts_of, factors=factors_of(dbt.ref("stg_vocabulary__units")), columns=_COLUMNS)
    is_worth = sum(sizes.values()) >= _WORTH_PROCESSES
    for found in shared_out(work, _shares(dbt, session, homes, hashes, sizes), is_worth=is_worth):
        tables.append(table_of(_COLUMNS, found))
    return pyarrow.concat_tables(table.cast(tables[0].schema) for table in tables)


def _shares(dbt, session, homes, hashes, sizes):
    """The reports to look into, some at a time, with all that is needed for it."""
    claims, members = dbt.ref("int_claims"), dbt.ref("int_claim_members")
    states = [dbt.ref("int_figures_as_written")]
    for share in claims_with_figures(session, homes, sizes, claims=claims, members=members, states=states):
        yield [(ToJudge(*each), hashes[each[0]]) for each in share]
