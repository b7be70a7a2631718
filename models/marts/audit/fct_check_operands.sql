{{ config(materialized='incremental', incremental_strategy='by_series', on_schema_change='fail') }}

with members as (

    select * from {{ to_redo(ref('int_claim_members')) }}

),

figures as (

    select * from {{ to_redo(ref('int_figures_reread')) }}

)

select
    members.claim_id || '@' || members.position as member_id,
    members.claim_id as check_id,
    members.position,
    members.role,
    members.figure_id,
    figures.report_id,
    members.weight,
    figures.quote,
    figures.start_offset,
    figures.value,
    figures.unit
from members
inner join figures on members.figure_id = figures.figure_id
order by members.claim_id, members.position
