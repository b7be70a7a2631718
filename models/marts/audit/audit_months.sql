select
    cast(date_trunc('month', published_on) as date) as month_starts_on,
    {{ scorecard_counts() }}
from {{ ref('audit_reports') }}
where published_on is not null
group by cast(date_trunc('month', published_on) as date)
order by month_starts_on
