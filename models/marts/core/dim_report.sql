{{ config(materialized='incremental', incremental_strategy='by_report', on_schema_change='fail') }}

with reports as (

    select * from {{ to_redo(ref('int_reports')) }}

)

select
    report_id,
    title,
    publisher_id,
    source_id,
    place_code,
    place,
    published_on,
    published_on_rule,
    language,
    script,
    uri,
    sha256,
    media_type,
    encoding,
    byte_count,
    char_count,
    reader_version,
    version,
    supersedes,
    is_superseded,
    run_id,
    loaded_at
from reports
