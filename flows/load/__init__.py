"""The load room: accepted CSVs into the `raw` schema of the build file, and dbt in process."""

from flows.load.raw import QUARANTINE, LoadError, load_reports
from flows.load.transform import TransformError, invoke_dbt, run_dbt

__all__ = ["QUARANTINE", "LoadError", "TransformError", "invoke_dbt", "load_reports", "run_dbt"]
