{#- Tests of keys. One node each a model: dbt spends more on a node than DuckDB on its query. -#}

{#- No row without the key, no two rows with the same. Marts need none: their contract has DuckDB enforce it. -#}
{% test is_key(model, column_name) %}
select
    {{ column_name }},
    count(*) as row_count
from {{ model }}
group by {{ column_name }}
having count(*) > 1 or {{ column_name }} is null
{% endtest %}

{#- No two rows share the values of these columns. -#}
{% test unique_together(model, columns) %}
select {{ columns | join(', ') }}
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}

{#- No row without these columns. -#}
{% test filled(model, columns) %}
select * from {{ model }}
where {{ columns | join(' is null or ') }} is null
{% endtest %}

{#- What a column refers to is there: `keys` are {column, to, field}. The rows name column, value and where it is missing. -#}
{% test foreign_keys(model, keys) %}
with children as (

    select * from {{ model }}

)

{% for key in keys %}
select
    '{{ key.column }}' as column_name,
    cast(children.{{ key.column }} as string) as value,
    '{{ key.to }}' as missing_in
from children
left join {{ key.to }} as parents on children.{{ key.column }} = parents.{{ key.field }}
where children.{{ key.column }} is not null and parents.{{ key.field }} is null
{{ "union all" if not loop.last }}
{% endfor %}
{% endtest %}
