{{ subject_mart('quarantine', {
    'persons_brought_back_persons': 'quarantine.persons_brought_back',
    'central_cumulative_persons': 'quarantine.central_cumulative',
    'central_current_persons': 'quarantine.central_current',
    'central_released_persons': 'quarantine.central_released',
    'home_current_persons': 'quarantine.home_current',
    'returnees_persons': 'quarantine.returnees',
    'medical_staff_sent_persons': 'quarantine.medical_staff_sent',
    'port_work_groups_count': 'quarantine.port_work_groups',
    'home_monitored_persons': 'quarantine.home_monitored',
    'medical_observed_persons': 'quarantine.medical_observed',
}) }}
