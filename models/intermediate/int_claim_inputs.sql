{{ config(materialized='incremental', incremental_strategy='by_series', on_schema_change='fail') }}

with claims as (

    select * from {{ to_redo(ref('int_claims')) }}

),

members as (

    select * from {{ to_redo(ref('int_claim_members')) }}

),

figures as (

    select * from {{ to_redo(ref('int_figures_reread')) }}

),

corrections as (

    select
        figure_id,
        {{ hash_of_rows(surrogate_key(['correction_id', 'kind', 'expected_value', 'corrected_value', 'status'])) }}
            as corrections_hash
    from {{ ref('stg_review__corrections') }}
    group by figure_id

),

-- what a verdict depends on of each figure
told as (

    select
        members.claim_id,
        {{ surrogate_key([
            'members.position', 'members.figure_id', 'figures.quote', 'figures.numeral_end_offset',
            'figures.numeral_class', 'figures.value', 'figures.low', 'figures.high', 'figures.is_low_closed',
            'figures.is_high_closed', 'figures.ulp', 'figures.unit', 'figures.base_value', 'figures.base_unit',
            'figures.direction', 'figures.period_starts_on', 'figures.period_ends_on', 'figures.as_of_on',
            'corrections.corrections_hash'
        ]) }} as figure_hash
    from members
    left join figures on members.figure_id = figures.figure_id
    left join corrections on members.figure_id = corrections.figure_id

),

figures_told as (

    select
        claim_id,
        {{ hash_of_rows('figure_hash') }} as figures_hash
    from told
    group by claim_id

)

select
    claims.report_id,
    claims.claim_id,
    {{ surrogate_key([
        'claims.kind', 'claims.operand_figures', 'claims.weights', 'claims.parameters', 'claims.scope_doubt',
        'figures_told.figures_hash'
    ]) }} as input_hash
from claims
left join figures_told on claims.claim_id = figures_told.claim_id
