{{ config(materialized='incremental', incremental_strategy='by_series', on_schema_change='fail') }}

with claims as (

    select * from {{ to_redo(ref('int_claims')) }}

),

operands as (

    select
        report_id,
        claim_id,
        weights,
        {{ each_element(json_texts('operand_figures'), 'figure_id', 'position') }}
    from claims

),

members as (

    select
        report_id,
        claim_id,
        'result' as role,
        0 as position,
        result_figure as figure_id,
        cast(null as string) as weight
    from claims
    where result_figure is not null
    union all
    select
        report_id,
        claim_id,
        'operand' as role,
        position,
        figure_id,
        {{ element_of(json_texts('weights'), 'position') }} as weight
    from operands

)

select * from members
