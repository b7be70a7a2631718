{#-
The generic tests of all models as one query, for the build of a few reports (docs/decisions/0015):
dbt spends several times more on the node of a test than DuckDB on its query. They are the tests that the models
declare, over the same rows, after the last model and before anything is published; each that finds something is named
with how much it found and one row of it, which says the column and the value.
-#}
{% macro test_together() -%}
    {%- if execute and only_reports_changed() and not results | selectattr('status', 'in', ['error', 'skipped']) | list %}
    create or replace temporary table tests as
    with found as (
        {%- for node in graph.nodes.values() if is_asked_together(node) %}
        {{ 'union all' if not loop.first }}
        select '{{ node.name }}' as test, count(*) as row_count, min(cast(found as string)) as example
        from ({{ query_of_test(node) }}) as found
        {%- endfor %}
    )

    select
        case
            when count(*) > 0
                then error(string_agg(test || ': ' || row_count || ' rows, one of them ' || example, '; ' order by test))
        end as verdict
    from found
    where row_count > 0
    {%- endif %}
{%- endmacro %}

{#- A generic test, but for those of seeds, which stand. -#}
{% macro is_asked_together(node) -%}
    {%- do return(
        node.resource_type == 'test' and node.test_metadata and graph.nodes[node.attached_node].resource_type != 'seed'
    ) -%}
{%- endmacro %}

{#- What a generic test would ask as a node of its own. One with a configuration of its own cannot be asked together. -#}
{% macro query_of_test(node) -%}
    {%- set told = node.config -%}
    {%- if told.severity | lower != 'error' or told.where or told.limit or told.fail_calc != 'count(*)' or told.error_if != '!= 0' -%}
        {%- do exceptions.raise_compiler_error(node.name ~ ' has a configuration that test_together does not know') -%}
    {%- endif -%}
    {%- set arguments = {} -%}
    {%- for name, value in node.test_metadata.kwargs.items() -%}
        {%- do arguments.update({name: with_relations(value) if name == 'keys' else value}) -%}
    {%- endfor -%}
    {%- set tested = graph.nodes[node.attached_node] -%}
    {%- do arguments.update({'model': rows_to_test(relation_of(tested), tested)}) -%}
    {{ context['test_' ~ node.test_metadata.name](**arguments) }}
{%- endmacro %}

{#- Foreign keys, with the relation that each refers to for its `ref('name')`. -#}
{% macro with_relations(keys) -%}
    {%- set known = [] -%}
    {%- for key in keys -%}
        {%- set named = modules.re.fullmatch("ref\\('(\\w+)'\\)", key.to).group(1) -%}
        {%- do known.append({'column': key.column, 'to': relation_of(graph.nodes['model.gongbao.' ~ named]), 'field': key.field}) -%}
    {%- endfor -%}
    {%- do return(known) -%}
{%- endmacro %}

{% macro relation_of(node) -%}
    {%- do return(api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias)) -%}
{%- endmacro %}
