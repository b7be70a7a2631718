{{ subject_mart('ecommerce', {
    'service_stations_count': 'ecommerce.service_stations',
    'crops_sold_kg': 'ecommerce.crops_sold',
    'poultry_sold_count': 'ecommerce.poultry_sold',
    'fruit_sold_kg': 'ecommerce.fruit_sold',
    'online_retail_yuan': 'ecommerce.online_retail',
    'online_retail_growth_percent': 'ecommerce.online_retail_growth',
    'online_goods_retail_yuan': 'ecommerce.online_goods_retail',
    'online_goods_retail_growth_percent': 'ecommerce.online_goods_retail_growth',
}) }}
