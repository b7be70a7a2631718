"""Which engine does the steps of a run: DuckDB in this process, or Spark."""

from flows.operations import Steps
from flows.settings import Settings


def steps_of(settings: Settings) -> Steps:
    """The steps as the engine of this home does them. Raises SparkError where Spark is asked for and cannot be had."""
    if settings.built_by != "spark":
        return Steps()
    from flows.spark import require_spark

    require_spark()
    from flows.spark.steps import STEPS

    return STEPS
