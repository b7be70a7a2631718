{{ subject_mart('environment', {
    'good_air_days': 'environment.good_air_days',
    'good_air_share_percent': 'environment.good_air_share',
    'forest_cover_percent': 'environment.forest_cover',
    'sewage_treated_percent': 'environment.sewage_treated',
    'energy_intensity_change_percent': 'environment.energy_intensity_change',
}) }}
