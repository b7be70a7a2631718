select
    publisher_id,
    {{ scorecard_counts() }}
from {{ ref('audit_reports') }}
group by publisher_id
order by publisher_id
