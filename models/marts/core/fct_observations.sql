{{ config(materialized='incremental', incremental_strategy='by_report', on_schema_change='fail') }}

select
    observation_id,
    report_id,
    publisher_id,
    published_on,
    indicator,
    subject,
    place_code,
    entity,
    modifiers,
    period_starts_on,
    period_ends_on,
    as_of_on,
    value,
    low,
    high,
    is_low_closed,
    is_high_closed,
    base_unit,
    printed_value,
    printed_unit,
    quote,
    figure_count,
    has_disagreement,
    correction_id is not null as is_corrected
from {{ to_redo(ref('int_observations')) }}
order by indicator, place_code, period_ends_on, published_on, observation_id
