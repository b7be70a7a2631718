"""dbt in process on the Spark session: the same models, in Spark's dialect."""

from typing import TYPE_CHECKING, Any

from flows.load import invoke_dbt
from flows.load.state import note_code
from flows.operations.steps import Transformed, nodes_of
from flows.settings import Settings
from flows.spark.lake import open_catalog
from flows.spark.models import run_model
from flows.spark.session import spark_session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def transform(settings: Settings, full_refresh: bool) -> Transformed:
    """`dbt build` on Spark. Every table is made anew of all that was read, so a full refresh is nothing else.

    Vocabularies are loaded by us; unit tests test our SQL, not the data.
    """
    session = spark_session(settings)
    note_code(settings)
    open_catalog(session, settings)
    _teach_dbt(session)
    left_out = ["unit_test", "seed"] if settings.spark_tests else ["unit_test", "seed", "test"]
    build = ["build", "--target", "spark", *(f"--exclude-resource-type={kind}" for kind in left_out)]
    return Transformed(nodes_of(invoke_dbt(build, settings)))


def _teach_dbt(session: "SparkSession") -> None:
    """Let dbt-spark run Python models: it knows hosted clusters only, and here is a session."""
    from dbt.adapters.base.impl import PythonJobHelper
    from dbt.adapters.spark.impl import SparkAdapter

    class OnExecutors(PythonJobHelper):
        def __init__(self, parsed_model: dict[str, Any], credential: Any) -> None:
            self.model = parsed_model

        def submit(self, compiled_code: str) -> None:
            rows = run_model(session, self.model, compiled_code)
            rows.write.mode("overwrite").saveAsTable(f"{self.model['schema']}.{self.model['alias']}", format="parquet")

    # both are properties of the adapter that no subclass of ours would be asked for: dbt makes its own
    def always(value: Any) -> property:
        return property(lambda _: value)

    taught = {"python_submission_helpers": {"executors": OnExecutors}, "default_python_submission_method": "executors"}
    for name, value in taught.items():
        setattr(SparkAdapter, name, always(value))
