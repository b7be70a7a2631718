{{ config(materialized='incremental', incremental_strategy='by_report', on_schema_change='fail') }}

with figures as (

    select * from {{ to_redo(ref('int_figures_reread')) }}

),

reports as (

    select * from {{ ref('int_reports') }}

)

select
    figures.figure_id,
    figures.report_id,
    reports.publisher_id,
    reports.published_on,
    figures.start_offset,
    figures.end_offset,
    figures.numeral_end_offset,
    figures.quote,
    figures.numeral_class,
    figures.is_figure,
    figures.value,
    figures.low,
    figures.high,
    figures.is_low_closed,
    figures.is_high_closed,
    figures.ulp,
    figures.unit,
    figures.unit_text,
    figures.base_value,
    figures.base_low,
    figures.base_high,
    figures.base_unit,
    figures.direction,
    figures.hedge,
    figures.modifiers,
    figures.indicator_text,
    figures.indicator,
    figures.entity,
    figures.period_starts_on,
    figures.period_ends_on,
    figures.as_of_on,
    figures.rule,
    figures.correction_id is not null as is_reread
from figures
inner join reports on figures.report_id = reports.report_id
order by reports.published_on, figures.report_id, figures.start_offset
