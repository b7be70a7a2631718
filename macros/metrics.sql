{#- The metrics of models/semantic/ as plain columns; a ratio is a double, as MetricFlow divides. -#}
{% macro metric_sum(measure, name) -%}
    cast(sum({{ measure }}) as double) as {{ name }}
{%- endmacro %}

{% macro metric_ratio(numerator, denominator, name) -%}
    cast(sum({{ numerator }}) as double) / cast(nullif(sum({{ denominator }}), 0) as double) as {{ name }}
{%- endmacro %}
