{#-
The observations of a subject, wide: one row a report, place and entity, one column an indicator
(`columns`: name to indicator). Of several periods in one report the latest speaks.
-#}
{% macro subject_mart(subject, columns) %}
with observations as (

    select *
    from {{ ref('fct_observations') }}
    where subject = '{{ subject }}'

),

latest as (

    select *
    from observations
    qualify row_number() over (
        partition by report_id, place_code, entity, indicator
        order by coalesce(period_ends_on, as_of_on) desc nulls last, modifiers nulls first, observation_id
    ) = 1

)

select
    {{ surrogate_key(['report_id', 'place_code', 'entity']) }} as row_id,
    report_id,
    publisher_id,
    published_on,
    place_code,
    entity
    {%- for column, indicator in columns.items() %},
    max(value) filter (where indicator = '{{ indicator }}') as {{ column }}
    {%- endfor %}
from latest
group by report_id, publisher_id, published_on, place_code, entity
order by published_on, report_id, place_code, entity
{% endmacro %}
