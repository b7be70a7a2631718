{{ subject_mart('finance', {
    'preferential_loans_yuan': 'finance.preferential_loans',
    'special_relending_yuan': 'finance.special_relending',
    'loans_outstanding_yuan': 'finance.loans_outstanding',
    'loans_outstanding_growth_percent': 'finance.loans_outstanding_growth',
    'deposits_outstanding_yuan': 'finance.deposits_outstanding',
    'deposits_outstanding_growth_percent': 'finance.deposits_outstanding_growth',
    'premium_income_yuan': 'finance.premium_income',
    'premium_income_growth_percent': 'finance.premium_income_growth',
    'broad_money_yuan': 'finance.broad_money',
    'broad_money_growth_percent': 'finance.broad_money_growth',
}) }}
