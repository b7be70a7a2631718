-- a correction whose figure no longer reads as expected is out of date: the report or its reading was mended
{{ config(severity='warn') }}
select
    correction_id,
    expected_value,
    found_value
from {{ ref('audit_corrections') }}
where state = 'expired'
