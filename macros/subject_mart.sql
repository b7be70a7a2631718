{#-
The observations of a subject, wide: one row a report, place and entity, one column an indicator
(`columns`: name to indicator). Of several periods in one report the latest speaks.
-#}
{% macro subject_mart(subject, columns) %}
with observations as (

    select * from {{ to_redo(ref('fct_observations')) }}

),

ranked as (

    select
        observations.*,
        row_number() over (
            partition by report_id, place_code, entity, indicator
            order by coalesce(period_ends_on, as_of_on) desc nulls last, modifiers nulls first, observation_id
        ) as recency_rank
    from observations
    where subject = '{{ subject }}'

),

latest as (

    select * from ranked
    where recency_rank = 1

)

select
    {{ surrogate_key(['report_id', 'place_code', 'entity']) }} as row_id,
    report_id,
    publisher_id,
    published_on,
    place_code,
    entity,
    {{ one_column_an_indicator(columns) }}
from latest
group by report_id, publisher_id, published_on, place_code, entity
order by published_on, report_id, place_code, entity
{% endmacro %}

{#- The value of each indicator of `columns` (name to indicator), a column each; the rows are grouped around it. -#}
{% macro one_column_an_indicator(columns) -%}
    {%- for column, indicator in columns.items() %}
    max(case when indicator = '{{ indicator }}' then value end) as {{ column }}{{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}
