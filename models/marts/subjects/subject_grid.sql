{{ subject_mart('grid') }}
