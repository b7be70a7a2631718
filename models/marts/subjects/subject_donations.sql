{{ subject_mart('donations') }}
