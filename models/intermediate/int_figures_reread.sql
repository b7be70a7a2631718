{{ config(materialized='incremental', incremental_strategy='by_report', on_schema_change='fail') }}

{{ apply_corrections(ref('stg_gongbao__figures'), 'misread') }}
