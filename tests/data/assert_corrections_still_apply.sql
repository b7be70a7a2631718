-- a correction whose figure no longer reads as expected is out of date: the report or its reading was mended
select corrections.correction_id
from {{ ref('stg_review__corrections') }} as corrections
inner join {{ ref('stg_gongbao__figures') }} as loaded on corrections.figure_id = loaded.figure_id
left join {{ ref('int_figures_reread') }} as reread on corrections.figure_id = reread.figure_id
left join {{ ref('int_figures_corrected') }} as corrected on corrections.figure_id = corrected.figure_id
where
    (corrections.kind = 'misread' and reread.correction_id is null)
    or (corrections.kind = 'misprint' and corrected.correction_id is null)
