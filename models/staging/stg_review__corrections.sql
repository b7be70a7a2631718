with source as (

    select * from {{ ref('corrections') }}

),

renamed as (

    select
        correction_id,
        figure_id,
        kind,
        column_name,
        expected_value,
        corrected_value,
        reason,
        person,
        corrected_on,
        status

    from source

)

select * from renamed
