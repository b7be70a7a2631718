{{ config(materialized='incremental', incremental_strategy='by_report', on_schema_change='fail') }}

{{ apply_corrections(ref('int_figures_reread'), 'misprint', join='inner') }}
