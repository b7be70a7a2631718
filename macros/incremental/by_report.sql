{#-
Models that grow are kept by report: a run redoes the reports that changed since the model last saw them, and those
only (`config(materialized='incremental', incremental_strategy='by_report')`). What joins several reports of a
publisher (`by_series`, `by_publisher`) redoes all reports that may be joined with a changed one.
-#}

{#- What is to be read of `relation` in this run; put it behind `from`. -#}
{% macro to_redo(relation) -%}
    {%- if not execute -%}
        {#- parsing: dbt is told of the dependence -#}
        {%- do ref('int_report_versions') -%}
    {%- endif -%}
    {{ relation }}
    {%- if redoes_some() %}
    where {{ is_stale(model.name, unit_of(model)) }}
    {%- endif -%}
{%- endmacro %}

{#- The strategy: all rows of what is to be redone go, then what the model made of it comes. -#}
{% macro replace_stale(arguments, unit) -%}
    delete from {{ arguments['target_relation'] }} where {{ is_stale(model.name, unit) }};
    insert into {{ arguments['target_relation'] }} by name select * from {{ arguments['temp_relation'] }};
{%- endmacro %}

{% macro get_incremental_by_report_sql(arguments) -%}
    {{ replace_stale(arguments, 'report') }}
{%- endmacro %}

{% macro get_incremental_by_series_sql(arguments) -%}
    {{ replace_stale(arguments, 'series') }}
{%- endmacro %}

{% macro get_incremental_by_publisher_sql(arguments) -%}
    {{ replace_stale(arguments, 'publisher') }}
{%- endmacro %}
