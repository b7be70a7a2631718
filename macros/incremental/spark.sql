{#- On Spark every run makes every table anew from the Parquet of all batches: there is no state to keep. -#}
{% materialization incremental, adapter='spark', supported_languages=['sql'] %}
    {{ return(dbt_spark.materialization_table_spark()) }}
{% endmaterialization %}
