with source as (

    select * from {{ ref('units') }}

),

renamed as (

    select
        unit,
        unit_hans,
        name_en,
        kind,
        dimension,
        base_unit,
        factor,
        -- a factor is a whole number or a fraction of two: 2000/3
        cast(split_part(factor, '/', 1) as bigint) as factor_numerator,
        coalesce(cast(nullif(split_part(factor, '/', 2), '') as bigint), 1) as factor_denominator

    from source

)

select * from renamed
