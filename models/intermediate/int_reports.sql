with reports as (

    select * from {{ ref('stg_gongbao__reports') }}

),

place_names as (

    select * from {{ ref('int_place_names') }}

)

select
    reports.*,
    not bulletins.is_latest as is_superseded,
    {{ surrogate_key(["coalesce(reports.publisher, '')"]) }} as publisher_id,
    place_names.place_code
from reports
left join {{ ref('int_bulletin_versions') }} as bulletins on reports.report_id = bulletins.report_id
left join place_names on reports.place = place_names.place_name
