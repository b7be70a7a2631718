{{ subject_mart('epidemic') }}
