-- only a range is a statement about one figure alone
select check_id
from {{ untested(ref('fct_checks'), 'series') }}
where operand_count = 0 and kind != 'range'
