"""Kills runs with SIGKILL, everywhere, and looks at what is left. `make crash`; reproducible by its seed.

A run is a forked child of a process that has imported everything, so that one costs seconds. It dies in one of two
ways: at a chosen file operation (an audit hook counts what Python opens for writing, renames, removes, links; the
child kills itself right before that operation), or at a chosen moment (the parent kills it; DuckDB's own writes are
reached so). Moments and operations are drawn per step, so that every step is killed about equally often.

After every kill the published snapshot must open and hold what its manifest says; after every few, a run left alone
must end with the content hash of a run that nothing disturbed.
"""

import argparse
import json
import mmap
import os
import random
import shutil
import signal
import struct
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import wraps
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import great_expectations  # noqa: F401 - imported before the fork, so that a run costs what it does
from dbt.cli.main import dbtRunner  # noqa: F401

from flows.load import run_dbt
from flows.operations import Request, Steps, one_writer, run_steps
from flows.operations.steps import Transformed
from flows.publish import content_hash
from flows.pull import registered
from flows.settings import PROJECT, Settings

STEPS = ("pull", "read", "validate", "load", "transform", "publish", "show")
_WRITES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.link", "os.truncate", "sqlite3.connect"}
_KILLS_IN_A_ROW = 4


class TornError(AssertionError):
    """Something was lost or torn."""


@dataclass
class Probe:
    """What parent and child share: the step the child is in, and how many file operations it has done."""

    memory: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, 16))

    def write(self, step: int, count: int) -> None:
        self.memory[:16] = struct.pack("qq", step, count)

    def read(self) -> tuple[int, int]:
        step, count = struct.unpack("qq", self.memory[:16])
        return step, count


@dataclass(frozen=True)
class Course:
    """One step of an undisturbed run: its file operations and its seconds, first and last."""

    first_operation: int
    last_operation: int
    started: float
    ended: float


@dataclass
class Tally:
    """What the kills came to."""

    kills: Counter[str] = field(default_factory=Counter)
    escaped: int = 0  # the run was over before its moment came
    reruns: int = 0


def prepare(folder: Path) -> Settings:
    """A home with one published generation, and new work waiting: a new report, a changed one, one that is no text."""
    reports = folder / "reports"
    reports.mkdir(parents=True)
    samples = PROJECT / "seeds" / "reports" / "qinglan"
    first, *others = sorted(samples.glob("*.md"))
    shutil.copyfile(first, reports / first.name)
    (reports / "bulletin.txt").write_text("全市新增病例3例，累計病例95例。", encoding="utf-8")
    home = folder / "home"
    home.mkdir()
    (home / "sources.csv").write_text(
        f"id,kind,location,publisher,place\nq,folder,{reports}/*,青澜市卫生健康委员会,青澜市\n", encoding="utf-8"
    )
    settings = Settings(home=home, threads=1)
    _alone(lambda: perform(settings))
    for other in others:
        shutil.copyfile(other, reports / other.name)
    (reports / "bulletin.txt").write_text("全市新增病例5例，累計病例97例。", encoding="utf-8")
    (reports / "empty.txt").write_bytes(b"")
    for path in reports.iterdir():  # long ago, so that what is seen of a file once is remembered
        os.utime(path, (1_600_000_000, 1_600_000_000 + len(path.read_bytes())))
    shutil.copytree(home, folder / "base", symlinks=True)
    return settings


def perform(settings: Settings, steps: Steps | None = None) -> None:
    """A run as `gongbao run --plain` makes it."""
    with one_writer(settings, wait_seconds=30):
        run_steps(settings, Request(), steps or quick())


def quick() -> Steps:
    """The steps as they are, but without dbt's tests: they read, and take half of a build."""

    def transform(settings: Settings, full_refresh: bool) -> Transformed:
        build = ["build", "--exclude-resource-types", "unit_test", "test"]
        run_dbt([*build, "--full-refresh"] if full_refresh else build, settings)
        return Transformed([])

    return replace(Steps(), transform=transform)


def reset(settings: Settings) -> None:
    """The home as it was before the new work was taken up."""
    shutil.rmtree(settings.home)
    shutil.copytree(settings.home.parent / "base", settings.home, symlinks=True)


