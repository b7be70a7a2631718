with units as (

    select * from {{ ref('stg_vocabulary__units') }}

),

-- a rate such as 元/公斤 is made where it is read; it is its own base
rates as (

    select
        figures.unit,
        max(figures.unit_text) as unit_text
    from {{ ref('int_figures_reread') }} as figures
    left join units on figures.unit = units.unit
    where
        units.unit is null
        and figures.unit is not null
    group by figures.unit

)

select
    unit,
    unit_hans,
    name_en,
    kind,
    dimension,
    base_unit,
    factor,
    factor_numerator,
    factor_denominator
from units
union all
select
    unit,
    unit_text as unit_hans,
    cast(null as string) as name_en,
    'rate' as kind,
    cast(null as string) as dimension,
    unit as base_unit,
    '1' as factor,
    cast(1 as bigint) as factor_numerator,
    cast(1 as bigint) as factor_denominator
from rates
