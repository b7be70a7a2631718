{{ subject_mart('quarantine') }}
