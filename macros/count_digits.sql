{#- How many Arabic digits, half or full width, and Chinese numeral characters a text has. -#}
{% macro count_digits(text) -%}
    {{ return(adapter.dispatch('count_digits', 'gongbao')(text)) }}
{%- endmacro %}

{% macro default__count_digits(text) -%}
    length(regexp_replace({{ text }}, '[^0-9０-９]', ''))
{%- endmacro %}

{% macro duckdb__count_digits(text) -%}
    length(regexp_replace({{ text }}, '[^0-9０-９]', '', 'g'))
{%- endmacro %}
