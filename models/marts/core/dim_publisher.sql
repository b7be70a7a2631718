with reports as (

    select * from {{ ref('int_reports') }}

)

select
    publisher_id,
    coalesce(publisher, '(not stated)') as publisher,
    count(*) as report_count,
    min(published_on) as first_published_on,
    max(published_on) as last_published_on
from reports
group by publisher_id, publisher