def watched(probe: Probe, at_step: Callable[[int], None] = lambda _: None) -> Steps:
    """The steps, each saying that it began."""

    def wrap(number: int, step: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(step)
        def begin(*args: Any) -> Any:
            probe.write(number, probe.read()[1])
            at_step(number)
            return step(*args)

        return begin

    plain = quick()
    return replace(plain, **{name: wrap(number, getattr(plain, name)) for number, name in enumerate(STEPS)})


def count_operations(probe: Probe, home: Path, kill_at: int | None = None) -> None:
    """Count what changes files below `home`; end this process, as the kernel would, before operation `kill_at`."""
    inside = str(home)

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = args
            writes = (isinstance(mode, str) and set(mode) & set("wax+")) or (flags or 0) & (os.O_WRONLY | os.O_RDWR)
            if not writes or not isinstance(path, str | os.PathLike) or not str(path).startswith(inside):
                return
        elif event not in _WRITES or not str(args[0]).startswith(inside):
            return
        step, count = probe.read()
        if count == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        probe.write(step, count + 1)

    sys.addaudithook(hook)


def survey(settings: Settings) -> dict[str, Course]:
    """Where the file operations and the seconds of an undisturbed run are."""
    file = settings.home.parent / "survey.json"

    def run() -> None:
        probe = Probe()
        began = time.monotonic()
        marks: list[tuple[int, int, float]] = []
        probe.write(0, 0)
        count_operations(probe, settings.home)
        perform(settings, watched(probe, lambda step: marks.append((step, probe.read()[1], time.monotonic() - began))))
        marks.append((len(STEPS), probe.read()[1], time.monotonic() - began))
        file.write_text(json.dumps(marks), encoding="utf-8")

    reset(settings)
    _alone(run)
    marks = json.loads(file.read_text(encoding="utf-8"))
    return {
        STEPS[step]: Course(operations, later[1], at, later[2]) for (step, operations, at), later in pairwise(marks)
    }


def kill_once(settings: Settings, course: Course, how: str, place: float) -> str | None:
    """Start a run and kill it at `place` (0 to 1) of a step. Returns the step it died in; None where it was over."""
    probe = Probe()
    probe.write(-1, 0)
    # the step may have fewer operations this time: what an earlier run did is not done again
    operation = course.first_operation + int(place * (course.last_operation - course.first_operation))
    child = os.fork()
    if child == 0:
        _silence()
        try:
            count_operations(probe, settings.home, operation if how == "operation" else None)
            perform(settings, watched(probe))
        except BaseException:  # noqa: BLE001 - a child that fails says why and ends here
            (settings.home.parent / "error.txt").write_text(traceback.format_exc(), encoding="utf-8")
            os._exit(1)
        os._exit(0)
    if how == "moment":
        _wait_until(child, course.started + place * (course.ended - course.started))
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return STEPS[max(probe.read()[0], 0)]
    if os.WEXITSTATUS(status):
        raise TornError(
            "a run after a kill failed:\n" + (settings.home.parent / "error.txt").read_text(encoding="utf-8")
        )
    return None


def check_whole(settings: Settings, allowed: Sequence[str]) -> None:
    """The published snapshot opens, holds what its manifest says, and is the one before or the one after."""
    file = settings.current / "warehouse.duckdb"
    with closing(duckdb.connect(file, read_only=True)) as con:
        found = content_hash(con)
    manifest = json.loads((settings.current / "manifest.json").read_text(encoding="utf-8"))
    if found != manifest["content_hash"]:
        raise TornError(f"{file.resolve()} holds {found}, its manifest says {manifest['content_hash']}")
    if found not in allowed:
        raise TornError(f"{file.resolve()} holds {found}, which is neither the old nor the new content")


def published(settings: Settings) -> str:
    """The content hash of what is published."""
    with closing(duckdb.connect(settings.current / "warehouse.duckdb", read_only=True)) as con:
        return content_hash(con)


def crash(kills: int, seed: int, folder: Path, say: Callable[[str], None] = print) -> Tally:
    """Kill `kills` runs, checking all the way. Raises TornError at the first thing lost or torn."""
    chance = random.Random(seed)  # noqa: S311 - reproducible on purpose
    settings = prepare(folder)
    before = _in_child(settings, published)
    courses = survey(settings)
    after = _in_child(settings, published)
    reports = _reports(settings)
    say(f"seed {seed}: " + ", ".join(f"{name} {each.ended - each.started:.1f} s" for name, each in courses.items()))
    tally = Tally()
    done = 0
    while done < kills:
        reset(settings)
        for _ in range(min(_KILLS_IN_A_ROW, kills - done)):
            step = STEPS[done % len(STEPS)]
            how = chance.choice(("operation", "moment"))
            died_in = kill_once(settings, courses[step], how, chance.random())
            _in_child(settings, lambda each: (check_whole(each, (before, after)), "")[1])
            if died_in is None:
                tally.escaped += 1
            else:
                tally.kills[died_in] += 1
                done += 1
            if died_in is None:
                reset(settings)
        _alone(lambda: perform(settings))
        tally.reruns += 1
        if (now := _in_child(settings, published)) != after:
            raise TornError(f"after {done} kills (seed {seed}) a rerun gives {now}, an undisturbed run {after}")
        if (kept := _reports(settings)) != reports:
            raise TornError(f"after {done} kills (seed {seed}) reports differ: {kept} and {reports}")
        say(f"{done} kills, {tally.reruns} reruns: same content")
    return tally


def _reports(settings: Settings) -> list[tuple[str, str]]:
    """Every report and what became of it; each has its bytes in the archive."""
    for known in registered(settings.register):
        if not (settings.archive / known.item.sha256[:2] / known.item.sha256).is_file():
            raise TornError(f"the bytes of {known.item.report_id} are gone")
    return sorted((known.item.report_id, known.state) for known in registered(settings.register))


def _wait_until(child: int, seconds: float) -> None:
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)


def _silence() -> None:
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)


def _alone(action: Callable[[], None]) -> None:
    """Do it in a child, so that this process, which forks, never starts a thread of DuckDB's."""
    child = os.fork()
    if child == 0:
        log = tempfile.gettempdir() + f"/crash-{os.getpid()}.txt"
        try:
            _silence()
            action()
        except BaseException:  # noqa: BLE001 - a child that fails says why and ends here
            Path(log).write_text(traceback.format_exc(), encoding="utf-8")
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    log = Path(tempfile.gettempdir()) / f"crash-{child}.txt"
    if status:
        raise TornError(log.read_text(encoding="utf-8") if log.exists() else f"a run left alone ended with {status}")


def _in_child(settings: Settings, ask: Callable[[Settings], str]) -> str:
    """The answer to a question that needs DuckDB."""
    answer = settings.home.parent / "answer.txt"
    _alone(lambda: answer.write_text(ask(settings), encoding="utf-8") and None)
    return answer.read_text(encoding="utf-8")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--kills", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        tally = crash(given.kills, given.seed, Path(folder))
    spread = ", ".join(f"{step} {tally.kills[step]}" for step in STEPS)
    print(f"{tally.kills.total()} kills ({spread}); 0 torn, 0 lost; {tally.reruns} reruns gave the same content")


if __name__ == "__main__":
    main()
