{{ config(materialized='incremental', incremental_strategy='by_report', on_schema_change='fail') }}

with {{ figures_with_corrections() }},

reports as (

    select * from {{ ref('int_reports') }}

),

indicators as (

    select * from {{ ref('stg_vocabulary__indicators') }}

),

place_names as (

    select * from {{ ref('int_place_names') }}

),

resolved as (

    select
        figures.figure_id as observation_id,
        figures.report_id,
        reports.publisher_id,
        reports.published_on,
        reports.first_loaded_at,
        figures.indicator,
        indicators.subject,
        coalesce(place_names.place_code, reports.place_code) as place_code,
        -- who or what within the place; a place's own name is in its code, and a report's own place needs none
        case
            when place_names.place_code is null and figures.entity != coalesce(reports.place, '') then figures.entity
        end as entity,
        figures.modifiers,
        figures.period_starts_on,
        figures.period_ends_on,
        figures.as_of_on,
        figures.base_unit,
        figures.value as printed_value,
        figures.unit as printed_unit,
        figures.quote,
        figures.start_offset,
        figures.correction_id,
        coalesce(figures.direction, '') = 'down' and figures.value > 0 as is_decline,
        -- a number without a unit (a ratio) is its own base
        coalesce(figures.base_value, case when figures.unit is null then figures.value end) as base_value,
        coalesce(figures.base_low, case when figures.unit is null then figures.low end) as base_low,
        coalesce(figures.base_high, case when figures.unit is null then figures.high end) as base_high,
        figures.is_low_closed as is_base_low_closed,
        figures.is_high_closed as is_base_high_closed
    from figures
    inner join reports on figures.report_id = reports.report_id
    inner join indicators on figures.indicator = indicators.indicator
    left join place_names on figures.entity = place_names.place_name
    where
        figures.is_figure
        -- a number too large for its base unit keeps its row among the figures, with its quote
        and coalesce(figures.base_value, case when figures.unit is null then figures.value end) is not null
        -- observations and series are of the newest version of a report
        and reports.is_superseded is not true
        -- the second copy of a text printed twice says nothing more
        and ';' || coalesce(figures.modifiers, '') || ';' not like '%;repeated;%'

),

-- a decline told in words is printed without a sign
signed as (

    select
        resolved.*,
        -- reports that give no day speak of one thing only where they came on one day
        {{ surrogate_key([
            'publisher_id', 'indicator', 'place_code', 'entity', 'modifiers',
            'period_starts_on', 'period_ends_on', 'as_of_on', 'base_unit',
            'case when coalesce(period_starts_on, period_ends_on, as_of_on) is null'
            ~ ' then coalesce(cast(published_on as string), report_id) end',
        ]) }} as thing_id,
        case when is_decline then -base_value else base_value end as value,
        case when is_decline then -base_high else base_low end as low,
        case when is_decline then -base_low else base_high end as high,
        case when is_decline then is_base_high_closed else is_base_low_closed end as is_low_closed,
        case when is_decline then is_base_low_closed else is_base_high_closed end as is_high_closed
    from resolved

),

ranked as (

    select
        signed.*,
        count(*) over (partition by report_id, thing_id) as figure_count,
        coalesce(
            max(low) over (partition by report_id, thing_id) > min(high) over (partition by report_id, thing_id), false
        ) as has_disagreement,
        row_number() over (
            partition by report_id, thing_id
            order by base_high - base_low nulls last, start_offset
        ) as precision_rank
    from signed

)

-- of several figures for one thing the most precise speaks, the first of equals
select * from ranked
where precision_rank = 1
