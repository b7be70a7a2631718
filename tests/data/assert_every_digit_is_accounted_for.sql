-- every numeral of a text is a row: no digit of a report stands outside the quotes of its numerals
select
    report_id,
    digit_count,
    accounted_digit_count
from {{ ref('audit_reports') }}
where accounted_digit_count != digit_count
