with corrections as (

    select * from {{ ref('stg_review__corrections') }}

),

loaded as (

    select * from {{ ref('stg_gongbao__figures') }}

),

reread as (

    select * from {{ ref('int_figures_reread') }}

),

-- a misread is corrected as the figure was read, a misprint as it stands after that
found as (

    select
        corrections.*,
        loaded.figure_id is not null as is_loaded,
        coalesce(
            {%- for column in ['value'] + correctable_columns() %}
            case
                when corrections.column_name = '{{ column }}' and corrections.kind = 'misread'
                    then cast(loaded.{{ column }} as string)
                when corrections.column_name = '{{ column }}' then cast(reread.{{ column }} as string)
            end{{ ',' if not loop.last }}
            {%- endfor %}
        ) as found_value
    from corrections
    left join loaded on corrections.figure_id = loaded.figure_id
    left join reread on corrections.figure_id = reread.figure_id

)

select
    correction_id,
    figure_id,
    kind,
    column_name,
    case
        when coalesce(status, 'accepted') <> 'accepted' then status
        when not is_loaded then 'elsewhere'
        when column_name = 'value' and {{ exact_number('found_value') }} = {{ exact_number('expected_value') }}
            then 'applied'
        when column_name <> 'value' and coalesce(found_value, '') = coalesce(expected_value, '') then 'applied'
        else 'expired'
    end as state,
    expected_value,
    found_value,
    corrected_value,
    reason,
    person,
    corrected_on
from found
order by correction_id
