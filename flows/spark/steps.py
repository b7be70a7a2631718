"""The steps of a run on Spark. Their order is told in `flows.operations.steps`; pulling and showing are the same."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from expectations import GateResult
from flows.load import load_reports
from flows.load.upkeep import drop_unreached, remove_reports, stamp_arrivals, stamp_version
from flows.operations.reading import Look
from flows.operations.steps import Steps, arrivals
from flows.publish import publish
from flows.settings import Settings
from flows.spark.lake import check_readings, purge, take_in
from flows.spark.marts import gather
from flows.spark.reading import read, validate
from flows.spark.session import spark_session
from flows.spark.transform import transform


def load(
    gate: GateResult, found: Look, kept_out: Sequence[dict[str, str]], run: Mapping[str, object], settings: Settings
) -> dict[str, int]:
    """What was read gets its place in the lake; what is small, and a row a report, goes into the small file."""
    drop_unreached(settings)
    remove_reports(settings, {row["report_id"] for row in kept_out} - set(gate.accepted))
    counts = load_reports(settings, [], {}, found.sources, run, kept_out)
    came = take_in(settings, str(run["run_id"]), gate.accepted)
    purge(settings)
    check_readings(settings)
    stamp_arrivals(settings, arrivals(settings))
    stamp_version(settings)
    return counts | came


def publish_generation(settings: Settings, run: Mapping[str, object]) -> Path:
    """The marts as Parquet and as the file BI reads, in one generation; the session ends with it."""
    from importlib.metadata import version

    parquet = gather(settings)
    engine = {"engine": "spark", "spark_version": version("pyspark"), "spark_master": settings.spark_master}
    folder = publish(settings, {**run, **engine}, parquet=parquet)
    spark_session(settings).stop()
    return folder


STEPS = Steps(read=read, validate=validate, load=load, transform=transform, publish=publish_generation)
