{{ apply_corrections(ref('int_figures_reread'), 'misprint') }}
