{{ config(materialized='incremental', incremental_strategy='by_finding', on_schema_change='fail') }}

with found as (

    select * from {{ things_to_redo(ref('int_finding_checks')) }}

),

acknowledgements as (

    select * from {{ ref('stg_review__acknowledgements') }}

),

ordered as (

    select
        found.*,
        versions.load_order
    from found
    inner join {{ ref('int_bulletin_versions') }} as versions on found.report_id = versions.report_id

),

ranked as (

    select
        ordered.*,
        -- a report may say the same of two versions that were replaced: the same finding, told of one check
        row_number() over (
            partition by finding_id order by is_standing desc, load_order desc, check_id, conflict_id
        ) as recency,
        first_value(report_id) over (partition by finding_id order by load_order) as first_seen_report_id,
        first_value(report_id) over (partition by finding_id order by load_order desc) as last_seen_report_id,
        count(*) over (partition by finding_id) as report_count
    from ordered

)

select
    ranked.finding_id,
    ranked.report_id,
    ranked.check_id,
    ranked.conflict_id,
    ranked.kind,
    ranked.origin,
    ranked.verdict,
    case
        when not ranked.is_standing then 'resolved'
        when acknowledgements.finding_id is null then 'open'
        when acknowledgements.expected_figures = ranked.figures then 'acknowledged'
        else 'acknowledgement_expired'
    end as status,
    case
        when ranked.is_standing then null
        when ranked.is_corrected then 'correction'
        else 'later_version'
    end as resolved_by,
    ranked.first_seen_report_id,
    ranked.last_seen_report_id,
    ranked.report_count,
    ranked.publisher_id,
    ranked.published_on,
    ranked.figures,
    ranked.message,
    ranked.message_zh,
    ranked.reason,
    ranked.reason_zh,
    acknowledgements.reason as acknowledgement,
    acknowledgements.person as acknowledged_by,
    acknowledgements.acknowledged_on
from ranked
left join acknowledgements on ranked.finding_id = acknowledgements.finding_id
where ranked.recency = 1
