{{ subject_mart('screening', {
    'verification_rate_percent': 'screening.verification_rate',
    'passport_holders_persons': 'screening.passport_holders',
    'persons_persons': 'screening.persons',
    'households_households': 'screening.households',
    'code_holders_persons': 'screening.code_holders',
}) }}
