{{ subject_mart('agriculture') }}
