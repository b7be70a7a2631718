{#- One row a day of a year, given as a whole number. -#}
{% macro days_of_year(year) -%}
    {{ return(adapter.dispatch('days_of_year', 'gongbao')(year)) }}
{%- endmacro %}

{% macro default__days_of_year(year) -%}
    explode(sequence(make_date({{ year }}, 1, 1), make_date({{ year }}, 12, 31)))
{%- endmacro %}

{% macro duckdb__days_of_year(year) -%}
    cast(
        unnest(generate_series(make_date({{ year }}, 1, 1), make_date({{ year }}, 12, 31), interval 1 day)) as date
    )
{%- endmacro %}
