with source as (

    select * from {{ source('gongbao', 'runs') }}

),

renamed as (

    select
        run_id,
        loaded_at as started_at,
        details

    from source

)

select * from renamed
