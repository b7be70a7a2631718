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

versions as (

    select * from {{ ref('int_bulletin_versions') }}

),

members as (

    select * from {{ to_redo(ref('int_claim_members')) }}

),

figures as (

    select
        report_id,
        figure_id
    from {{ to_redo(ref('int_figures_reread')) }}

),

-- claims on a figure of a version that a later one has replaced
superseded as (

    select
        members.claim_id,
        min(figures.report_id) as replaced_report_id
    from members
    inner join figures on members.figure_id = figures.figure_id
    inner join versions on figures.report_id = versions.report_id
    where not versions.is_latest
    group by members.claim_id

),

conflicts as (

    select * from {{ to_redo(ref('int_joint')) }}

),

found as (

    select
        claims.report_id,
        claims.claim_id as check_id,
        cast(null as string) as conflict_id,
        claims.kind,
        claims.origin,
        case when verdicts.verdict = 'holds' then verdicts.verdict_as_read else verdicts.verdict end as verdict,
        verdicts.verdict_corrected = 'holds' as is_corrected,
        claims.parameters,
        verdicts.figures,
        verdicts.figures_as_read,
        verdicts.message,
        verdicts.message_zh,
        verdicts.reason,
        verdicts.reason_zh,
        claims.claim_id as found_id
    from claims
    inner join verdicts on claims.claim_id = verdicts.claim_id
    where verdicts.verdict <> 'holds' or verdicts.verdict_as_read <> 'holds'
    union all
    select
        conflicts.report_id,
        cast(null as string) as check_id,
        {{ surrogate_key(['conflicts.report_id', 'conflicts.claim_ids']) }} as conflict_id,
        'joint' as kind,
        'text' as origin,
        'broken' as verdict,
        false as is_corrected,
        cast(null as string) as parameters,
        conflicts.figures,
        conflicts.figures as figures_as_read,
        conflicts.message,
        conflicts.message_zh,
        cast(null as string) as reason,
        cast(null as string) as reason_zh,
        conflicts.claim_ids as found_id
    from conflicts
    where conflicts.number <> '0'

),

-- what a finding is called does not depend on where in the text it stands, nor on the rest of the page
keyed as (

    select
        found.*,
        reports.publisher_id,
        reports.published_on,
        versions.is_latest and superseded.claim_id is null as is_latest,
        superseded.replaced_report_id,
        case
            when reports.publisher is not null and reports.published_on is not null
                then reports.publisher_id || cast(reports.published_on as string)
            else versions.bulletin_id
        end as bulletin,
        {{ surrogate_key([
            'found.kind', 'found.parameters', 'found.figures_as_read'
        ]) }} as content_key
    from found
    inner join reports on found.report_id = reports.report_id
    inner join versions on found.report_id = versions.report_id
    left join superseded on found.check_id = superseded.claim_id

),

numbered as (

    select
        keyed.*,
        row_number() over (
            partition by report_id, replaced_report_id, content_key order by found_id
        ) as occurrence
    from keyed

)

select
    substr({{ surrogate_key(['bulletin', 'content_key', 'occurrence']) }}, 1, 12) as finding_id,
    report_id,
    check_id,
    conflict_id,
    kind,
    origin,
    verdict,
    is_latest and not is_corrected as is_standing,
    is_corrected,
    publisher_id,
    published_on,
    figures,
    message,
    message_zh,
    reason,
    reason_zh
from numbered
