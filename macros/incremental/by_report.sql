{#-
Models that grow are kept by report: a run redoes the reports whose version is another than when the model last had
them, and those only (`config(materialized='incremental', incremental_strategy='by_report')`).

`int_report_versions` says the version of each report, `state.report_versions` the version each model has it in. The
state is written in the transaction that writes the model, so that a killed run leaves both or neither.
-#}

{#- The reports a model must do again: new ones, changed ones, and those that are gone. -#}
{% macro stale_reports(model_name) -%}
    (
        select report_id
        from (
            select
                report_id,
                version
            from {{ report_versions() }}
            union all
            select
                report_id,
                version
            from {{ report_state() }}
            where model_name = '{{ model_name }}'
        ) as either_side
        group by
            report_id,
            version
        having count(*) = 1
    )
{%- endmacro %}

{#- What is to be read of `relation` in this run; put it behind `from`. -#}
{% macro to_redo(relation) -%}
    {%- if not execute -%}
        {#- parsing: dbt is told of the dependence -#}
        {%- do ref('int_report_versions') -%}
    {%- endif -%}
    {{ relation }}
    {%- if redoes_some() %}
    where report_id in {{ stale_reports(model.name) }}
    {%- endif -%}
{%- endmacro %}

{#- Whether this run redoes some of the reports only. A unit test has no table of its own (`this`) and makes all. -#}
{% macro redoes_some() %}
    {% do return(execute and target.type == 'duckdb' and this is not none and is_incremental()) %}
{% endmacro %}

{#- By name: what redoes reports has told dbt of the dependence while parsing (`to_redo`). -#}
{% macro report_versions() -%}
    {{ api.Relation.create(database=target.database, schema='intermediate', identifier='int_report_versions') }}
{%- endmacro %}

{% macro report_state() -%}
    {{ api.Relation.create(database=target.database, schema='state', identifier='report_versions') }}
{%- endmacro %}

{#- Before anything runs: the table of states. -#}
{% macro make_report_state() -%}
    {%- if execute and target.type == 'duckdb' %}
    create schema if not exists state;
    create table if not exists {{ report_state() }} (model_name string, report_id string, version string);
    {%- endif %}
{%- endmacro %}

{#- After a model: it has these reports in these versions now. -#}
{% macro keep_report_state() -%}
    {%- if execute and target.type == 'duckdb' and model.config.get('incremental_strategy') in ['by_report', 'by_thing'] %}
    {{ replace_report_state(model.name) }}
    {%- endif %}
{%- endmacro %}

{% macro replace_report_state(model_name) -%}
    delete from {{ report_state() }}
    where
        model_name = '{{ model_name }}'
        and not exists (
            select 1 from {{ report_versions() }} as versions
            where
                versions.report_id = {{ report_state() }}.report_id
                and versions.version = {{ report_state() }}.version
        );
    insert into {{ report_state() }}
    select
        '{{ model_name }}' as model_name,
        report_id,
        version
    from {{ report_versions() }}
    where (report_id, version) not in (
        select
            report_id,
            version
        from {{ report_state() }}
        where model_name = '{{ model_name }}'
    );
{%- endmacro %}

{#- The strategy: all rows of the reports to redo go, then what the model made of them comes. -#}
{% macro get_incremental_by_report_sql(arguments) -%}
    {%- set columns = arguments['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    delete from {{ arguments['target_relation'] }} where report_id in {{ stale_reports(model.name) }};
    insert into {{ arguments['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arguments['temp_relation'] }};
{%- endmacro %}

{#- Once most reports are to be redone (a changed vocabulary, changed code), building anew is quicker and says the same. -#}
{% macro should_full_refresh() %}
    {%- set wanted = config.get('full_refresh') -%}
    {%- set wanted = flags.FULL_REFRESH if wanted is none else wanted -%}
    {%- if not wanted and execute and target.type == 'duckdb' and model.config.get('incremental_strategy') in ['by_report', 'by_thing'] -%}
        {%- set counts = run_query(
            "select (select count(*) from " ~ report_versions() ~ "), (select count(*) from "
            ~ stale_reports(model.name) ~ " as stale)"
        ).rows[0] -%}
        {%- set wanted = counts[1] * 2 > counts[0] -%}
    {%- endif -%}
    {% do return(wanted) %}
{% endmacro %}
