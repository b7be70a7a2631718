with source as (

    select * from {{ source('gongbao', 'sources') }}

),

renamed as (

    select
        source_id,
        kind,
        location,
        publisher,
        place,
        language,
        schedule,
        is_enabled

    from source

)

select * from renamed
