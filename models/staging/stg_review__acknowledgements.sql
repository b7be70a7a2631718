with source as (

    select * from {{ ref('acknowledgements') }}

),

renamed as (

    select
        finding_id,
        report_id,
        expected_figures,
        reason,
        person,
        acknowledged_on

    from source

)

select * from renamed
