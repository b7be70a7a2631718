{{ subject_mart('poverty_relief') }}
