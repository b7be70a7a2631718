{{ subject_mart('production', {
    'sanitiser_daily_count': 'production.sanitiser_daily',
    'mask_lines_count': 'production.mask_lines',
    'masks_daily_count': 'production.masks_daily',
    'protective_suits_daily_count': 'production.protective_suits_daily',
}) }}
