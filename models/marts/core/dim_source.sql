with sources as (

    select * from {{ ref('stg_gongbao__sources') }}

),

reports as (

    select * from {{ ref('int_reports') }}

),

read_from as (

    select
        source_id,
        count(*) as report_count
    from reports
    where source_id is not null
    group by source_id

)

-- a source that left the registry stays for the reports that came from it
select
    coalesce(sources.source_id, read_from.source_id) as source_id,
    sources.kind,
    sources.location,
    sources.publisher,
    sources.place,
    sources.language,
    sources.schedule,
    coalesce(sources.is_enabled, false) as is_enabled,
    coalesce(read_from.report_count, 0) as report_count
from sources
full outer join read_from on sources.source_id = read_from.source_id
