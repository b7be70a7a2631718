with source as (

    select * from {{ source('gongbao', 'claims') }}

),

renamed as (

    select
        report_id,
        claim_id,
        kind,
        origin,
        result_figure,
        operand_figures,
        weights,
        cue,
        cue_spans,
        parameters,
        scope_doubt,
        rule

    from source

)

select * from renamed
