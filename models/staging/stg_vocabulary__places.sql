with source as (

    select * from {{ ref('places') }}

),

renamed as (

    select
        place_code,
        name_hant,
        name_hans,
        name_en,
        level,
        parent_code,
        aliases

    from source

)

select * from renamed
