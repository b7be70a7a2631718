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

{#- A rate in percent to four places, of numbers that a report may have wrong: any size fits, what does not is null. -#}
{% macro rate_percent(part, whole) -%}
    {{ return(adapter.dispatch('rate_percent', 'gongbao')(part, whole)) }}
{%- endmacro %}

{% macro default__rate_percent(part, whole) -%}
    try_cast(
        round(100 * cast({{ part }} as double) / nullif(cast({{ whole }} as double), 0), 4) as decimal(38, 4)
    )
{%- endmacro %}
