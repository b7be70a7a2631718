"""The Spark session: one a process, quiet, and reckoning as DuckDB does."""

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from flows.operations.troubles import MistakenError
from flows.settings import Settings

if TYPE_CHECKING:
    from pyspark import SparkConf
    from pyspark.sql import SparkSession

#: What the models rely on: exact decimals that do not lose places, days and moments without a zone.
_RECKONING = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.catalogImplementation": "in-memory",
}

#: Nobody looks at it and it asks nobody.
_QUIET = {
    "spark.app.name": "gongbao",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}

#: Of a session in this process; a cluster has its own (spark-defaults.conf).
_LOCAL = {"spark.sql.shuffle.partitions": "8", "spark.driver.memory": "2g"}


class SparkError(MistakenError):
    """Spark cannot be started or used as things are; the message says what is missing and where it comes from."""


def spark_session(settings: Settings) -> "SparkSession":
    """The session of this process, started where there is none, on `settings.spark_master`.

    Its catalog is in memory and its tables are Parquet under `settings.lake`. What spark-defaults.conf (SPARK_CONF_DIR)
    says of memory, cores and shuffles goes before what is said here; how numbers are reckoned does not.
    Raises SparkError where pyspark, Java or the master is missing.
    """
    require_spark()
    # workers take the interpreter, with gongbao in it, that this process runs in
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if _is_loopback(settings.spark_master):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    try:
        return SparkSession.builder.config(conf=_configured(settings)).getOrCreate()
    except (Py4JError, PySparkException) as error:
        first = str(error).strip().splitlines()[0]
        raise SparkError(f"no Spark session on {settings.spark_master} (GONGBAO_SPARK_MASTER): {first}") from error


def require_spark() -> None:
    """Raises SparkError, with the mend, where this machine lacks what Spark needs."""
    from importlib.util import find_spec

    if find_spec("pyspark") is None or find_spec("dbt.adapters.spark") is None:
        raise SparkError("the engine spark needs pyspark and dbt-spark; `pip install 'gongbao[spark]'` brings both")
    home = os.environ.get("JAVA_HOME", "")
    if not (Path(home, "bin", "java").exists() if home else shutil.which("java")):
        raise SparkError(
            "the engine spark needs a Java 17 runtime; on Debian `apt-get install openjdk-17-jre-headless`"
        )


def _configured(settings: Settings) -> "SparkConf":
    from pyspark import SparkConf

    conf = SparkConf()
    for key, value in _RECKONING.items():
        conf.set(key, value)
    conf.set("spark.master", settings.spark_master)
    conf.set("spark.sql.warehouse.dir", str((settings.lake / "tables").resolve()))
    asked = dict(_QUIET)
    if settings.spark_master.startswith("local"):
        asked |= _LOCAL
    if _is_loopback(settings.spark_master):
        asked |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    for key, value in asked.items():
        conf.setIfMissing(key, value)
    if home := os.environ.get("GONGBAO_HOME"):  # the rooms look there for what the home was taught
        conf.set("spark.executorEnv.GONGBAO_HOME", str(Path(home).resolve()))
    return conf


def _is_loopback(master: str) -> bool:
    """Is the master in this process or on this machine? Then nothing need be reached from outside."""
    return master.startswith("local") or any(name in master for name in ("//127.0.0.1:", "//localhost:"))
