-- every numeral of a text is a row: no digit of a report stands outside the quotes of its numerals;
-- only what the gate turned away may be missing, and that is listed in the quarantine
select
    audits.report_id,
    audits.digit_count,
    audits.accounted_digit_count
from {{ untested(ref('audit_reports'), 'series') }} as audits
left join {{ ref('stg_gongbao__quarantine') }} as turned_away on audits.report_id = turned_away.report_id
where audits.accounted_digit_count != audits.digit_count and turned_away.report_id is null
