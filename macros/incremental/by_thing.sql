{#-
What holds between reports (which statement of a thing is the published one) is kept by thing: a run redoes the things
that its reports speak of, or spoke of before, in all reports, and no others.
-#}

{#- The things to redo: of the reports to redo, as `relation` has them now and as the model had them. -#}
{% macro stale_things(relation, model_name) -%}
    (
        select thing_id from {{ relation }}
        where report_id in {{ stale_reports(model_name) }}
        union
        select thing_id from {{ this }}
        where report_id in {{ stale_reports(model_name) }}
    )
{%- endmacro %}

{#- What is to be read of `relation` in this run; put it behind `from`. -#}
{% macro things_to_redo(relation) -%}
    {%- if not execute -%}
        {%- do ref('int_report_versions') -%}
    {%- endif -%}
    {{ relation }}
    {%- if redoes_some() %}
    where thing_id in {{ stale_things(relation, model.name) }}
    {%- endif -%}
{%- endmacro %}

{#- The strategy: a thing is kept unless it was done again or the reports to redo spoke of it before. -#}
{% macro get_incremental_by_thing_sql(arguments) -%}
    {%- set columns = arguments['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    delete from {{ arguments['target_relation'] }}
    where
        thing_id in (
            select thing_id from {{ arguments['temp_relation'] }}
            union
            select thing_id from {{ arguments['target_relation'] }}
            where report_id in {{ stale_reports(model.name) }}
        );
    insert into {{ arguments['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arguments['temp_relation'] }};
{%- endmacro %}
