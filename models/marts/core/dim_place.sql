with recursive places as (

    select * from {{ ref('stg_vocabulary__places') }}

),

lineage as (

    select
        place_code,
        place_code as country_code,
        cast(null as string) as province_code,
        cast(null as string) as prefecture_code,
        name_hant as path_hant,
        1 as depth
    from places
    where parent_code is null
    union all
    select
        places.place_code,
        lineage.country_code,
        case when places.level = 'province' then places.place_code else lineage.province_code end as province_code,
        case when places.level = 'prefecture' then places.place_code else lineage.prefecture_code end
            as prefecture_code,
        lineage.path_hant || ' / ' || places.name_hant as path_hant,
        lineage.depth + 1 as depth
    from places
    inner join lineage on places.parent_code = lineage.place_code

)

select
    places.place_code,
    places.name_hant,
    places.name_hans,
    places.name_en,
    places.level,
    places.parent_code,
    lineage.country_code,
    lineage.province_code,
    lineage.prefecture_code,
    lineage.path_hant,
    lineage.depth
from places
inner join lineage on places.place_code = lineage.place_code
