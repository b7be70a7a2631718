-- of what a publisher said of one thing exactly one statement is current, and it is the one in fct_observations_current
select history.thing_id
from {{ ref('fct_observations_history') }} as history
left join {{ ref('fct_observations_current') }} as now on history.thing_id = now.thing_id
where history.thing_id in (select told.thing_id from {{ untested(ref('fct_observations_history')) }} as told)
group by history.thing_id
having
    count(case when history.is_current then 1 end) != 1
    or count(case when history.is_current and history.observation_id = now.observation_id then 1 end) != 1
