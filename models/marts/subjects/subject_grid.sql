{{ subject_mart('grid', {
    'total_count': 'grid.total',
    'large_count': 'grid.large',
    'medium_count': 'grid.medium',
    'small_count': 'grid.small',
    'micro_count': 'grid.micro',
    'management_grids_count': 'grid.management_grids',
    'party_members_persons': 'grid.party_members',
    'party_branches_count': 'grid.party_branches',
    'party_groups_count': 'grid.party_groups',
    'workers_persons': 'grid.workers',
}) }}
