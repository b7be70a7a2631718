"""Kills runs with SIGKILL, everywhere, and looks at what is left. `make crash`; reproducible by its seed.

A run is a forked child of a process that has imported, parsed and read everything once, so that one costs seconds. It
dies in one of two ways: at a chosen file operation of a step (an audit hook counts what Python opens for writing,
renames, removes, links; the child kills itself right before that operation), or at a chosen moment of it, told by the
processor time spent in it (the parent kills it; DuckDB's own writes are reached so, and a busy machine moves little).
The kills of a step are spread evenly over its course: one in each of as many parts as there are chains.

Kills come in chains, one for every step: each run meets what the killed ones before it left. After every kill the
published snapshot must open, hold what its manifest says, and be the one before or the one after; at the end of a
chain a run left alone must end with the content, the reports and the pages of a run that nothing disturbed.
"""

import argparse
import json
import mmap
import os
import random
import signal
import struct
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, wraps
from pathlib import Path
from typing import Any

from flows.operations import Steps
from tests.crash.faults import QUICK, every, suffer
from tests.crash.warm import FEW, Ground, TornError, fork, join, perform, said_by
from tests.hostile.whole import hostile

STEPS = ("pull", "read", "validate", "load", "transform", "publish", "show")
_SHORT = 0.1  # seconds; no parent wakes up in the midst of such a step, so it dies at operations only
_WRITES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.link", "os.truncate", "sqlite3.connect"}


@dataclass
class Probe:
    """What parent and child share: the step the child is in, the file operations it has done in it, the processor
    seconds it had spent when the step began, and which steps it went through."""

    memory: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, 32))

    def enter(self, step: int) -> None:
        self.write(step, 0, time.process_time())
        self.memory[24 + step] = 1

    def entered(self, step: int) -> bool:
        return bool(self.memory[24 + step])

    def write(self, step: int, count: int, spent: float) -> None:
        self.memory[:24] = struct.pack("qqd", step, count, spent)

    def read(self) -> tuple[int, int, float]:
        step, count, spent = struct.unpack("qqd", self.memory[:24])
        return step, count, spent


@dataclass(frozen=True)
class Course:
    """One step of an undisturbed run: its file operations and its processor seconds."""

    operations: int
    seconds: float


@dataclass
class Tally:
    """What the kills came to."""

    kills: Counter[str] = field(default_factory=Counter)
    escaped: int = 0  # the run was over before its moment came
    reruns: int = 0

    @property
    def spread(self) -> str:
        """How many died in which step."""
        return ", ".join(f"{step} {self.kills[step]}" for step in STEPS)


@dataclass(frozen=True)
class Aim:
    """One kill: in which step, at an operation or a moment, how far into it (0 to 1)."""

    step: str
    how: str
    place: float


