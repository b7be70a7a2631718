{#-
What holds between reports is kept by what they speak of: which statement of a thing is the published one (`by_thing`),
what became of a finding (`by_finding`). A run redoes the things that its reports speak of, or spoke of before, in all
reports, and no others.
-#}

{#- The column that names the things of a model. -#}
{% macro thing_of(node) -%}
    {%- do return('finding_id' if node.config.get('incremental_strategy') == 'by_finding' else 'thing_id') -%}
{%- endmacro %}

{#- What is to be read of `relation` in this run; put it behind `from`. -#}
{% macro things_to_redo(relation) -%}
    {%- if not execute -%}
        {%- do ref('int_report_versions') -%}
    {%- endif -%}
    {{ relation }}
    {%- if redoes_some() %}
    where
        {{ thing_of(model) }} in (
            select {{ thing_of(model) }} from {{ relation }}
            where {{ is_stale(model.name, unit_of(model)) }}
            union
            select {{ thing_of(model) }} from {{ this }}
            where {{ is_stale(model.name, unit_of(model)) }}
        )
    {%- endif -%}
{%- endmacro %}

{#- The strategy: a thing is kept unless it was done again or the reports to redo spoke of it before. -#}
{% macro replace_stale_things(arguments) -%}
    delete from {{ arguments['target_relation'] }}
    where
        {{ thing_of(model) }} in (
            select {{ thing_of(model) }} from {{ arguments['temp_relation'] }}
            union
            select {{ thing_of(model) }} from {{ arguments['target_relation'] }}
            where {{ is_stale(model.name, unit_of(model)) }}
        );
    insert into {{ arguments['target_relation'] }} by name select * from {{ arguments['temp_relation'] }};
{%- endmacro %}

{% macro get_incremental_by_thing_sql(arguments) -%}
    {{ replace_stale_things(arguments) }}
{%- endmacro %}

{% macro get_incremental_by_finding_sql(arguments) -%}
    {{ replace_stale_things(arguments) }}
{%- endmacro %}
