with source as (

    select * from {{ source('gongbao', 'identities') }}

),

renamed as (

    select
        identity_id,
        kind,
        result_indicator,
        operand_indicators,
        weights,
        scope,
        reason,
        since as since_on,
        until as until_on

    from source

)

select * from renamed
