{{ config(materialized='incremental', incremental_strategy='by_thing', on_schema_change='fail') }}

with observations as (

    select * from {{ things_to_redo(ref('int_observations')) }}

),

valid as (

    select
        observations.*,
        coalesce(period_starts_on, as_of_on, period_ends_on) as valid_from,
        {{ next_day('coalesce(period_ends_on, as_of_on, period_starts_on)') }} as valid_to
    from observations

),

-- what has no date of publication was there before all that has; on one day the later arrival speaks
placed as (

    select
        valid.*,
        row_number() over (
            partition by thing_id order by published_on nulls first, first_loaded_at, report_id
        ) as statement_number,
        lead(published_on) over (
            partition by thing_id order by published_on nulls first, first_loaded_at, report_id
        ) as published_to,
        lead(report_id) over (
            partition by thing_id order by published_on nulls first, first_loaded_at, report_id
        ) as superseded_by_report_id,
        lag(value) over (
            partition by thing_id order by published_on nulls first, first_loaded_at, report_id
        ) as previous_value,
        lag(low) over (
            partition by thing_id order by published_on nulls first, first_loaded_at, report_id
        ) as previous_low,
        lag(high) over (
            partition by thing_id order by published_on nulls first, first_loaded_at, report_id
        ) as previous_high
    from valid

)

select
    observation_id,
    thing_id,
    report_id,
    publisher_id,
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
    published_on as published_from,
    published_to,
    superseded_by_report_id is null as is_current,
    superseded_by_report_id,
    statement_number,
    value,
    low,
    high,
    is_low_closed,
    is_high_closed,
    base_unit,
    previous_value,
    -- another number that can mean the same, 8000多名 after 8123名, revises nothing
    coalesce(low > previous_high or high < previous_low, false) as is_revision,
    correction_id is not null as is_corrected,
    quote
from placed
order by indicator, place_code, valid_from, thing_id, statement_number
