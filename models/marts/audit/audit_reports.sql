{{ config(materialized='incremental', incremental_strategy='by_series', on_schema_change='fail') }}

with reports as (

    select * from {{ to_redo(ref('int_reports')) }}

),

coverage as (

    select * from {{ to_redo(ref('int_coverage')) }}

),

judged as (

    select * from {{ to_redo(ref('fct_checks')) }}

),

found as (

    select * from {{ to_redo(ref('int_finding_checks')) }}

),

checks as (

    select
        report_id,
        count(*) as check_count,
        count(case when verdict = 'holds' then 1 end) as holds_count,
        count(case when verdict = 'broken' then 1 end) as broken_count,
        count(case when verdict = 'cannot_tell' then 1 end) as cannot_tell_count,
        count(
            case when verdict = 'broken' and finding_status in ('open', 'acknowledgement_expired') then 1 end
        ) as open_broken_count
    from judged
    group by report_id

),

findings as (

    select
        found.report_id,
        count(case when findings.status = 'open' then 1 end) as open_finding_count,
        count(case when findings.status = 'acknowledged' then 1 end) as acknowledged_finding_count,
        count(case when findings.status = 'acknowledgement_expired' then 1 end) as expired_finding_count,
        count(case when findings.status = 'resolved' then 1 end) as resolved_finding_count,
        count(case when found.conflict_id is not null then 1 end) as conflict_count
    from found
    inner join {{ ref('int_findings') }} as findings on found.finding_id = findings.finding_id
    group by found.report_id

)

select
    reports.report_id,
    reports.publisher_id,
    reports.published_on,
    coverage.digit_count,
    coverage.accounted_digit_count,
    coverage.numeral_count,
    coverage.figure_count,
    coverage.described_count,
    coverage.catalogued_count,
    coalesce(checks.check_count, 0) as check_count,
    coalesce(checks.holds_count, 0) as holds_count,
    coalesce(checks.broken_count, 0) as broken_count,
    coalesce(checks.cannot_tell_count, 0) as cannot_tell_count,
    coalesce(checks.open_broken_count, 0) as open_broken_count,
    coalesce(findings.open_finding_count, 0) as open_finding_count,
    coalesce(findings.acknowledged_finding_count, 0) as acknowledged_finding_count,
    coalesce(findings.expired_finding_count, 0) as expired_finding_count,
    coalesce(findings.resolved_finding_count, 0) as resolved_finding_count,
    coalesce(findings.conflict_count, 0) as conflict_count,
    {{ percent('coverage.accounted_digit_count', 'coverage.digit_count') }} as coverage_percent,
    {{ percent('coverage.catalogued_count', 'coverage.figure_count') }} as catalogued_percent,
    {{ percent('checks.broken_count', 'checks.holds_count + checks.broken_count') }} as broken_percent
from reports
inner join coverage on reports.report_id = coverage.report_id
left join checks on reports.report_id = checks.report_id
left join findings on reports.report_id = findings.report_id
order by reports.published_on, reports.report_id
