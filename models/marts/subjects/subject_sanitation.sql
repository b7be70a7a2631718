{{ subject_mart('sanitation', {
    'infection_control_training_person_times': 'sanitation.infection_control_training',
    'campaigns_count': 'sanitation.campaigns',
    'household_waste_daily_kg': 'sanitation.household_waste_daily',
    'recyclable_waste_daily_kg': 'sanitation.recyclable_waste_daily',
}) }}
