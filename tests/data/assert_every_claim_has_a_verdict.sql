-- a claim that was found is judged, once
select claims.claim_id
from {{ untested(ref('int_claims'), 'series') }} as claims
left join {{ ref('fct_checks') }} as checks on claims.claim_id = checks.check_id
where checks.check_id is null
