{#- A key made from content: the same members give the same key anywhere. -#}
{% macro surrogate_key(columns) -%}
    md5(concat_ws('|'{% for column in columns %}, coalesce(cast({{ column }} as string), ''){% endfor %}))
{%- endmacro %}

{#- One key for all rows there are, whatever their order. -#}
{% macro content_of_rows(columns) -%}
    {{ return(adapter.dispatch('content_of_rows', 'gongbao')(columns)) }}
{%- endmacro %}

{% macro default__content_of_rows(columns) -%}
    md5(array_join(array_sort(collect_list({{ surrogate_key(columns) }})), ''))
{%- endmacro %}

{% macro duckdb__content_of_rows(columns) -%}
    md5(string_agg({{ surrogate_key(columns) }}, '' order by {{ surrogate_key(columns) }}))
{%- endmacro %}

{#- The report of a figure: `<report_id>#<start>`. -#}
{% macro report_of_figure(figure_id) -%}
    substring({{ figure_id }}, 1, length({{ figure_id }}) - position('#' in reverse({{ figure_id }})))
{%- endmacro %}
