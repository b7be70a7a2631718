{#-
How tables are made and kept: what is new is made beside the table, then takes its place, or that of its rows, in one
transaction. dbt-duckdb's own materializations do the same with a dozen questions to the database and a loop of Jinja
over all pairs of columns, which for one small report is a good part of what dbt costs (docs/decisions/0015), and leave
behind what a Python model made. What differs from the contract or from the table that is kept, dbt says in its own words.
-#}
{% materialization incremental, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set kept = this.incorporate(type='table') -%}
    {%- set redoes = is_incremental() -%}
    {%- set made = make_temp_relation(kept) if redoes else make_intermediate_relation(kept) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main', language=model['language']) -%}
        {%- if model['language'] == 'python' -%}
            {{ py_write_table(redoes, made, compiled_code) }}
        {%- elif redoes -%}
            create temporary table {{ made }} as ({{ compiled_code }})
        {%- else -%}
            {{ create_table_as(False, made, compiled_code) }}
        {%- endif -%}
    {%- endcall -%}
    {%- if redoes -%}
        {%- if model['language'] == 'python' or not only_reports_changed() -%}
            {%- do see_that_columns_agree(made, kept) -%}
        {%- endif -%}
        {%- set strategy = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy')) -%}
        {%- call statement('replace') -%}
            {{ strategy({'target_relation': kept, 'temp_relation': made}) }}
            drop table {{ made }};
            {{ keep_state() }}
        {%- endcall -%}
    {%- else -%}
        {{ take_its_place(made, existing, kept) }}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [kept]}) }}
{% endmaterialization %}

{% materialization table, adapter='duckdb', supported_languages=['sql'] %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set kept = this.incorporate(type='table') -%}
    {%- set made = make_intermediate_relation(kept) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main') -%}
        {{ create_table_as(False, made, compiled_code) }}
    {%- endcall -%}
    {{ take_its_place(made, existing, kept) }}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [kept]}) }}
{% endmaterialization %}

{% macro take_its_place(made, existing, kept) -%}
    {%- call statement('take_its_place') -%}
        {%- if existing %} drop {{ existing.type }} {{ existing }}; {% endif -%}
        alter table {{ made }} rename to {{ adapter.quote(kept.identifier) }};
        {{ keep_state() }}
    {%- endcall -%}
{%- endmacro %}

{#-
The columns of what was made, those of the kept table and those of the model's contract are the same in name and type,
or dbt says what differs, and stops where the model is to stop (`on_schema_change`). Where only reports changed since a
build in which all was well, SQL makes the columns that it made then; a Python model may still make others.
-#}
{% macro see_that_columns_agree(made, kept) -%}
    {%- set is_held = config.get('contract').enforced -%}
    {%- call statement('columns', fetch_result=True) -%}
        select
            {{ columns_in_words(made) }} as made,
            {{ columns_in_words(kept) }} as kept,
            {{ columns_in_words(get_empty_schema_sql(model['columns'])) if is_held else 'null' }} as promised
    {%- endcall -%}
    {%- set found = load_result('columns').table.rows[0] -%}
    {%- if is_held and found['made'] != found['promised'] -%}
        {%- do assert_columns_equivalent('select * from ' ~ made) -%}
    {%- endif -%}
    {%- if found['made'] != found['kept'] -%}
        {%- set on_change = incremental_validate_on_schema_change(config.get('on_schema_change'), default='fail') -%}
        {%- do process_schema_changes(on_change, made, kept) -%}
    {%- endif -%}
{%- endmacro %}

{#- Is this the build of a few reports, by code and vocabularies with which a whole build has passed? -#}
{% macro only_reports_changed() -%}
    {%- do return(env_var('GONGBAO_BUILD', '') == 'reports') -%}
{%- endmacro %}

{#- Names and types of the columns of a relation or a query, as one text whatever their order. -#}
{% macro columns_in_words(relation) -%}
    (select string_agg(lower(column_name) || ' ' || column_type, ', ' order by lower(column_name)) from (describe {{ relation }}))
{%- endmacro %}
