{#-
Generic tests of a model that is kept by report, or of a staging view that says so (`meta.tested_by`), look at what no
build has passed with yet; the rest is as it was when its tests passed. A full refresh, changed code or a changed vocabulary looks at all of it.
Keys hold their report_id, so that a row of one report can never be the double of another's.
-#}
{% macro get_where_subquery(relation) -%}
    {%- set tested = graph.nodes.get(model.attached_node) if execute else none -%}
    {%- do return(rows_to_test(relation, tested, config.get('where'))) -%}
{%- endmacro %}

{% macro rows_to_test(relation, tested, condition=none) -%}
    {%- set where = [condition] if condition else [] -%}
    {%- if tested and target.type == 'duckdb' and relation.identifier == tested.name and not flags.FULL_REFRESH -%}
        {%- set unit = unit_of(tested) or tested.config.get('meta', {}).get('tested_by') -%}
        {%- if unit and ('publisher_id' if unit == 'publisher' else 'report_id') in tested.columns -%}
            {%- do where.append(is_stale('every test passed', unit)) -%}
        {%- endif -%}
    {%- endif -%}
    {%- if where -%}
        {%- do return('(select * from ' ~ relation ~ ' where ' ~ where | join(' and ') ~ ') dbt_subquery') -%}
    {%- endif -%}
    {%- do return(relation) -%}
{%- endmacro %}

{#- What is to be looked at of `relation`, which has a report_id, by a test of our own; put it behind `from`. -#}
{% macro untested(relation, unit='report') -%}
    {%- if not execute -%}
        {%- do ref('int_report_versions') -%}
    {%- endif -%}
    {%- if not execute or flags.FULL_REFRESH or target.type != 'duckdb' -%}
        {{ relation }}
    {%- else -%}
        (select * from {{ relation }} where {{ is_stale('every test passed', unit) }})
    {%- endif -%}
{%- endmacro %}
