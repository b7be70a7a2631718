{#- One hash over the values of many rows, whatever order they come in. -#}
{% macro hash_of_rows(value) -%}
    {{ return(adapter.dispatch('hash_of_rows', 'gongbao')(value)) }}
{%- endmacro %}

{% macro default__hash_of_rows(value) -%}
    md5(concat_ws('|', sort_array(collect_list({{ value }}))))
{%- endmacro %}

{% macro duckdb__hash_of_rows(value) -%}
    md5(string_agg({{ value }}, '|' order by {{ value }}))
{%- endmacro %}

{#- The list that stands under a name in a JSON object, as a JSON array; null where there is none. -#}
{% macro json_part(column, name) -%}
    {{ return(adapter.dispatch('json_part', 'gongbao')(column, name)) }}
{%- endmacro %}

{% macro default__json_part(column, name) -%}
    get_json_object({{ column }}, '$.{{ name }}')
{%- endmacro %}

{% macro duckdb__json_part(column, name) -%}
    json_extract({{ column }}, '$.{{ name }}')
{%- endmacro %}
