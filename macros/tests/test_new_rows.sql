{#-
Generic tests of a model that is kept by report look at the reports no build has passed with yet; the others are as
they were when their tests passed. A full refresh, changed code or a changed vocabulary looks at all of them.
Keys hold their report_id, so that a row of one report can never be the double of another's.
-#}
{% macro get_where_subquery(relation) -%}
    {%- set tested = graph.nodes.get(model.attached_node) if execute else none -%}
    {%- set where = [config.get('where')] if config.get('where') else [] -%}
    {%- if
        tested and target.type == 'duckdb' and relation.identifier == tested.name and not flags.FULL_REFRESH
        and tested.config.get('incremental_strategy') in ['by_report', 'by_thing'] and 'report_id' in tested.columns
    -%}
        {%- do where.append('report_id in ' ~ stale_reports('every test passed')) -%}
    {%- endif -%}
    {%- if where -%}
        {%- do return('(select * from ' ~ relation ~ ' where ' ~ where | join(' and ') ~ ') dbt_subquery') -%}
    {%- endif -%}
    {%- do return(relation) -%}
{%- endmacro %}

{#- What is to be looked at of `relation`, which has a report_id, by a test of our own; put it behind `from`. -#}
{% macro untested(relation) -%}
    {%- if not execute -%}
        {%- do ref('int_report_versions') -%}
    {%- endif -%}
    {%- if not execute or flags.FULL_REFRESH or target.type != 'duckdb' -%}
        {{ relation }}
    {%- else -%}
        (select * from {{ relation }} where report_id in {{ stale_reports('every test passed') }})
    {%- endif -%}
{%- endmacro %}
