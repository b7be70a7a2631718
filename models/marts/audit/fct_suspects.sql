{{ config(materialized='incremental', incremental_strategy='by_series', on_schema_change='fail') }}

with suspects as (

    select * from {{ to_redo(ref('int_suspects')) }}

),

claims as (

    select * from {{ to_redo(ref('int_claims')) }}

),

figures as (

    select * from {{ to_redo(ref('int_figures_reread')) }}

)

select
    suspects.claim_id || '~' || suspects.rank as suspect_id,
    suspects.claim_id as check_id,
    claims.report_id,
    cast(suspects.rank as bigint) as rank,
    suspects.figure_id,
    figures.report_id as figure_report_id,
    figures.quote,
    figures.start_offset,
    cast(suspects.repair_count as bigint) as repair_count,
    cast(suspects.break_count as bigint) as break_count,
    suspects.suggested,
    suspects.slip
from suspects
inner join claims on suspects.claim_id = claims.claim_id
inner join figures on suspects.figure_id = figures.figure_id
where suspects.rank <> '0'
order by suspects.claim_id, cast(suspects.rank as bigint)
