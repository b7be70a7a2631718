"""Readers while publishes follow each other: no query may fail, and every result must be of one generation.

Half of the readers open, join and close in a loop, as most BI tools do; the others hold one session and refresh it by
ATTACH OR REPLACE. Every generation says its number in every row of both tables, so that a torn read shows. The readers
go on until all publishes are done: for the seconds asked at least, longer where the machine is busy.

    python benchmarks/measure_publish.py                     # 50 publishes, 8 readers, 5 minutes
    python benchmarks/measure_publish.py --publishes 5 --readers 3 --seconds 5 --rows 2000
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from contextlib import closing
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

import duckdb

from flows.publish import publish
from flows.settings import Settings

_JOIN = """
    select min(report.generation), max(report.generation), min(figure.generation), max(figure.generation),
        count(*), max(report.row_count)
    from {database}marts.fct_figures as figure
    inner join {database}marts.dim_report as report on figure.report_id = report.report_id
"""


def build(settings: Settings, generation: int, rows: int) -> None:
    """A build file whose marts say `generation` in every row."""
    settings.build_file.parent.mkdir(parents=True, exist_ok=True)
    count = rows + generation
    with closing(duckdb.connect(settings.build_file)) as con:
        con.execute(
            f"""
            create schema if not exists marts;
            create or replace table marts.dim_report (report_id varchar primary key, generation int, row_count int);
            insert into marts.dim_report select 'report-' || n, {generation}, {count} from range(100) as r (n);
            create or replace table marts.fct_figures (figure_id bigint primary key, report_id varchar, generation int);
            insert into marts.fct_figures select n, 'report-' || n % 100, {generation} from range({count}) as r (n);
            """
        )


def read(file: str, ended: "Event", holds: bool, results: "Queue[dict[str, object]]") -> None:
    """One reader, in a process of its own."""
    queries, torn, failures, generations = 0, 0, [], set()
    session = duckdb.connect() if holds else None
    while not ended.is_set():
        try:
            if session is not None:
                session.execute(f"attach or replace '{file}' as warehouse (read_only)")
                row = session.execute(_JOIN.format(database="warehouse.")).fetchone()
            else:
                with closing(duckdb.connect(file, read_only=True)) as con:
                    row = con.execute(_JOIN.format(database="")).fetchone()
        except duckdb.Error as error:
            failures.append(str(error))
            continue
        queries += 1
        row = row or (None,) * 6
        torn += len({*row[:4]}) != 1 or row[4] != row[5]
        generations.add(row[0])
    results.put(
        {"queries": queries, "torn": torn, "failures": failures[:3], "failed": len(failures), "seen": generations}
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--publishes", type=int, default=50)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--rows", type=int, default=100_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        build(settings, 0, wanted.rows)
        publish(settings, {})
        context = get_context("spawn")
        results: Queue[dict[str, object]] = context.Queue()
        ended, began_at = context.Event(), time.time()
        file = str(settings.current / "warehouse.duckdb")
        readers = [
            context.Process(target=read, args=(file, ended, number % 2 == 1, results))
            for number in range(wanted.readers)
        ]
        for reader in readers:
            reader.start()
        published, seconds = 0, []
        pause = wanted.seconds / wanted.publishes
        try:
            while published < wanted.publishes:
                began = time.time()
                published += 1
                build(settings, published, wanted.rows)
                at = time.time()
                publish(settings, {})
                seconds.append(time.time() - at)
                time.sleep(max(0.0, pause - (time.time() - began)))
        finally:
            ended.set()
        lasted = time.time() - began_at
        told = [results.get(timeout=120) for _ in readers]
        for reader in readers:
            reader.join()
    print(
        json.dumps(
            {
                "publishes": published,
                "readers": wanted.readers,
                "seconds": round(lasted, 1),
                "queries": sum(reader["queries"] for reader in told),  # type: ignore[misc]
                "failed": sum(reader["failed"] for reader in told),  # type: ignore[misc]
                "torn": sum(reader["torn"] for reader in told),  # type: ignore[misc]
                "generations_seen": len(set().union(*(reader["seen"] for reader in told))),  # type: ignore[arg-type]
                "publish_seconds_median": round(statistics.median(seconds), 3),
                "failures": [failure for reader in told for failure in reader["failures"]][:3],  # type: ignore[attr-defined]
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
