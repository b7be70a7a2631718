with {{ figures_with_corrections() }}

{{ figures_as_written('figures') }}
where figure_id in (select figure_id from {{ ref('stg_review__corrections') }})
