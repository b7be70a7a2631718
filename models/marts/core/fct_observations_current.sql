{{ config(materialized='incremental', incremental_strategy='by_thing', on_schema_change='fail') }}

with history as (

    select * from {{ things_to_redo(ref('fct_observations_history')) }}

)

select
    thing_id,
    observation_id,
    report_id,
    publisher_id,
    published_from as published_on,
    indicator,
    subject,
    place_code,
    entity,
    modifiers,
    period_starts_on,
    period_ends_on,
    as_of_on,
    valid_from,
    valid_to,
    value,
    low,
    high,
    is_low_closed,
    is_high_closed,
    base_unit,
    is_corrected,
    quote
from history
where is_current
order by indicator, place_code, valid_from, thing_id
