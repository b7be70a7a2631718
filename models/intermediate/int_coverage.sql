{{ config(materialized='incremental', incremental_strategy='by_report', on_schema_change='fail') }}

with texts as (

    select * from {{ to_redo(ref('stg_gongbao__texts')) }}

),

figures as (

    select * from {{ to_redo(ref('stg_gongbao__figures')) }}

),

in_texts as (

    select
        report_id,
        {{ count_digits('report_text') }} as digit_count
    from texts

),

in_figures as (

    select
        report_id,
        sum({{ count_digits('quote') }}) as digit_count,
        count(*) as numeral_count,
        count(case when is_figure then 1 end) as figure_count,
        count(case when is_figure and indicator_text is not null then 1 end) as described_count,
        count(case when is_figure and indicator is not null then 1 end) as catalogued_count
    from figures
    group by report_id

)

select
    in_texts.report_id,
    in_texts.digit_count,
    cast(coalesce(in_figures.digit_count, 0) as bigint) as accounted_digit_count,
    coalesce(in_figures.numeral_count, 0) as numeral_count,
    coalesce(in_figures.figure_count, 0) as figure_count,
    coalesce(in_figures.described_count, 0) as described_count,
    coalesce(in_figures.catalogued_count, 0) as catalogued_count
from in_texts
left join in_figures on in_texts.report_id = in_figures.report_id
