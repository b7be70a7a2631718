{{ subject_mart('command', {
    'volunteer_members_persons': 'command.volunteer_members',
    'checkpoints_staffed_count': 'command.checkpoints_staffed',
    'work_groups_count': 'command.work_groups',
    'officials_deployed_persons': 'command.officials_deployed',
    'meetings_count': 'command.meetings',
}) }}
