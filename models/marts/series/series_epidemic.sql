{{ config(materialized='incremental', incremental_strategy='by_publisher', on_schema_change='fail') }}

with observations as (

    select * from {{ to_redo(ref('fct_observations_current')) }}

),

-- a day's new cases and the stock at its end belong to the last day they are about
ranked as (

    select
        observations.*,
        coalesce(period_ends_on, as_of_on, period_starts_on) as day_on,
        row_number() over (
            partition by publisher_id, place_code, indicator, coalesce(period_ends_on, as_of_on, period_starts_on)
            order by published_on desc, valid_from desc, modifiers nulls first, observation_id
        ) as recency_rank
    from observations
    where subject = 'epidemic' and entity is null and valid_from is not null

),

wide as (

    select
        publisher_id,
        place_code,
        day_on,
        {{ one_column_an_indicator(epidemic_series()) }}
    from ranked
    where recency_rank = 1
    group by publisher_id, place_code, day_on

),

-- only the day before itself can be added to: a gap of two days recomputes nothing
with_day_before as (

    select
        today.*,
        day_before.confirmed_cumulative_count + today.confirmed_new_count as confirmed_cumulative_recomputed_count,
        day_before.deaths_cumulative_count + today.deaths_new_count as deaths_cumulative_recomputed_count,
        day_before.discharged_cumulative_count + today.discharged_new_count as discharged_cumulative_recomputed_count
    from wide as today
    left join wide as day_before
        on
            today.publisher_id = day_before.publisher_id
            and coalesce(today.place_code, '') = coalesce(day_before.place_code, '')
            and today.day_on = {{ next_day('day_before.day_on') }}

)

select
    {{ surrogate_key(['publisher_id', 'place_code', 'day_on']) }} as row_id,
    publisher_id,
    place_code,
    day_on,
    {{ epidemic_series() | join(', ') }},
    confirmed_cumulative_recomputed_count,
    deaths_cumulative_recomputed_count,
    discharged_cumulative_recomputed_count,
    confirmed_cumulative_count - confirmed_cumulative_recomputed_count as confirmed_cumulative_difference_count
from with_day_before
order by place_code, day_on, publisher_id
