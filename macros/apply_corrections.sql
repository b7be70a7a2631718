{#-
The figures of `relation` with the corrections of one kind applied, each guarded by the value it expects: a correction
whose figure has changed does nothing (and the test `assert_corrections_still_apply` warns).
A corrected value moves its interval along; base values follow the unit. `join` says which figures come: `left` all,
`inner` those with a correction of the kind.
-#}
{% macro apply_corrections(relation, kind, join='left') %}
with figures as (

    select * from {{ to_redo(relation) }}

),

units as (

    select * from {{ ref('stg_vocabulary__units') }}

),

corrections as (

    select
        figure_id,
        max(case when column_name = 'value' then corrected_value end) as value,
        max(case when column_name = 'value' then expected_value end) as expected_value,
        {%- for column in correctable_columns() %}
        max(case when column_name = '{{ column }}' then corrected_value end) as {{ column }},
        max(case when column_name = '{{ column }}' then expected_value end) as expected_{{ column }},
        {%- endfor %}
        max(correction_id) as correction_id
    from {{ ref('stg_review__corrections') }}
    where kind = '{{ kind }}' and coalesce(status, 'accepted') = 'accepted'
    group by figure_id

),

guarded as (

    select
        figures.*,
        case
            when figures.value = {{ exact_number('corrections.expected_value') }}
                then {{ exact_number('corrections.value') }}
        end as new_value,
        {%- for column in correctable_columns() %}
        case
            when
                corrections.{{ column }} is not null
                and coalesce(cast(figures.{{ column }} as string), '') = coalesce(corrections.expected_{{ column }}, '')
                then corrections.{{ column }}
        end as new_{{ column }},
        {%- endfor %}
        corrections.correction_id as applied_correction_id
    from figures
    {{ join }} join corrections on figures.figure_id = corrections.figure_id

),

corrected as (

    select
        guarded.*,
        coalesce(new_value, value) as value_now,
        low + coalesce(new_value - value, 0) as low_now,
        high + coalesce(new_value - value, 0) as high_now,
        coalesce(new_unit, unit) as unit_now
    from guarded

)

select
    corrected.report_id,
    corrected.figure_id,
    corrected.start_offset,
    corrected.end_offset,
    corrected.numeral_end_offset,
    corrected.quote,
    coalesce(corrected.new_numeral_class, corrected.numeral_class) as numeral_class,
    coalesce(corrected.new_numeral_class, corrected.numeral_class) in ('quantity', 'percent') as is_figure,
    corrected.value_now as value,
    corrected.low_now as low,
    corrected.high_now as high,
    corrected.is_low_closed,
    corrected.is_high_closed,
    corrected.ulp,
    corrected.unit_now as unit,
    corrected.unit_text,
    case
        when units.unit is null then corrected.base_value
        else {{ in_base_units('corrected.value_now', 'units.factor_numerator', 'units.factor_denominator') }}
    end as base_value,
    case
        when units.unit is null then corrected.low_now
        else {{ in_base_units('corrected.low_now', 'units.factor_numerator', 'units.factor_denominator') }}
    end as base_low,
    case
        when units.unit is null then corrected.high_now
        else {{ in_base_units('corrected.high_now', 'units.factor_numerator', 'units.factor_denominator') }}
    end as base_high,
    coalesce(units.base_unit, corrected.base_unit) as base_unit,
    corrected.direction,
    corrected.hedge,
    corrected.modifiers,
    corrected.indicator_text,
    coalesce(corrected.new_indicator, corrected.indicator) as indicator,
    coalesce(corrected.new_entity, corrected.entity) as entity,
    coalesce(cast(corrected.new_period_starts_on as date), corrected.period_starts_on) as period_starts_on,
    coalesce(cast(corrected.new_period_ends_on as date), corrected.period_ends_on) as period_ends_on,
    coalesce(cast(corrected.new_as_of_on as date), corrected.as_of_on) as as_of_on,
    corrected.rule,
    case
        when coalesce(
            cast(corrected.new_value as string)
            {%- for column in correctable_columns() %},
            corrected.new_{{ column }}
            {%- endfor %}
        ) is not null
            then corrected.applied_correction_id
    end as correction_id
from corrected
left join units on corrected.unit_now = units.unit
{% endmacro %}

{#- The CTE `figures`: every figure with all its corrections, each with the correction of a misprint that it has. -#}
{% macro figures_with_corrections() -%}
misprinted as (

    select * from {{ to_redo(ref('int_figures_corrected')) }}

),

reread as (

    select * from {{ to_redo(ref('int_figures_reread')) }}

),

figures as (

    select * from misprinted
    union all
    select
        {{ all_but('reread', 'correction_id') }},
        cast(null as string) as correction_id
    from reread
    left join misprinted on reread.figure_id = misprinted.figure_id
    where misprinted.figure_id is null

)
{%- endmacro %}

{#- What a correction may change besides the value. -#}
{% macro correctable_columns() -%}
    {{ return(['numeral_class', 'unit', 'indicator', 'entity', 'period_starts_on', 'period_ends_on', 'as_of_on']) }}
{%- endmacro %}
