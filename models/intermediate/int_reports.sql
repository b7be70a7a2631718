with reports as (

    select * from {{ ref('stg_gongbao__reports') }}

),

place_names as (

    select * from {{ ref('int_place_names') }}

)

select
    reports.*,
    newer.report_id is not null as is_superseded,
    {{ surrogate_key(["coalesce(reports.publisher, '')"]) }} as publisher_id,
    place_names.place_code
from reports
left join reports as newer on reports.report_id = newer.supersedes
left join place_names on reports.place = place_names.place_name
