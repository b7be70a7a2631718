-- an acknowledgement that no longer matches its figures explains nothing: look at the finding again
{{ config(severity='warn') }}
select
    finding_id,
    why
from {{ ref('audit_acknowledgements') }}
where state = 'expired'
