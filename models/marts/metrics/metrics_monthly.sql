{{ config(materialized='view') }}

with audits as (

    select
        cast(date_trunc('month', published_on) as date) as month_starts_on,
        publisher_id,
        {{ metric_sum('1', 'report_count') }},
        {{ metric_sum('figure_count', 'figure_count') }},
        {{ metric_sum('check_count', 'check_count') }},
        {{ metric_sum('broken_count', 'broken_check_count') }},
        {{ metric_ratio('accounted_digit_count', 'digit_count', 'coverage') }},
        {{ metric_ratio('catalogued_count', 'figure_count', 'catalogued_share') }},
        {{ metric_ratio('broken_count', 'holds_count + broken_count', 'broken_check_share') }}
    from {{ ref('audit_reports') }}
    where published_on is not null
    group by cast(date_trunc('month', published_on) as date), publisher_id

),

resumptions as (

    select
        cast(date_trunc('month', published_on) as date) as month_starts_on,
        publisher_id,
        {{ metric_ratio(
            'case when total_count is not null then resumed_count end',
            'case when resumed_count is not null then total_count end',
            'resumption_rate',
        ) }},
        cast(avg(stated_rate_percent) as double) as stated_resumption_rate
    from {{ ref('resumption_rates') }}
    where published_on is not null
    group by cast(date_trunc('month', published_on) as date), publisher_id

),

epidemic as (

    select
        cast(date_trunc('month', day_on) as date) as month_starts_on,
        publisher_id,
        {{ metric_sum('confirmed_new_count', 'new_cases') }},
        {{ metric_sum('asymptomatic_new_count', 'new_asymptomatic_cases') }},
        {{ metric_sum('deaths_new_count', 'new_deaths') }}
    from {{ ref('series_epidemic') }}
    group by cast(date_trunc('month', day_on) as date), publisher_id

),

months as (

    select
        month_starts_on,
        publisher_id
    from audits
    union
    select
        month_starts_on,
        publisher_id
    from resumptions
    union
    select
        month_starts_on,
        publisher_id
    from epidemic

)

select
    months.month_starts_on,
    months.publisher_id,
    audits.report_count,
    audits.figure_count,
    audits.check_count,
    audits.broken_check_count,
    audits.coverage,
    audits.catalogued_share,
    audits.broken_check_share,
    resumptions.resumption_rate,
    resumptions.stated_resumption_rate,
    epidemic.new_cases,
    epidemic.new_asymptomatic_cases,
    epidemic.new_deaths
from months
left join audits
    on months.month_starts_on = audits.month_starts_on and months.publisher_id = audits.publisher_id
left join resumptions
    on months.month_starts_on = resumptions.month_starts_on and months.publisher_id = resumptions.publisher_id
left join epidemic
    on months.month_starts_on = epidemic.month_starts_on and months.publisher_id = epidemic.publisher_id
