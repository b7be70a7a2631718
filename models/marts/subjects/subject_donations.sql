{{ subject_mart('donations', {
    'lots_count': 'donations.lots',
    'value_yuan': 'donations.value',
    'masks_count': 'donations.masks',
}) }}
