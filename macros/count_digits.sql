{#- How many digits a text has: Arabic ones of half or full width, and Chinese numeral characters. -#}
{% macro count_digits(text) -%}
    {{ return(adapter.dispatch('count_digits', 'gongbao')(text)) }}
{%- endmacro %}

{% macro default__count_digits(text) -%}
    length(regexp_replace({{ text }}, '[^0-9０-９〇零一二三四五六七八九十百千万萬亿億两兩]+', ''))
{%- endmacro %}

{% macro duckdb__count_digits(text) -%}
    length(regexp_replace({{ text }}, '[^0-9０-９〇零一二三四五六七八九十百千万萬亿億两兩]+', '', 'g'))
{%- endmacro %}
