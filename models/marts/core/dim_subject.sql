select
    subject,
    name_hant,
    name_hans,
    name_en
from {{ ref('stg_vocabulary__subjects') }}
