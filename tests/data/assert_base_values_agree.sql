-- the base value that Python wrote and the one reckoned here are the same number, to the last place both keep
select
    read.figure_id,
    read.base_value,
    modelled.base_value as modelled_base_value
from {{ untested(ref('stg_gongbao__figures')) }} as read
inner join {{ ref('int_figures_reread') }} as modelled on read.figure_id = modelled.figure_id
where modelled.correction_id is null and abs(read.base_value - modelled.base_value) > 0.000000000001
