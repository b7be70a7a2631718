{#- On Spark every run makes every table anew from the Parquet of all runs: there is no state to keep, and nothing to drop. -#}
{% materialization incremental, adapter='spark', supported_languages=['sql', 'python'] %}
    {%- set made = api.Relation.create(database=database, schema=schema, identifier=model['alias'], type='table') -%}
    {%- call statement('main', language=model['language']) -%}
        {{ create_table_as(False, made, compiled_code, model['language']) }}
    {%- endcall -%}
    {{ return({'relations': [made]}) }}
{% endmaterialization %}
