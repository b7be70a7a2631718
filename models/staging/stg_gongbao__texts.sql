with source as (

    select * from {{ source('gongbao', 'texts') }}

),

renamed as (

    select
        report_id,
        text as report_text

    from source

)

select * from renamed
