"""Which figures of broken claims are probably wrong, by `flows.judge`.

Broken claims that share figures are weighed together with all claims that touch those figures. A group in which
nothing changed keeps its rows; every broken claim has a row of rank 0, which says that it was looked into.
"""

from hashlib import sha256

import pyarrow

from flows.judge import blame_groups, suspects_by_claim
from flows.record import Verdict
from flows.record.version import code_version
from flows.write.cells import figure_to_judge
from flows.write.relations import factors_of, figures_to_judge, named, rows_of, stale_reports, table_of
from flows.write.rows import to_claim

_COLUMNS = (
    "report_id",
    "claim_id",
    "rank",
    "figure_id",
    "repair_count",
    "break_count",
    "suggested",
    "slip",
    "input_hash",
)


def model(dbt, session):
    dbt.config(materialized="incremental", incremental_strategy="by_series")
    version = code_version("judge", vocabulary=("units",))
    verdicts = dbt.ref("int_verdicts").project("report_id, claim_id, verdict, input_hash")
    members = dbt.ref("int_claim_members").select("report_id", "claim_id", "figure_id")
    stale, before = stale_reports(dbt, session), None
    if stale is not None:
        verdicts = verdicts.join(stale, "report_id", how="semi")
        members = members.join(stale, "report_id", how="semi")
        before = session.table(str(dbt.this)).join(stale, "report_id", how="semi")
    broken = verdicts.filter("verdict = 'broken'")
    accused = members.join(broken, "claim_id", how="semi").select("figure_id").distinct()
    around = members.join(accused, "figure_id", how="semi").select("claim_id").distinct()
    rows = sorted(rows_of(dbt.ref("int_claims").join(around, "claim_id", how="semi")), key=lambda row: row["claim_id"])
    judged = {row["claim_id"]: row for row in rows_of(verdicts.join(around, "claim_id", how="semi"))}
    claims = [to_claim(row) for row in rows]
    found = [Verdict(judged[row["claim_id"]]["verdict"]) for row in rows]
    known = {}
    if before is not None:
        known = dict(before.filter("rank = '0'").select("claim_id", "input_hash").fetchall())

    made = []
    changed = []
    as_before = []
    for of_group, touching in blame_groups(claims, found):
        told = sorted(
            f"{rows[place]['claim_id']} {judged[rows[place]['claim_id']]['input_hash']}" for place in touching
        )
        stamp = sha256(" ".join([version, *told]).encode()).hexdigest()[:16]
        if any(known.get(rows[place]["claim_id"]) != stamp for place in of_group):
            changed.append((of_group, touching, stamp))
        else:
            as_before += [rows[place]["claim_id"] for place in of_group]
    if changed:
        names = {
            name for _, touching, _ in changed for i in touching for name in (claims[i].result, *claims[i].operands)
        }
        factors = factors_of(dbt.ref("stg_vocabulary__units"))
        wanted = named(session, "figure_id", names - {""})
        cells = figures_to_judge(dbt.ref("int_figures_as_written").join(wanted, "figure_id", how="semi"))
        figures = {figure_id: figure_to_judge(own, factors) for figure_id, own in cells.items()}
        for of_group, touching, stamp in changed:
            suspects = suspects_by_claim([claims[i] for i in touching], [found[i] for i in touching], figures)
            for place in of_group:
                stamped = {
                    "report_id": rows[place]["report_id"],
                    "claim_id": rows[place]["claim_id"],
                    "input_hash": stamp,
                }
                made.append(stamped | {"rank": "0"})
                made += [_row(suspect) | stamped for suspect in suspects[touching.index(place)]]
    tables = [table_of(_COLUMNS, [tuple(map(row.get, _COLUMNS)) for row in made])]
    if before is not None:
        kept = before.join(named(session, "claim_id", as_before), "claim_id", how="semi").select(*_COLUMNS)
        tables.append(kept.to_arrow_table().cast(tables[0].schema))
    return pyarrow.concat_tables(tables)


def _row(suspect):
    return {
        "rank": str(suspect.rank),
        "figure_id": suspect.figure_id,
        "repair_count": str(suspect.repairs),
        "break_count": str(suspect.breaks),
        "suggested": suspect.suggested,
        "slip": suspect.slip,
    }
