{#- The figures of `relation` in the columns of figures.csv, from which the rooms of Python build their records again. -#}
{% macro figures_as_written(relation) %}
select
    report_id,
    figure_id,
    start_offset as start,
    end_offset as {{ adapter.quote('end') }},
    numeral_end_offset as numeral_end,
    quote,
    numeral_class as class,
    value,
    low,
    high,
    is_low_closed as low_closed,
    is_high_closed as high_closed,
    unit,
    unit_text,
    base_value,
    base_unit,
    direction,
    hedge,
    indicator_text,
    indicator,
    entity,
    period_starts_on as period_start,
    period_ends_on as period_end,
    as_of_on as as_of,
    rule,
    ulp,
    modifiers
from {{ relation }}
{% endmacro %}
