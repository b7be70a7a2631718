{{ figures_as_written(ref('int_figures_corrected')) }}
where figure_id in (select figure_id from {{ ref('stg_review__corrections') }})
