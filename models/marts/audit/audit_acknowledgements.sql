with acknowledgements as (

    select * from {{ ref('stg_review__acknowledgements') }}

),

findings as (

    select * from {{ ref('int_findings') }}

),

reports as (

    select * from {{ ref('stg_gongbao__reports') }}

),

states as (

    select
        acknowledgements.*,
        findings.figures,
        case
            when findings.finding_id is null and reports.report_id is null then 'elsewhere'
            when findings.status = 'acknowledged' then 'in_force'
            else 'expired'
        end as state,
        case
            when findings.finding_id is null and reports.report_id is null then 'the report is not in this warehouse'
            when findings.finding_id is null then 'the finding is gone: the figures or their reading have changed'
            when findings.status = 'acknowledged' then null
            when findings.resolved_by = 'correction' then 'a correction has mended the figures'
            when findings.status = 'resolved' then 'a later version of the page says something else'
            else 'the figures have changed'
        end as why
    from acknowledgements
    left join findings on acknowledgements.finding_id = findings.finding_id
    left join reports on acknowledgements.report_id = reports.report_id

)

select
    finding_id,
    report_id,
    state,
    why,
    expected_figures,
    figures,
    reason,
    person,
    acknowledged_on
from states
order by finding_id
