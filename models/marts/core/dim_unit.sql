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
from {{ ref('stg_vocabulary__units') }}
