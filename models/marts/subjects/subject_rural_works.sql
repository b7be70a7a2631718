{{ subject_mart('rural_works', {
    'river_reach_length_m': 'rural_works.river_reach_length',
    'campaign_good_rate_percent': 'rural_works.campaign_good_rate',
    'townships_sampled_count': 'rural_works.townships_sampled',
    'roads_built_m': 'rural_works.roads_built',
}) }}
