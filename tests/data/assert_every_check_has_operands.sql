-- only a range is a statement about one figure alone
select check_id
from {{ ref('fct_checks') }}
where operand_count = 0 and kind != 'range'
