{{ subject_mart('sanitation') }}
