with reports as (

    select * from {{ ref('stg_gongbao__reports') }}

),

corrections as (

    select
        {{ report_of_figure('figure_id') }} as report_id,
        {{ content_of_rows([
            'figure_id', 'kind', 'column_name', 'expected_value', 'corrected_value', 'status'
        ]) }} as content
    from {{ ref('stg_review__corrections') }}
    group by {{ report_of_figure('figure_id') }}

),

-- what is read into every report: another vocabulary, or other code, and all of them are to be made anew
whole as (

    select
        (
            select {{ content_of_rows(['place_code', 'name_hant', 'name_hans', 'aliases']) }}
            from {{ ref('stg_vocabulary__places') }}
        ) as places,
        (
            select {{ content_of_rows(['unit', 'base_unit', 'factor']) }}
            from {{ ref('stg_vocabulary__units') }}
        ) as units,
        (
            select {{ content_of_rows(['indicator', 'subject', 'base_unit']) }}
            from {{ ref('stg_vocabulary__indicators') }}
        ) as indicators,
        (select max(code_hash) from {{ ref('stg_gongbao__code') }}) as code

)

select
    reports.report_id,
    {{ surrogate_key([
        'reports.run_id', 'reports.loaded_at', 'bulletins.is_latest', 'corrections.content',
        'whole.places', 'whole.units', 'whole.indicators', 'whole.code',
    ]) }} as version
from reports
cross join whole
left join {{ ref('int_bulletin_versions') }} as bulletins on reports.report_id = bulletins.report_id
left join corrections on reports.report_id = corrections.report_id
