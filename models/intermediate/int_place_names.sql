with places as (

    select * from {{ ref('stg_vocabulary__places') }}

),

aliases as (

    select
        place_code,
        {{ each_element(words('aliases'), 'place_name', 'alias_number') }}
    from places

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
        place_name
    from aliases

)

select
    place_name,
    min(place_code) as place_code
from names
where place_name != ''
group by place_name
-- a name that several places bear says nothing by itself
having count(distinct place_code) = 1
