with source as (

    select * from {{ source('gongbao', 'code') }}

),

renamed as (

    select content as code_hash

    from source

)

select * from renamed
