-- an observation without a figure would be a number that stands in no report
select observations.observation_id
from {{ untested(ref('fct_observations')) }} as observations
left join {{ ref('fct_figures') }} as figures on observations.observation_id = figures.figure_id
where figures.figure_id is null
