{{ subject_mart('finance') }}
