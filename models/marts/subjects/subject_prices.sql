{{ subject_mart('prices', {
    'cpi_change_percent': 'prices.cpi_change',
    'food_change_percent': 'prices.food_change',
    'ppi_change_percent': 'prices.ppi_change',
    'ppi_purchase_change_percent': 'prices.ppi_purchase_change',
    'house_change_percent': 'prices.house_change',
}) }}
