{#- Lists travel as JSON arrays of text. -#}

{% macro json_texts(column) -%}
    {{ return(adapter.dispatch('json_texts', 'gongbao')(column)) }}
{%- endmacro %}

{% macro default__json_texts(column) -%}
    from_json({{ column }}, 'array<string>')
{%- endmacro %}

{% macro duckdb__json_texts(column) -%}
    from_json({{ column }}, '["VARCHAR"]')
{%- endmacro %}

{#- The words of a vocabulary field, separated by |. -#}
{% macro words(column) -%}
    {{ return(adapter.dispatch('words', 'gongbao')(column)) }}
{%- endmacro %}

{% macro default__words(column) -%}
    split({{ column }}, '[|]')
{%- endmacro %}

{% macro duckdb__words(column) -%}
    string_split({{ column }}, '|')
{%- endmacro %}

{#- One row an element of a list: the element and its number, from 1. -#}
{% macro each_element(list, element, number) -%}
    {{ return(adapter.dispatch('each_element', 'gongbao')(list, element, number)) }}
{%- endmacro %}

{% macro default__each_element(list, element, number) -%}
    inline(transform({{ list }}, (each, place) -> struct(each, place + 1))) as ({{ element }}, {{ number }})
{%- endmacro %}

{% macro duckdb__each_element(list, element, number) -%}
    unnest({{ list }}) as {{ element }},
    generate_subscripts({{ list }}, 1) as {{ number }}
{%- endmacro %}

{#- The element of a list at a place, from 1. -#}
{% macro element_of(list, place) -%}
    {{ return(adapter.dispatch('element_of', 'gongbao')(list, place)) }}
{%- endmacro %}

{% macro default__element_of(list, place) -%}
    element_at({{ list }}, {{ place }})
{%- endmacro %}

{% macro duckdb__element_of(list, place) -%}
    list_extract({{ list }}, {{ place }})
{%- endmacro %}

{#- The columns of `relation` without one of them. -#}
{% macro all_but(relation, column) -%}
    {{ return(adapter.dispatch('all_but', 'gongbao')(relation, column)) }}
{%- endmacro %}

{% macro default__all_but(relation, column) -%}
    {{ relation }}.* except ({{ column }})
{%- endmacro %}

{% macro duckdb__all_but(relation, column) -%}
    {{ relation }}.* exclude ({{ column }})
{%- endmacro %}
