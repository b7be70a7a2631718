{{ subject_mart('government', {
    'motions_handled_count': 'government.motions_handled',
    'cases_handled_count': 'government.cases_handled',
    'market_entities_count': 'government.market_entities',
    'market_entities_growth_percent': 'government.market_entities_growth',
    'market_entities_new_count': 'government.market_entities_new',
    'market_entities_new_growth_percent': 'government.market_entities_new_growth',
    'hitech_enterprises_count': 'government.hitech_enterprises',
    'patents_granted_count': 'government.patents_granted',
    'patents_granted_growth_percent': 'government.patents_granted_growth',
    'tax_cuts_yuan': 'government.tax_cuts',
    'projects_done_count': 'government.projects_done',
}) }}
