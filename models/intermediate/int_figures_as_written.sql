{{ config(materialized='view') }}

{{ figures_as_written(ref('int_figures_reread')) }}
