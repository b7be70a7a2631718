{{ config(materialized='incremental', incremental_strategy='by_finding', on_schema_change='fail') }}

with findings as (

    select * from {{ things_to_redo(ref('int_findings')) }}

)

select
    finding_id,
    report_id,
    check_id,
    conflict_id,
    kind,
    origin,
    verdict,
    status,
    resolved_by,
    first_seen_report_id,
    last_seen_report_id,
    report_count,
    publisher_id,
    published_on,
    figures,
    message,
    message_zh,
    reason,
    reason_zh,
    acknowledgement,
    acknowledged_by,
    acknowledged_on
from findings
order by published_on, report_id, finding_id
