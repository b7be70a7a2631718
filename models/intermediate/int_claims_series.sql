select
    report_id,
    claim_id,
    kind,
    origin,
    result_figure,
    operand_figures,
    weights,
    cue,
    cue_spans,
    parameters,
    scope_doubt,
    rule
from {{ ref('int_claims_by_series') }}
where claim_id is not null
