with reports as (

    select * from {{ ref('stg_gongbao__reports') }}

),

runs as (

    select * from {{ ref('stg_gongbao__runs') }}

),

-- the order in which a run took its reports up: that in which they were pulled
taken_up as (

    select
        run_id,
        {{ each_element(json_texts(json_part('details', 'reports')), 'report_id', 'position') }}
    from runs

),

ordered as (

    select
        reports.report_id,
        -- a page that shows another day's bulletin is another bulletin
        {{ surrogate_key(['reports.source_id', "coalesce(reports.uri, reports.report_id)", 'reports.published_on']) }}
            as bulletin_id,
        row_number() over (
            order by reports.first_loaded_at, reports.loaded_at, coalesce(taken_up.position, 0), reports.report_id
        ) as load_order
    from reports
    left join taken_up on reports.run_id = taken_up.run_id and reports.report_id = taken_up.report_id

)

select
    report_id,
    bulletin_id,
    load_order,
    row_number() over (partition by bulletin_id order by load_order) as version_number,
    load_order = max(load_order) over (partition by bulletin_id) as is_latest
from ordered
