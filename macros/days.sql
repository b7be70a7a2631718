{#- The day after a day. -#}
{% macro next_day(day) -%}
    {{ return(adapter.dispatch('next_day', 'gongbao')(day)) }}
{%- endmacro %}

{% macro default__next_day(day) -%}
    date_add({{ day }}, 1)
{%- endmacro %}

{% macro duckdb__next_day(day) -%}
    {{ day }} + 1
{%- endmacro %}

{#- The same day a year before. -#}
{% macro year_before(day) -%}
    {{ return(adapter.dispatch('year_before', 'gongbao')(day)) }}
{%- endmacro %}

{% macro default__year_before(day) -%}
    add_months({{ day }}, -12)
{%- endmacro %}

{% macro duckdb__year_before(day) -%}
    cast({{ day }} - interval 1 year as date)
{%- endmacro %}
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

{#- The day of the week: 1 is Monday, 7 Sunday. -#}
{% macro day_of_week(day) -%}
    {{ return(adapter.dispatch('day_of_week', 'gongbao')(day)) }}
{%- endmacro %}

{% macro default__day_of_week(day) -%}
    weekday({{ day }}) + 1
{%- endmacro %}

{% macro duckdb__day_of_week(day) -%}
    cast(extract(isodow from {{ day }}) as integer)
{%- endmacro %}
