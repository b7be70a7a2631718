"""The engine Spark: the same steps, rooms and models, past one machine.

Reports are read, gated and judged on executors, the models run on Spark through dbt-spark, and what is published is the
same. Needs the extra `gongbao[spark]` and a Java runtime; docs/spark.md says how it is run and what it costs.
"""

from flows.spark.session import SparkError, require_spark

__all__ = ["SparkError", "require_spark"]
