{{ subject_mart('rural_works') }}
