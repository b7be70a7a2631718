{{ config(materialized='incremental', incremental_strategy='by_series', on_schema_change='fail') }}

with conflicts as (

    select * from {{ to_redo(ref('int_joint')) }}

),

findings as (

    select * from {{ to_redo(ref('int_finding_checks')) }}

),

keyed as (

    select
        conflicts.*,
        {{ surrogate_key(['conflicts.report_id', 'conflicts.claim_ids']) }} as conflict_id
    from conflicts
    where conflicts.number <> '0'

)

select
    keyed.conflict_id,
    keyed.report_id,
    findings.publisher_id,
    findings.published_on,
    findings.finding_id,
    cast(keyed.claim_count as bigint) as check_count,
    keyed.claim_ids as check_ids,
    keyed.figure_ids,
    keyed.figures,
    keyed.message,
    keyed.message_zh,
    keyed.is_smallest = 'true' as is_smallest
from keyed
inner join findings on keyed.conflict_id = findings.conflict_id
order by findings.published_on, keyed.report_id, keyed.conflict_id
