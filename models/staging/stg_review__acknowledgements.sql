with source as (

    select * from {{ ref('acknowledgements') }}

),

renamed as (

    select
        claim_id,
        reason,
        person,
        acknowledged_on

    from source

)

select * from renamed
