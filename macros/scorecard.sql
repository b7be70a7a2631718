{#- The scorecards of reports, summed; the same columns whatever the rows are grouped by. -#}
{% macro scorecard_counts() -%}
    {%- set summed = [
        'numeral', 'figure', 'described', 'catalogued', 'check', 'holds', 'broken', 'cannot_tell', 'open_broken',
        'open_finding', 'acknowledged_finding', 'expired_finding', 'resolved_finding', 'conflict'
    ] -%}
    count(*) as report_count,
    {%- for thing in summed %}
    cast(sum({{ thing }}_count) as bigint) as {{ thing }}_count,
    {%- endfor %}
    {{ percent('sum(accounted_digit_count)', 'sum(digit_count)') }} as coverage_percent,
    {{ percent('sum(catalogued_count)', 'sum(figure_count)') }} as catalogued_percent,
    {{ percent('sum(broken_count)', 'sum(holds_count) + sum(broken_count)') }} as broken_percent
{%- endmacro %}

{#- A share in percent to four places; null of nothing. -#}
{% macro percent(part, whole) -%}
    cast(round(100.0 * ({{ part }}) / nullif({{ whole }}, 0), 4) as decimal(9, 4))
{%- endmacro %}
