"""Runs generated bulletins through the engine spark, on a cluster of a master and workers on this machine.

usage: python benchmarks/measure_spark.py [--reports 1000] [--workers 1 2] [--kill] [--duckdb] [--pulled HOME]
       python benchmarks/measure_spark.py --reading [--times 2] [--reports 10000] [--workers 1 2]
       python benchmarks/measure_spark.py --parity FOLDER

Each worker is a process of its own with one core. For each number of workers: the seconds of every step, and the hash
of what was published, which must be the same each time (exit code 1 where it is not). `--kill` adds a run on two
workers of which one is killed with SIGKILL, its executor with it, in the middle of a task of reading; another takes its
place, and the older one is killed while dbt runs. `--reading` stops after the step that reads, relates and gates on the
executors, the one that more workers are for, and shows how many seconds each worker reckoned; `--times 2` does it once
more with the workers as they are, started and with everything imported. `--duckdb` adds the engine duckdb. `--pulled`
takes the archive of a home instead of generated bulletins. `--parity` takes the files of FOLDER, each folder in it as a
source with one publisher, through duckdb and through Spark in this process, and compares all marts row for row. Wall
time on a busy machine says little: look at the ratios of one call, and at the processor seconds of everything that was
started.
"""

import argparse
import csv
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from flows.engine import steps_of
from flows.operations import Request, Steps, look, run_steps
from flows.publish import differences, snapshots
from flows.pull import read_sources, registered
from flows.settings import Settings
from flows.spark.session import spark_session

sys.path.insert(0, str(Path(__file__).resolve().parent))
from generate_reports import write_reports

#: What somebody with a cluster of this size would set.
_DEFAULTS = "spark.sql.shuffle.partitions 8\nspark.driver.memory 2g\n"

_STEPS = ("read", "validate", "load", "transform", "publish")
_HEAD = ("name", *_STEPS, "all", "processor", "hash")


class Cluster:
    """A master and workers as processes of this machine, all on loopback."""

    def __init__(self, folder: Path, workers: int) -> None:
        import pyspark

        self._folder = folder
        self._home = Path(pyspark.__file__).parent
        self._port = _free_port()
        self.master = f"spark://127.0.0.1:{self._port}"
        self._processes = [self._start("master.Master", "--host", "127.0.0.1", "--port", str(self._port))]
        _wait_for(self._port)
        self._started = 0
        self.workers: list[subprocess.Popen[bytes]] = []
        for _ in range(workers):
            self.add_worker()

    def kill_worker(self) -> None:
        """SIGKILL to the oldest worker and its executor."""
        worker = self.workers.pop(0)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        print(f"killed worker {worker.pid}", file=sys.stderr)

    def stop(self) -> None:
        for process in [*self.workers, *self._processes]:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def add_worker(self) -> None:
        """Start another one, with one core."""
        self._started += 1
        work = self._folder / f"worker{self._started}"
        asked = ("--host", "127.0.0.1", "--cores", "1", "--memory", "2g", "--work-dir", str(work))
        self.workers.append(self._start("worker.Worker", *asked, self.master))

    def _start(self, what: str, *args: str) -> "subprocess.Popen[bytes]":
        log = (self._folder / f"{what}.log").open("ab")
        return subprocess.Popen(  # noqa: S603 - our own Spark
            [self._home / "bin" / "spark-class", f"org.apache.spark.deploy.{what}", *args, "--webui-port", "0"],
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(self._home)},
        )


def run(
    settings: Settings, home: Path, pulled: Path, during: dict[str, Callable[[], None]] | None = None
) -> dict[str, Any]:
    """One run of a home of its own, made of what was pulled: seconds by step, and what was published."""
    settings = _home_of(settings, home, pulled)
    seconds: dict[str, float] = {}
    steps = _timed(steps_of(settings), seconds, during or {})
    started, before = time.monotonic(), _processor_seconds()
    run_steps(settings, Request(offline=True, full_refresh=True), steps)
    seconds["all"] = time.monotonic() - started
    seconds["processor"] = _processor_seconds() - before
    manifest = snapshots(settings)[0].manifest
    said = {"name": home.name, "hash": manifest["content_hash"], "rows": manifest["row_counts"]}
    return said | seconds | {"file": settings.current.resolve() / "warehouse.duckdb"}


