with places as (

    select * from {{ ref('stg_vocabulary__places') }}

),

names as (

    select
        place_code,
        name_hant as place_name
    from places
    union
    select
        place_code,
        name_hans as place_name
    from places
    union
    select
        place_code,
        unnest({{ words('aliases') }}) as place_name
    from places

)

select
    place_name,
    min(place_code) as place_code
from names
where place_name != ''
group by place_name
-- a name that several places bear says nothing by itself
having count(distinct place_code) = 1
