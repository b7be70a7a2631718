select
    {{ surrogate_key(['report_id', 'uri', 'file_name', 'row_key', 'expectation', 'offending_value']) }}
        as quarantine_id,
    report_id,
    uri,
    file_name,
    row_key,
    expectation,
    offending_value,
    reason,
    run_id,
    quarantined_at
from {{ ref('stg_gongbao__quarantine') }}
order by quarantined_at, report_id
