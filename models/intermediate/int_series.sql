with reports as (

    select * from {{ ref('stg_gongbao__reports') }}

),

versions as (

    select * from {{ ref('int_bulletin_versions') }}

),

corrections as (

    select
        reports.report_id,
        {{ hash_of_rows(surrogate_key([
            'corrections.correction_id', 'corrections.expected_value', 'corrections.corrected_value',
            'corrections.status'
        ])) }} as corrections_hash
    from {{ ref('stg_review__corrections') }} as corrections
    inner join {{ ref('stg_gongbao__figures') }} as reports on corrections.figure_id = reports.figure_id
    group by reports.report_id

)

select
    reports.publisher,
    count(*) as report_count,
    {{ hash_of_rows(surrogate_key([
        'reports.report_id', 'reports.reader_version', 'reports.run_id', 'reports.loaded_at', 'reports.published_on',
        'versions.bulletin_id', 'versions.is_latest', 'corrections.corrections_hash'
    ])) }} as content_hash
from reports
inner join versions on reports.report_id = versions.report_id
left join corrections on reports.report_id = corrections.report_id
where reports.publisher is not null
group by reports.publisher
having count(*) > 1
