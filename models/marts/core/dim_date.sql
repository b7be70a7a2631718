with {{ figures_with_corrections() }},

dates as (

    select published_on as date_day from {{ ref('int_reports') }}
    union all
    select period_starts_on as date_day from figures
    union all
    select period_ends_on as date_day from figures
    union all
    select as_of_on as date_day from figures

),

-- a slip such as 3202年 must not make a calendar of a thousand years: whole years that some report names
years as (

    select distinct cast(extract(year from date_day) as integer) as year_number
    from dates
    where date_day is not null

),

days as (

    select {{ days_of_year('year_number') }} as date_day
    from years

)

select
    date_day,
    cast(extract(year from date_day) as integer) as year_number,
    cast(extract(quarter from date_day) as integer) as quarter_number,
    cast(extract(month from date_day) as integer) as month_number,
    cast(extract(day from date_day) as integer) as day_of_month,
    {{ day_of_week('date_day') }} as day_of_week,
    cast(date_trunc('month', date_day) as date) as month_starts_on,
    cast(date_trunc('quarter', date_day) as date) as quarter_starts_on,
    cast(date_trunc('year', date_day) as date) as year_starts_on
from days
