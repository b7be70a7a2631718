with claims as (

    select * from {{ ref('int_claims') }}

),

verdicts as (

    select * from {{ ref('int_verdicts') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

acknowledgements as (

    select * from {{ ref('stg_review__acknowledgements') }}

),

operands as (

    select
        claim_id,
        count(*) as operand_count
    from {{ ref('int_claim_members') }}
    where role = 'operand'
    group by claim_id

)

select
    claims.claim_id as check_id,
    claims.report_id,
    reports.publisher_id,
    reports.published_on,
    claims.kind,
    claims.origin,
    verdicts.verdict,
    claims.result_figure as result_figure_id,
    coalesce(operands.operand_count, 0) as operand_count,
    {%- for end in ['stated_low', 'stated_high', 'computed_low', 'computed_high', 'gap_ulp'] %}
    {{ exact_number('verdicts.' ~ end) }} as {{ end }},
    verdicts.{{ end }}_exact,
    {%- endfor %}
    claims.cue,
    claims.cue_spans,
    verdicts.message,
    verdicts.reason,
    claims.scope_doubt,
    verdicts.flags,
    verdicts.fits,
    claims.parameters,
    claims.rule,
    acknowledgements.claim_id is not null as is_acknowledged,
    acknowledgements.reason as acknowledgement
from claims
inner join verdicts on claims.claim_id = verdicts.claim_id
inner join reports on claims.report_id = reports.report_id
left join operands on claims.claim_id = operands.claim_id
left join acknowledgements on claims.claim_id = acknowledgements.claim_id
order by reports.published_on, claims.report_id, claims.claim_id
