-- on any day at most one statement of a publisher on a thing was the published one, and from the first on there was one
select
    earlier.thing_id,
    earlier.statement_number
from {{ untested(ref('fct_observations_history')) }} as earlier
left join {{ ref('fct_observations_history') }} as later
    on earlier.thing_id = later.thing_id and later.statement_number = earlier.statement_number + 1
where
    (not earlier.is_current and earlier.published_to is null and later.published_from is not null)
    or earlier.published_to != later.published_from
    or earlier.published_to < earlier.published_from
    or (earlier.is_current and later.thing_id is not null)
