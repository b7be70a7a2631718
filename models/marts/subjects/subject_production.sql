{{ subject_mart('production') }}