def _home_of(settings: Settings, home: Path, pulled: Path) -> Settings:
    home.mkdir()
    shutil.copyfile(pulled / "register.sqlite", home / "register.sqlite")
    (home / "archive").symlink_to(pulled / "archive")
    return settings.model_copy(update={"home": home})


def reading(settings: Settings, home: Path, pulled: Path, cluster: Cluster, times: int) -> str:
    """The step `read` alone: its seconds, and the seconds of processor of what runs below each worker."""
    settings = _home_of(settings, home, pulled)
    items = [known.item for known in registered(settings.register)]
    sources = read_sources(settings.sources_file)
    found = []
    for _ in range(times):
        started, before = time.monotonic(), [_seconds_below(worker.pid) for worker in cluster.workers]
        steps_of(settings).read(items, sources, settings, len(items))
        took = time.monotonic() - started
        below = [_seconds_below(worker.pid) - was for worker, was in zip(cluster.workers, before, strict=True)]
        found += [f"{took:.1f} s", f"{' + '.join(f'{each:.1f}' for each in below)} s of processor"]
    return "\t".join([home.name, *found])


def _processor_seconds() -> float:
    """Of this process and of all below it that live or were waited for."""
    return _seconds_below(os.getpid())


def _seconds_below(pid: int) -> float:
    import psutil

    found = 0.0
    ours = psutil.Process(pid)
    for process in [ours, *ours.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            found += sum(process.cpu_times()[:4])  # user and system, own and of children that ended
    return found


def _timed(steps: Steps, seconds: dict[str, float], during: dict[str, Callable[[], None]]) -> Steps:
    def watched(name: str) -> Callable[..., Any]:
        step = getattr(steps, name)

        def timed(*args: Any) -> Any:
            started = time.monotonic()
            if name in during:
                threading.Thread(target=during[name], daemon=True).start()
            done = step(*args)
            seconds[name] = time.monotonic() - started
            return done

        return timed

    # the pages are the same on any engine and are not measured here
    return replace(steps, show=lambda *_: None, **{name: watched(name) for name in _STEPS})


def _once(is_so: Callable[[], bool], act: Callable[[], None]) -> Callable[[], None]:
    def watch() -> None:
        while not is_so():
            time.sleep(0.5)
        act()

    return watch


def _is_at_work(worker: "subprocess.Popen[bytes]") -> bool:
    """Is a Python worker of this worker's executor in the middle of a task? It has reckoned for some seconds then."""
    import psutil

    with suppress(psutil.NoSuchProcess):
        below = psutil.Process(worker.pid).children(recursive=True)
        return any("pyspark.daemon" in each.cmdline() and each.cpu_times().user > 3 for each in below)
    return False


@contextmanager
def _cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    folder.mkdir(exist_ok=True)
    cluster = Cluster(folder, workers)
    try:
        yield cluster
    finally:
        cluster.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError(f"the master does not listen on port {port}")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--workers", type=int, nargs="*")
    parser.add_argument("--reading", action="store_true")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--duckdb", action="store_true")
    parser.add_argument("--pulled", type=Path)
    parser.add_argument("--parity", type=Path, metavar="FOLDER")
    asked = parser.parse_args(argv)
    if asked.workers is None:
        asked.workers = [] if asked.parity else [1, 2]
    with tempfile.TemporaryDirectory(prefix="spark-measured-") as temporary:
        if asked.reading:
            return _reading(asked, Path(temporary))
        results = []
        print("\t".join(_HEAD))
        for result in _runs(asked, Path(temporary)):
            cells = [result[key] for key in _HEAD]
            print("\t".join(f"{cell:.1f}" if isinstance(cell, float) else str(cell)[:12] for cell in cells), flush=True)
            results.append(result)
        first, *others = results
        print("rows", {name: count for name, count in first["rows"].items() if name.startswith(("fct_", "audit_rep"))})
        print("all rows", sum(first["rows"].values()), "in", len(first["rows"]), "marts")
        found = []
        for other in others:
            found += differences({first["name"]: first["file"], other["name"]: other["file"]})
    if others:
        print("\n".join(found) or "the same marts, row for row")
    return 1 if found else 0


def _reading(asked: argparse.Namespace, folder: Path) -> int:
    settings = Settings(home=folder / "pulled", sources=folder / "sources.csv")
    write_reports(folder, asked.reports)
    look(settings)
    os.environ.setdefault("SPARK_CONF_DIR", str(folder))
    for workers in asked.workers:
        with _cluster(folder / f"cluster{workers}", workers) as cluster:
            on_spark = settings.model_copy(update={"engine": "spark", "spark_master": cluster.master})
            print(reading(on_spark, folder / f"workers{workers}", settings.home, cluster, asked.times), flush=True)
            spark_session(on_spark).stop()
    return 0


def _write_sources(folder: Path, file: Path) -> None:
    """A registry with each folder of `folder` that holds files as a source, and as a publisher."""
    holding = sorted({path.parent for path in folder.rglob("*") if path.is_file()})
    with file.open("w", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened, lineterminator="\n")
        rows.writerow(["id", "kind", "location", "publisher", "place", "language", "schedule", "enabled"])
        for number, place in enumerate(holding):
            rows.writerow([f"s{number}", "folder", f"{place}/*", place.name, "", "", "", "true"])


def _runs(asked: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    pulled = (asked.pulled or folder / "pulled").resolve()
    settings = Settings(home=pulled, sources=(pulled if asked.pulled else folder) / "sources.csv", spark_tests=False)
    if asked.parity:
        _write_sources(asked.parity.resolve(), folder / "sources.csv")
        look(settings)
    elif not asked.pulled:
        write_reports(folder, asked.reports)
        look(settings)
    elif published := snapshots(settings):
        manifest = published[-1].manifest  # the oldest one: what others are compared with
        said = {"name": "pulled", "hash": manifest["content_hash"], "rows": manifest["row_counts"]}
        file = settings.generations / manifest["generation"] / "warehouse.duckdb"
        yield said | dict.fromkeys((*_STEPS, "all", "processor"), 0.0) | {"file": file}
    (folder / "spark-defaults.conf").write_text(_DEFAULTS)
    os.environ.setdefault("SPARK_CONF_DIR", str(folder))
    if asked.duckdb or asked.parity:
        yield run(settings.model_copy(update={"engine": "duckdb"}), folder / "duckdb", pulled)
    if asked.parity:
        yield run(settings.model_copy(update={"engine": "spark", "spark_master": "local[*]"}), folder / "spark", pulled)
    for workers in asked.workers:
        with _cluster(folder / f"cluster{workers}", workers) as cluster:
            on_spark = settings.model_copy(update={"engine": "spark", "spark_master": cluster.master})
            yield run(on_spark, folder / f"workers{workers}", pulled)
    if asked.kill:
        with _cluster(folder / "cluster-killed", 2) as cluster:
            on_spark = settings.model_copy(update={"engine": "spark", "spark_master": cluster.master})
            reread = folder / "killed" / "lake" / "tables" / "intermediate.db" / "int_figures_reread"

            def is_reading() -> bool:
                return _is_at_work(cluster.workers[0])

            def replace_one() -> None:
                cluster.kill_worker()
                cluster.add_worker()

            during = {"read": _once(is_reading, replace_one), "transform": _once(reread.exists, cluster.kill_worker)}
            yield run(on_spark, folder / "killed", pulled, during)


if __name__ == "__main__":
    sys.exit(main())
