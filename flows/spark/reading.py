"""The driver's side of reading: shares of items to the executors, and what the home keeps of each report back."""

import pickle
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

from expectations import GateResult
from expectations.quarantine import Rejected
from flows.operations.reading import Outcome
from flows.pull import Item, versions
from flows.record import Source
from flows.settings import Settings
from flows.spark.executors import READINGS, read_share
from flows.spark.lake import ACCEPTED, incoming, sweep
from flows.spark.session import spark_session

#: Reports in a task, at least and at most: long against the start of one, short against doing it again when its worker
#: dies; and each task writes a file. Between them a core gets about so many tasks, so that none is idle for long.
_IN_A_TASK = (250, 10_000)
_TASKS_A_CORE = 4


def read(items: Sequence[Item], sources: Sequence[Source], settings: Settings, count: int) -> list[Outcome]:
    """Read and gate every item on the executors, into Parquet under the lake that waits to be loaded.

    The archive must be where it is on every worker. A folder of an outcome only names where the rows of the report
    are: `<incoming>/<report_id>`. Text, map and quarantine of each report are put into the home as on one machine.
    """
    import pyarrow
    from pyspark.sql import functions

    sweep(settings)
    if not items:
        return []
    known = {source.source_id: source for source in sources}
    numbered = versions(settings.register)
    told = [pickle.dumps((item, known.get(item.source_id), numbered.get(item.report_id, (1, "")))) for item in items]
    session = spark_session(settings)
    tasks = tasks_for(len(items), session.sparkContext.defaultParallelism)
    at_home = settings.model_copy(update={"home": settings.home.resolve()})
    (
        session.createDataFrame(pyarrow.table({"item": pyarrow.array(told, pyarrow.binary())}))
        .repartition(tasks)
        .mapInArrow(partial(read_share, settings=at_home), READINGS)
        .withColumn(ACCEPTED, functions.isnotnull("report"))
        .write.partitionBy(ACCEPTED)
        .parquet(str(incoming(at_home)))
    )
    reasons = {report_id: (code, reason) for report_id, code, reason in _rows(settings, "report_id, code, reason")}
    _keep_in_home(settings)
    return [
        Outcome(
            item, None if reasons[item.report_id][0] else incoming(settings) / item.report_id, *reasons[item.report_id]
        )
        for item in items
    ]


def tasks_for(count: int, cores: int) -> int:
    """How many tasks so many reports are read in."""
    least, most = _IN_A_TASK
    in_a_task = min(most, max(least, ceil(count / (cores * _TASKS_A_CORE))))
    return max(ceil(count / in_a_task), min(cores, count))


def validate(folders: Sequence[Path], settings: Settings, count: int) -> GateResult:
    """What the gate said of each report where it was read: every row was looked at, by Great Expectations over pandas.

    There are no Data Docs: each share had a gate of its own, and what it turned away is in quarantine with its reason.
    """
    result = GateResult()
    if not folders:
        return result
    wanted = {folder.name: folder for folder in folders}
    for report_id, is_accepted, rejected in _rows(settings, "report_id, report is not null, rejected"):
        if report_id not in wanted:
            continue
        result.rejected.extend(Rejected(**each) for each in rejected)
        if is_accepted:
            result.accepted[report_id] = wanted[report_id]
        else:
            result.quarantined.append(report_id)
    return result


def _keep_in_home(settings: Settings) -> None:
    """The text, the map and the quarantine of each report, as files of the home."""
    settings.texts.mkdir(parents=True, exist_ok=True)
    for report_id, text, source_map, kept_out in _rows(settings, "report_id, text, map, kept_out"):
        if text is not None:
            _replace(settings.texts / f"{report_id}.txt", text.encode("utf-8"))
            _replace(settings.texts / f"{report_id}.map.json", source_map)
        place = settings.quarantine / report_id
        shutil.rmtree(place, ignore_errors=True)
        if kept_out:
            place.mkdir(parents=True)
        for each in kept_out:
            (place / each["name"]).write_bytes(each["data"])


def _replace(path: Path, data: bytes) -> None:
    aside = path.with_suffix(".part")
    aside.write_bytes(data)
    aside.replace(path)


def _rows(settings: Settings, columns: str) -> Iterator[tuple[Any, ...]]:
    """Rows of what was just read, a few at a time."""
    import duckdb

    with closing(duckdb.connect()) as con:
        con.execute(
            f"select {columns} from read_parquet($files) order by report_id",
            {"files": [str(file) for file in sorted(incoming(settings).glob("*/*.parquet"))]},
        )
        while rows := con.fetchmany(1000):
            yield from rows
