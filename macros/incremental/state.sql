{#-
What a run must redo. `int_report_versions` says the version of each report as it is now; when it is built, the tables
of the schema `state` note what changed since the run before and number the change. A model keeps the number up to
which it has seen changes (`state.models`), written in the transaction that writes the model, so that a killed run
leaves both or neither. What is stale for it is what changed after that: a look at two small tables, however many
models and figures there are.

- `report`: loaded again, corrected, superseded or gone; all of them with another vocabulary or other code
- `series`: any report that relations may join with it changed, or what a person says of one
- `publisher`: any of its reports changed
-#}

{% macro state_table(name) -%}
    {{ api.Relation.create(database=target.database, schema='state', identifier=name) }}
{%- endmacro %}

{#- By name: what redoes reports has told dbt of the dependence while parsing (`to_redo`). -#}
{% macro report_versions() -%}
    {{ api.Relation.create(database=target.database, schema='intermediate', identifier='int_report_versions') }}
{%- endmacro %}

{#- Before anything runs: the tables. -#}
{% macro make_state() -%}
    {%- if execute and target.type == 'duckdb' %}
    create schema if not exists state;
    create table if not exists {{ state_table('reports') }}
    (report_id string, version string, series_version string, changed_in bigint, series_changed_in bigint);
    create table if not exists {{ state_table('publishers') }} (publisher_id string, version string, changed_in bigint);
    create table if not exists {{ state_table('models') }} (model_name string, seen_until bigint);
    {%- endif %}
{%- endmacro %}

{#- With `int_report_versions`: what differs from the run before is a change with the next number; what is gone, too. -#}
{% macro note_changes() -%}
    {%- if execute and target.type == 'duckdb' %}
    merge into {{ state_table('reports') }} as known
    using (
        select
            coalesce(now.report_id, before.report_id) as report_id,
            now.version,
            now.series_version,
            case when now.version is not distinct from before.version then before.changed_in else {{ next_change() }} end
                as changed_in,
            {{ next_change() }} as series_changed_in
        from {{ this }} as now
        full outer join {{ state_table('reports') }} as before on now.report_id = before.report_id
        where now.series_version is distinct from before.series_version
    ) as changed
    on known.report_id = changed.report_id
    when matched then update set
        version = changed.version,
        series_version = changed.series_version,
        changed_in = changed.changed_in,
        series_changed_in = changed.series_changed_in
    when not matched then insert values (
        changed.report_id, changed.version, changed.series_version, changed.changed_in, changed.series_changed_in
    );
    merge into {{ state_table('publishers') }} as known
    using (
        select
            coalesce(now.publisher_id, before.publisher_id) as publisher_id,
            now.version,
            {{ last_change() }} as changed_in
        from (
            select
                publisher_id,
                {{ hash_of_rows('version') }} as version
            from {{ this }}
            group by publisher_id
        ) as now
        full outer join {{ state_table('publishers') }} as before on now.publisher_id = before.publisher_id
        where now.version is distinct from before.version
    ) as changed
    on known.publisher_id = changed.publisher_id
    when matched then update set version = changed.version, changed_in = changed.changed_in
    when not matched then insert values (changed.publisher_id, changed.version, changed.changed_in);
    {%- endif %}
{%- endmacro %}

{% macro last_change() -%}
    (select coalesce(max(series_changed_in), 0) from {{ state_table('reports') }})
{%- endmacro %}

{% macro next_change() -%}
    ({{ last_change() }} + 1)
{%- endmacro %}

{#- Up to which change a model, or a whole run of tests, has seen everything. -#}
{% macro seen_until(model_name) -%}
    coalesce((select max(seen_until) from {{ state_table('models') }} where model_name = '{{ model_name }}'), 0)
{%- endmacro %}

{#- The reports a model must do again: new ones, changed ones, and those that are gone. -#}
{% macro stale_reports(model_name, unit='report') -%}
    (
        select report_id from {{ state_table('reports') }}
        where {{ 'series_changed_in' if unit == 'series' else 'changed_in' }} > {{ seen_until(model_name) }}
    )
{%- endmacro %}

{#- Likewise the publishers. -#}
{% macro stale_publishers(model_name) -%}
    (
        select publisher_id from {{ state_table('publishers') }}
        where changed_in > {{ seen_until(model_name) }}
    )
{%- endmacro %}

{#- What is stale for a model, as a condition on the rows of a relation that has the column. -#}
{% macro is_stale(model_name, unit) -%}
    {%- if unit == 'publisher' -%}
    publisher_id in {{ stale_publishers(model_name) }}
    {%- else -%}
    report_id in {{ stale_reports(model_name, unit) }}
    {%- endif -%}
{%- endmacro %}

{#- With the rows of a model, in the same statement: it has seen all changes. Nothing where it keeps no rows by report. -#}
{% macro keep_state() -%}
    {%- if unit_of(model) %}
    delete from {{ state_table('models') }} where model_name = '{{ model.name }}';
    insert into {{ state_table('models') }} values ('{{ model.name }}', {{ last_change() }});
    {%- endif %}
{%- endmacro %}

{#- What a model redoes: `report`, `series` or `publisher`; nothing where it is made anew. -#}
{% macro unit_of(node) -%}
    {%- set units = {'by_report': 'report', 'by_series': 'series', 'by_publisher': 'publisher', 'by_thing': 'report', 'by_finding': 'series'} -%}
    {%- do return(units.get(node.config.get('incremental_strategy'))) -%}
{%- endmacro %}

{#- Whether this run redoes some of the reports only. A unit test has no table of its own (`this`) and makes all. -#}
{% macro redoes_some() %}
    {% do return(execute and target.type == 'duckdb' and this is not none and is_incremental()) %}
{% endmacro %}

{#- Once most reports changed (another vocabulary, other code), building anew is quicker and says the same. -#}
{% macro should_full_refresh() %}
    {%- set wanted = config.get('full_refresh') -%}
    {%- set wanted = flags.FULL_REFRESH if wanted is none else wanted -%}
    {%- if not wanted and execute and target.type == 'duckdb' and unit_of(model) -%}
        {%- set wanted = model.name not in models_to_keep() -%}
    {%- endif -%}
    {% do return(wanted) %}
{% endmacro %}

{#-
The models that have seen at least half of the reports as they are. Asked once in a build, by the first model that needs
`int_report_versions`, and kept where every node sees it, under the build's id: dbt asks whether to refresh several
times a model, and a process may build more than once from what it has parsed.
-#}
{% macro models_to_keep() -%}
    {%- set asked = 'models to keep in ' ~ invocation_id -%}
    {%- if asked not in graph -%}
        {%- set kept = run_query(
            "select model_name from " ~ state_table('models') ~ " as models where 2 * (select count(*) from "
            ~ state_table('reports') ~ " as reports where reports.changed_in > models.seen_until) <= (select count(*) from "
            ~ state_table('reports') ~ ")"
        ) -%}
        {%- do graph.update({asked: kept.columns[0].values() | list}) -%}
    {%- endif -%}
    {%- do return(graph[asked]) -%}
{%- endmacro %}
