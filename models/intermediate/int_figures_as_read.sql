{{ figures_as_written(ref('stg_gongbao__figures')) }}
where figure_id in (select figure_id from {{ ref('stg_review__corrections') }})
