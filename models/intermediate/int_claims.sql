{{ config(materialized='incremental', incremental_strategy='by_series', on_schema_change='fail') }}

with stated as (

    select * from {{ to_redo(ref('stg_gongbao__claims')) }}

),

series as (

    select * from {{ to_redo(ref('int_claims_by_series')) }}

),

claims as (

    select * from stated
    union all
    select
        report_id,
        claim_id,
        kind,
        origin,
        nullif(result_figure, '') as result_figure,
        operand_figures,
        weights,
        nullif(cue, '') as cue,
        cue_spans,
        parameters,
        nullif(scope_doubt, '') as scope_doubt,
        nullif(rule, '') as rule
    from series

),

-- the same relation found twice is one claim: what the report itself states goes first
ranked as (

    select
        claims.*,
        row_number() over (
            partition by claim_id
            order by case origin when 'text' then 1 when 'catalogue' then 2 else 3 end
        ) as origin_rank
    from claims

)

select * from ranked
where origin_rank = 1
