with source as (

    select * from {{ source('gongbao', 'reports') }}

),

renamed as (

    select
        report_id,
        sha256,
        source_id,
        uri,
        title,
        publisher,
        place,
        language,
        script,
        published_on,
        published_on_rule,
        encoding,
        media_type,
        byte_count,
        char_count,
        reader_version,
        coalesce(version, 1) as version,
        nullif(supersedes, '') as supersedes,
        run_id,
        loaded_at,
        first_loaded_at

    from source

)

select * from renamed
