-- a quote is the very slice of the text as received
select figures.figure_id
from {{ untested(ref('stg_gongbao__figures')) }} as figures
inner join {{ ref('stg_gongbao__texts') }} as texts on figures.report_id = texts.report_id
where
    figures.quote
    != substring(texts.report_text, figures.start_offset + 1, figures.end_offset - figures.start_offset)
