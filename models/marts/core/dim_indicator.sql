select
    indicator,
    name_hant,
    name_hans,
    name_en,
    subject,
    unit_kind,
    base_unit,
    aggregation,
    description
from {{ ref('stg_vocabulary__indicators') }}
