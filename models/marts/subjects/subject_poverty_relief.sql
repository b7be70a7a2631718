{{ subject_mart('poverty_relief', {
    'households_lifted_households': 'poverty_relief.households_lifted',
    'persons_lifted_persons': 'poverty_relief.persons_lifted',
    'exit_rate_percent': 'poverty_relief.exit_rate',
    'workers_helped_persons': 'poverty_relief.workers_helped',
    'workers_transported_persons': 'poverty_relief.workers_transported',
    'industry_bases_count': 'poverty_relief.industry_bases',
    'contract_rate_percent': 'poverty_relief.contract_rate',
    'special_funds_yuan': 'poverty_relief.special_funds',
    'remaining_exit_share_percent': 'poverty_relief.remaining_exit_share',
}) }}