def watched(steps: Steps, probe: Probe, at_step: Callable[[], None] = lambda: None) -> Steps:
    """The steps, each saying that it begins; before that, `at_step` may look at what the one before it came to."""

    def wrap(number: int, step: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(step)
        def begin(*args: Any) -> Any:
            at_step()
            probe.enter(number)
            return step(*args)

        return begin

    return replace(steps, **{name: wrap(number, getattr(steps, name)) for number, name in enumerate(STEPS)})


def count_operations(probe: Probe, home: Path, kill_at: tuple[int, int] | None = None) -> None:
    """Count what changes files below `home`; end this process, as the kernel would, before the operation `kill_at`
    (step, number), or before the next one after it: a step may have fewer this time. One that is left out kills none.
    """
    inside = str(home)

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = args
            writes = (isinstance(mode, str) and set(mode) & set("wax+")) or (flags or 0) & (os.O_WRONLY | os.O_RDWR)
            if not writes or not isinstance(path, str | os.PathLike) or not str(path).startswith(inside):
                return
        elif event not in _WRITES or not str(args[0]).startswith(inside):
            return
        step, count, spent = probe.read()
        if kill_at is not None and probe.entered(kill_at[0]) and (step, count) >= kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        probe.write(step, count + 1, spent)

    sys.addaudithook(hook)


def survey(ground: Ground) -> dict[str, Course]:
    """Where the file operations and the processor seconds of an undisturbed run are; `ground` learns what it leaves."""
    file = ground.settings.home.with_suffix(".survey")

    def run() -> None:
        probe = Probe()
        marks: list[tuple[int, int, float]] = []

        def mark() -> None:
            step, operations, began = probe.read()
            marks.append((step, operations, time.process_time() - began))

        probe.write(-1, 0, 0.0)
        count_operations(probe, ground.settings.home)
        perform(ground.settings, watched(ground.steps, probe, mark))
        mark()
        file.write_text(json.dumps(marks[1:]), encoding="utf-8")

    ground.undisturbed(run)
    marks = json.loads(file.read_text(encoding="utf-8"))
    return {STEPS[step]: Course(operations, seconds) for step, operations, seconds in marks}


def kill_once(ground: Ground, course: Course, aim: Aim) -> str | None:
    """Start a run and kill it as `aim` says. Returns the step it died in; None where it was over before."""
    probe = Probe()
    probe.write(-1, 0, 0.0)
    operation = STEPS.index(aim.step), int(aim.place * course.operations)
    by_moment = aim.how == "moment" and course.seconds > _SHORT

    def run() -> None:
        count_operations(probe, ground.settings.home, None if by_moment else operation)
        perform(ground.settings, watched(ground.steps, probe))

    child = fork(run)
    if by_moment:
        status = _kill_at(child, probe, STEPS.index(aim.step), aim.place * course.seconds)
    else:
        _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return STEPS[max(probe.read()[0], 0)]
    if os.WEXITSTATUS(status):
        raise TornError(f"a run after a kill failed:\n{said_by(child)}")
    return None


def _kill_at(child: int, probe: Probe, step: int, seconds: float) -> int:
    """Kill the child once it has spent so many processor seconds in the step, or is past it. Returns its status."""
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        at, _, began = probe.read()
        if probe.entered(step) and (at > step or _spent(child) - began >= seconds):
            os.kill(child, signal.SIGKILL)
            return os.waitpid(child, 0)[1]
        time.sleep(0.001)


def _spent(pid: int) -> float:
    """Processor seconds of a process, all of its threads, by the clock that clock_getcpuclockid(3) names."""
    return time.clock_gettime((~pid << 3) | 2)


def planned(kills: int, seed: int) -> list[list[Aim]]:
    """The chains: each step once, in any order, the last one last (after it there is nothing to kill)."""
    count = -(-kills // len(STEPS))
    chance = random.Random(seed)  # noqa: S311 - reproducible on purpose
    places = {step: [(part + chance.random()) / count for part in chance.sample(range(count), count)] for step in STEPS}
    chains = [
        [
            Aim(step, chance.choice(("operation", "moment")), places[step][number])
            for step in [*chance.sample(STEPS[:-1], len(STEPS) - 1), STEPS[-1]]
        ]
        for number in range(count)
    ]
    return [chain[: kills - len(STEPS) * number] for number, chain in enumerate(chains)]


def crash(
    ground: Ground, courses: Mapping[str, Course], kills: int, seed: int, *, jobs: int = 1, only: Sequence[int] = ()
) -> Tally:
    """Kill `kills` runs, or of these the ones of the chains `only`, checking all the way. Raises TornError at the first
    thing lost or torn."""
    told = (f"{step} {each.seconds:.2f} s, {each.operations} operations" for step, each in courses.items())
    print(f"seed {seed}: {'; '.join(told)}", flush=True)
    chains = planned(kills, seed)

    def work(job: int) -> Tally:
        tally = Tally()
        own = ground.beside(f"home-{job}")
        for number in (only or range(len(chains)))[job::jobs]:
            _run_chain(own, courses, chains[number], tally)
            print(f"chain {number}: {tally.kills.total()} kills ({tally.spread}): same content", flush=True)
        return tally

    return _in_parallel(work, jobs, ground.settings.home.parent)


def _run_chain(ground: Ground, courses: Mapping[str, Course], aims: Sequence[Aim], tally: Tally) -> None:
    ground.reset()
    for aim in aims:
        died_in = kill_once(ground, courses[aim.step], aim)
        if died_in is None:  # an earlier kill of the chain left less to do than that: this one starts from before
            tally.escaped += 1
            ground.check_outcome()
            ground.reset()
            # by operations, which come whatever the clock does: a moment late in a step may be past its end this time
            died_in = kill_once(ground, courses[aim.step], replace(aim, how="operation"))
        if died_in is None:
            raise TornError(f"{aim} never came, although nothing was done yet")
        tally.kills[died_in] += 1
        try:
            ground.check_whole()
        except TornError as error:
            raise TornError(f"after {aim} of {list(aims)}: {error}") from error
    try:
        ground.check_rerun()
    except TornError as error:
        raise TornError(f"after {list(aims)}: {error}") from error
    tally.reruns += 1


def _in_parallel(work: Callable[[int], Tally], jobs: int, folder: Path) -> Tally:
    """Each job in a child of its own. Raises TornError if any of them does."""

    def one(job: int) -> None:
        tally = work(job)
        (folder / f"tally-{job}.json").write_text(json.dumps([tally.kills, tally.escaped, tally.reruns]))

    children = {job: fork(partial(one, job), silent=False) for job in range(jobs)}
    for child in children.values():
        join(child)
    total = Tally()
    for job in children:
        kills, escaped, reruns = json.loads((folder / f"tally-{job}.json").read_text(encoding="utf-8"))
        total = Tally(total.kills + Counter(kills), total.escaped + escaped, total.reruns + reruns)
    return total


def _others(ground: Ground, given: argparse.Namespace) -> None:
    if given.quick_faults:
        suffer(ground.beside("faults"), QUICK)
    if given.faults:
        every(ground.beside("faults"))
    if given.hostile:
        print(dict(hostile(ground, given.hostile, given.seed, given.material)), flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--kills", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--jobs", type=int, default=1, help="chains at a time; the same kills with any number")
    arguments.add_argument(
        "--chain", type=int, nargs="+", default=[], help="only these chains of all, to see them again"
    )
    arguments.add_argument("--all-models", action="store_true", help="dbt makes every model in every run")
    arguments.add_argument("--faults", action="store_true", help="afterwards every fault of tests/crash/faults.py")
    arguments.add_argument("--quick-faults", action="store_true", help="those of them that cost little, in one home")
    arguments.add_argument("--hostile", type=int, default=0, help="and so many reports of tests/hostile/mutants.py")
    arguments.add_argument("--material", type=Path, help="a folder of reports to mutate besides the samples")
    given = arguments.parse_args()
    began = os.times()
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        ground = Ground.lay(Path(folder), () if given.all_models else FEW)
        courses = survey(ground)
        others = fork(partial(_others, ground, given), silent=False)  # beside the kills, in homes of their own
        tally = crash(ground, courses, given.kills, given.seed, jobs=given.jobs, only=given.chain)
        print(
            f"{tally.kills.total()} kills ({tally.spread}), {tally.escaped} runs were over before, "
            f"{tally.reruns} reruns: 0 torn, 0 lost, same content and pages"
        )
        join(others)
    print(f"{sum(os.times()[:4]) - sum(began[:4]):.0f} s of processor")


if __name__ == "__main__":
    main()
