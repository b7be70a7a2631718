with observations as (

    select * from {{ to_redo(ref('fct_observations')) }}

),

-- resumption.<group>_total, _resumed and _rate belong together
grouped as (

    select
        observations.*,
        regexp_extract(indicator, '^resumption[.](.*)_(total|resumed|rate)$', 1) as enterprise_group,
        regexp_extract(indicator, '^resumption[.](.*)_(total|resumed|rate)$', 2) as measure
    from observations
    where subject = 'resumption'

),

ranked as (

    select
        grouped.*,
        row_number() over (
            partition by report_id, place_code, enterprise_group, measure
            order by coalesce(period_ends_on, as_of_on) desc nulls last, modifiers nulls first, observation_id
        ) as recency_rank
    from grouped
    where measure != ''

),

latest as (

    select * from ranked
    where recency_rank = 1

),

wide as (

    select
        report_id,
        publisher_id,
        published_on,
        place_code,
        enterprise_group,
        max(coalesce(period_ends_on, as_of_on)) as as_of_on,
        max(case when measure = 'total' then value end) as total_count,
        max(case when measure = 'resumed' then value end) as resumed_count,
        max(case when measure = 'rate' then value end) as stated_rate_percent,
        max(case when measure = 'rate' then low end) as stated_low_percent,
        max(case when measure = 'rate' then high end) as stated_high_percent
    from latest
    group by report_id, publisher_id, published_on, place_code, enterprise_group

),

recomputed as (

    select
        wide.*,
        {{ rate_percent('resumed_count', 'total_count') }} as recomputed_rate_percent
    from wide

)

select
    {{ surrogate_key(['report_id', 'place_code', 'enterprise_group']) }} as row_id,
    report_id,
    publisher_id,
    published_on,
    place_code,
    enterprise_group,
    as_of_on,
    total_count,
    resumed_count,
    stated_rate_percent,
    stated_low_percent,
    stated_high_percent,
    recomputed_rate_percent,
    stated_rate_percent - recomputed_rate_percent as difference_points,
    recomputed_rate_percent between stated_low_percent and stated_high_percent as does_agree
from recomputed
order by published_on, report_id, place_code, enterprise_group
