{{ subject_mart('resumption') }}
