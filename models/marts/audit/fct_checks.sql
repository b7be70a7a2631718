{{ config(materialized='incremental', incremental_strategy='by_series', on_schema_change='fail') }}

with claims as (

    select * from {{ to_redo(ref('int_claims')) }}

),

verdicts as (

    select * from {{ to_redo(ref('int_verdicts')) }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

found as (

    select * from {{ to_redo(ref('int_finding_checks')) }}

),

members as (

    select * from {{ to_redo(ref('int_claim_members')) }}

),

findings as (

    select
        found.check_id,
        findings.finding_id,
        findings.status,
        findings.acknowledgement
    from found
    inner join {{ ref('int_findings') }} as findings on found.finding_id = findings.finding_id
    where found.check_id is not null

),

operands as (

    select
        claim_id,
        count(*) as operand_count
    from members
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
    verdicts.message_zh,
    verdicts.reason,
    verdicts.reason_zh,
    claims.scope_doubt,
    verdicts.flags,
    verdicts.fits,
    claims.parameters,
    claims.rule,
    findings.finding_id,
    findings.status as finding_status,
    coalesce(findings.status = 'acknowledged', false) as is_acknowledged,
    case when findings.status = 'acknowledged' then findings.acknowledgement end as acknowledgement
from claims
inner join verdicts on claims.claim_id = verdicts.claim_id
inner join reports on claims.report_id = reports.report_id
left join operands on claims.claim_id = operands.claim_id
left join findings on claims.claim_id = findings.check_id
order by reports.published_on, claims.report_id, claims.claim_id
