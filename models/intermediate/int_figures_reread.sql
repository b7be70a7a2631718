{{ apply_corrections(ref('stg_gongbao__figures'), 'misread') }}
