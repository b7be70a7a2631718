{{ subject_mart('screening') }}
