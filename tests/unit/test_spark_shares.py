"""What must hold of the engine spark where no Spark is installed."""

from flows.load.raw import TABLES
from flows.settings import PROJECT
from flows.spark.columns import columns_ddl
from flows.spark.models import shared_models


def test_every_python_model_is_shared_out() -> None:
    assert shared_models() == {path.stem for path in (PROJECT / "models").rglob("*.py")}


def test_every_type_of_raw_has_a_name_in_spark() -> None:
    for table, columns in TABLES.items():
        assert columns_ddl(columns).count("`") == 2 * len(columns), table
