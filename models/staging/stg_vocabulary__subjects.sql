with source as (

    select * from {{ ref('subjects') }}

),

renamed as (

    select
        subject,
        name_hant,
        name_hans,
        name_en

    from source

)

select * from renamed
