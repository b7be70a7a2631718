{#- The columns of series_epidemic, and the indicator of each. -#}
{% macro epidemic_series() -%}
    {{ return({
        'confirmed_new_count': 'epidemic.confirmed_new',
        'confirmed_cumulative_count': 'epidemic.confirmed_cumulative',
        'confirmed_active_count': 'epidemic.confirmed_active',
        'asymptomatic_new_count': 'epidemic.asymptomatic_new',
        'asymptomatic_observed_count': 'epidemic.asymptomatic_observed',
        'severe_active_count': 'epidemic.severe_active',
        'discharged_new_count': 'epidemic.discharged_new',
        'discharged_cumulative_count': 'epidemic.discharged_cumulative',
        'deaths_new_count': 'epidemic.deaths_new',
        'deaths_cumulative_count': 'epidemic.deaths_cumulative',
        'suspected_active_count': 'epidemic.suspected_active',
        'tests_new_person_times': 'epidemic.tests_new',
    }) }}
{%- endmacro %}

{#- Two observations of one report, place and time. -#}
{% macro same_occasion(one, other) -%}
    {{ one }}.report_id = {{ other }}.report_id
    and coalesce({{ one }}.place_code, '') = coalesce({{ other }}.place_code, '')
    and coalesce({{ one }}.valid_to, date '1000-01-01') = coalesce({{ other }}.valid_to, date '1000-01-01')
{%- endmacro %}
