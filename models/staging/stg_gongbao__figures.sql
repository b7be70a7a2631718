with source as (

    select * from {{ source('gongbao', 'figures') }}

),

renamed as (

    select
        report_id,
        figure_id,
        start as start_offset,
        {{ adapter.quote('end') }} as end_offset,
        numeral_end as numeral_end_offset,
        quote,
        class as numeral_class,
        class in ('quantity', 'percent') as is_figure,
        value,
        low,
        high,
        low_closed as is_low_closed,
        high_closed as is_high_closed,
        ulp,
        unit,
        unit_text,
        base_value,
        base_unit,
        direction,
        hedge,
        modifiers,
        indicator_text,
        indicator,
        entity,
        period_start as period_starts_on,
        period_end as period_ends_on,
        as_of as as_of_on,
        rule

    from source

)

select * from renamed
