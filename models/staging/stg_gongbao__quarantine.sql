with source as (

    select * from {{ source('gongbao', 'quarantine') }}

),

renamed as (

    select
        report_id,
        uri,
        file as file_name,
        row_key,
        expectation,
        value as offending_value,
        reason,
        run_id,
        loaded_at as quarantined_at

    from source

)

select * from renamed
