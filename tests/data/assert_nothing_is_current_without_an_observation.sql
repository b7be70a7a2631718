-- history and observations are the same statements, none more, none fewer
select
    observations.observation_id,
    history.observation_id as history_observation_id
from {{ untested(ref('fct_observations')) }} as observations
full outer join {{ untested(ref('fct_observations_history')) }} as history
    on observations.observation_id = history.observation_id
where observations.observation_id is null or history.observation_id is null
