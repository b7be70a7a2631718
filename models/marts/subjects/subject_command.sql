{{ subject_mart('command') }}
