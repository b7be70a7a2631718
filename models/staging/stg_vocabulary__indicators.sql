with source as (

    select * from {{ ref('indicators') }}

),

renamed as (

    select
        indicator,
        name_hant,
        name_hans,
        name_en,
        subject,
        unit_kind,
        base_unit,
        aggregation,
        description

    from source

)

select * from renamed
