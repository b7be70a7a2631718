{{ subject_mart('ecommerce') }}
