{{ config(post_hook='{{ note_changes() }}') }}

with reports as (

    select
        reports.*,
        bulletins.bulletin_id
    from {{ ref('int_reports') }} as reports
    inner join {{ ref('int_bulletin_versions') }} as bulletins on reports.report_id = bulletins.report_id

),

corrections as (

    select
        {{ report_of_figure('figure_id') }} as report_id,
        {{ content_of_rows([
            'correction_id', 'figure_id', 'kind', 'column_name', 'expected_value', 'corrected_value', 'status'
        ]) }} as content
    from {{ ref('stg_review__corrections') }}
    group by {{ report_of_figure('figure_id') }}

),

acknowledgements as (

    select
        report_id,
        {{ content_of_rows(['finding_id', 'expected_figures', 'reason', 'person', 'acknowledged_on']) }} as content
    from {{ ref('stg_review__acknowledgements') }}
    group by report_id

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
        (
            select {{ content_of_rows(['kind', 'result_indicator', 'operand_indicators']) }}
            from {{ ref('stg_gongbao__identities') }}
        ) as identities,
        (select max(code_hash) from {{ ref('stg_gongbao__code') }}) as code,
        -- a finding outlives the report it was acknowledged in
        (
            select {{ content_of_rows(['acknowledgements.report_id', 'content']) }}
            from acknowledgements
            left join reports on acknowledgements.report_id = reports.report_id
            where reports.report_id is null
        ) as acknowledged_elsewhere

),

versions as (

    select
        reports.report_id,
        reports.publisher_id,
        -- relations between reports join the dated ones of a publisher; others stand with the versions of their page
        case
            when reports.publisher is not null and reports.published_on is not null then reports.publisher_id
            else reports.bulletin_id
        end as series_id,
        {{ surrogate_key([
            'reports.run_id', 'reports.loaded_at', 'reports.is_superseded', 'corrections.content',
            'whole.places', 'whole.units', 'whole.indicators', 'whole.identities', 'whole.code',
        ]) }} as version,
        {{ surrogate_key(['acknowledgements.content', 'whole.acknowledged_elsewhere']) }} as acknowledged
    from reports
    cross join whole
    left join corrections on reports.report_id = corrections.report_id
    left join acknowledgements on reports.report_id = acknowledgements.report_id

),

series as (

    select
        series_id,
        {{ hash_of_rows('version || acknowledged') }} as series_version
    from versions
    group by series_id

)

select
    versions.report_id,
    versions.publisher_id,
    versions.version,
    series.series_version
from versions
inner join series on versions.series_id = series.series_id
