"""What goes wrong with a machine, one by one, with the real thing: `python -m tests.crash.faults`, or `make crash`.

Each fault is done to a home in which new work waits. Where the run cannot go on, its words must name the place and the
mend, and the published snapshot must be whole; once mended, the next run must leave what an undisturbed one leaves.
"""

import argparse
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path

import duckdb

from flows.load.upkeep import SCHEMA_VERSION
from flows.operations import Request, steps, writer
from flows.operations.backup import backup, restore
from flows.operations.doctor import examine
from flows.operations.handwritten import check_handwritten
from flows.operations.troubles import told
from flows.publish import snapshots
from flows.pull import registered
from flows.settings import PROJECT
from tests.crash.warm import FEW, Ground, TornError, alone, fork, join, perform, said_by, steps_of

NOBODY = 65534
_BACK = timedelta(days=400)


class Impossible(Exception):  # noqa: N818 - no error: the machine does not let us try
    """This fault cannot be made here."""


@dataclass(frozen=True)
class Fault:
    """`befall` does it, mends it, and leaves the rest to the next run; `during` lasts for the time of that run."""

    befall: Callable[[Ground], None]
    during: Callable[[], None] = lambda: None
    request: Request | None = None

    @property
    def name(self) -> str:
        return self.befall.__name__.replace("_", " ")


def complaint(ground: Ground, *, under: Callable[[], None] = lambda: None) -> str:
    """What a run says that cannot go on, in the words a person sees; empty where it went on to its end."""
    ear, mouth = os.pipe()

    def run() -> None:
        under()
        try:
            perform(ground.settings, ground.steps)
        except BaseException as error:
            words = told(error)
            if words is None:
                raise
            os.write(mouth, words.encode()[:4000])  # a file could be what does not work

    try:
        alone(run)
    finally:
        os.close(mouth)
        with open(ear, "rb") as heard:
            words = heard.read().decode("utf-8", "replace")
    return words


def must_say(ground: Ground, words: str, *expected: str) -> None:
    """The words have all that is expected in them, and what is published is whole."""
    missing = [each for each in expected if each not in words]
    if missing:
        raise TornError(f"the run says {words!r}, without {missing}")
    ground.check_whole()


# --- the disk -----------------------------------------------------------------------------------------------------


def full_disk(ground: Ground) -> None:
    """A file system of its own that fills up early, in the middle and late."""
    home = ground.settings.home
    with mounted(home, "-t", "tmpfs", "-o", "size=300m", "tmpfs"):
        shutil.copytree(home.with_name("base"), home, symlinks=True, dirs_exist_ok=True)
        for left in (8, 600, 3000):
            used = shutil.disk_usage(home).used // 1024
            _mount("-o", f"remount,size={used + left}k", home)
            must_say(ground, complaint(ground), "make room", "nothing is lost")
        _mount("-o", "remount,size=300m", home)
        ground.check_rerun()
    ground.reset()


def a_limit_on_files(ground: Ground) -> None:
    """No file may grow beyond a limit: what a quota looks like to DuckDB, and anybody may try it."""
    for limit in (20_000, 2_000_000):
        must_say(ground, complaint(ground, under=partial(_limit_files, limit)), "make room", "nothing is lost")


def _limit_files(limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def a_small_limit_on_files(ground: Ground) -> None:
    """So small that the first thing a run writes is over it."""
    must_say(ground, complaint(ground, under=partial(_limit_files, 20_000)), "make room", "nothing is lost")


def an_archive_that_is_read_only(ground: Ground) -> None:
    _must_want_to_write(ground, "archive")


def a_folder_that_is_read_only(ground: Ground) -> None:
    for name in ("archive", "build", "generations"):
        _must_want_to_write(ground, name)


def _must_want_to_write(ground: Ground, name: str) -> None:
    with read_only(ground.settings.home / name):
        must_say(ground, complaint(ground), name, "read-only" if os.geteuid() == 0 else "permission denied")


def a_home_of_somebody_else(ground: Ground) -> None:
    home = ground.settings.home

    def another() -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setuid(NOBODY)

    mode = home.stat().st_mode
    home.chmod(0o555)
    try:
        must_say(ground, complaint(ground, under=another), "permission denied; the account that runs gongbao")
    finally:
        home.chmod(mode)


# --- the clock, other runs, people --------------------------------------------------------------------------------


def a_clock_set_back(ground: Ground) -> None:
    """The base was made today; the next run believes that it is more than a year earlier."""


def set_clock_back() -> None:
    class Earlier(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Earlier":
            return super().now(tz) - _BACK

    for name, module in list(sys.modules.items()):
        if name.startswith(("flows.", "expectations.")) and getattr(module, "datetime", None) is datetime:
            module.datetime = Earlier  # type: ignore[attr-defined]
    real, real_ns = time.time, time.time_ns
    time.time = lambda: real() - _BACK.total_seconds()
    time.time_ns = lambda: real_ns() - int(_BACK.total_seconds()) * 10**9


def two_runs_at_once(ground: Ground) -> None:
    children = [fork(lambda: perform(ground.settings, ground.steps)) for _ in range(2)]
    for child in children:
        join(child)


def an_interrupt(ground: Ground) -> None:
    """Ctrl-C, or the end of a deployment: the run ends, its lock is free, and what was published stays."""
    for step in ("transform", "publish"):
        file = ground.settings.home.with_suffix(".reached")
        file.unlink(missing_ok=True)
        real = getattr(ground.steps, step)

        def reached(*args: object, real: Callable[..., object] = real, file: Path = file) -> object:
            signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
            file.touch()
            return real(*args)

        slow = replace(ground.steps, **{step: reached})
        child = fork(lambda slow=slow: perform(ground.settings, slow))
        while not file.exists():
            time.sleep(0.01)
        time.sleep(0.3)
        os.kill(child, signal.SIGINT)
        _, status = os.waitpid(child, 0)
        words = said_by(child)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
            continue  # it was over before
        if os.WIFSIGNALED(status) or not any(said in words for said in ("KeyboardInterrupt", "Query interrupted")):
            raise TornError(f"an interrupt in {step} ended with status {status}: {words}")
        if who := writer(ground.settings):
            raise TornError(f"after an interrupt in {step} the lock is held by {who}")
        ground.check_whole()


def blocked_sockets(ground: Ground) -> None:
    """No source here asks for a connection, so none may be opened."""


def block_sockets() -> None:
    def refuse(event: str, args: tuple[object, ...]) -> None:
        if event == "socket.getaddrinfo" or (
            event == "socket.connect" and getattr(args[0], "family", None) != socket.AF_UNIX
        ):
            os.write(2, f"{event} {args}\n".encode())
            os._exit(3)

    sys.addaudithook(refuse)


# --- files that somebody or something changed ---------------------------------------------------------------------


def damaged_caches(ground: Ground) -> None:
    target = ground.settings.build_file.parent / "target"
    for file in [*target.glob("*.json"), *target.glob("*.msgpack"), ground.settings.site / ".pages.json"]:
        file.write_bytes(b"\x00{[garbage" * 50)


def lost_texts(ground: Ground) -> None:
    for file in ground.settings.texts.glob("*.txt"):
        file.unlink()


def a_build_file_that_is_no_longer_one(ground: Ground) -> None:
    ground.settings.build_file.write_bytes(os.urandom(200_000))


def a_build_file_with_a_hole(ground: Ground) -> None:
    """The header is whole, what it leads to is not: the run says so, and a full refresh mends it."""
    size = ground.settings.build_file.stat().st_size
    with ground.settings.build_file.open("r+b") as file:
        for part in range(1, 8):
            file.seek(size * part // 8)
            file.write(b"\xff" * 300_000)
    must_say(ground, complaint(ground), "gongbao.duckdb", "gongbao run --full-refresh")


def a_published_file_cut_off(ground: Ground) -> None:
    file = ground.settings.current / "warehouse.duckdb"
    with file.open("r+b") as published:
        published.truncate(4096)


def a_register_that_is_garbage(ground: Ground) -> None:
    """Named, with its mend; here the very bytes come back, so that the build file may stay."""
    was = ground.settings.register.read_bytes()
    ground.settings.register.write_bytes(b"SQLite format 3\x00" + os.urandom(20_000))
    must_say(ground, complaint(ground), "register.sqlite", "gongbao restore")
    ground.settings.register.write_bytes(was)


def a_damaged_register(ground: Ground) -> None:
    """The backup brings it back."""
    kept = ground.settings.home.with_suffix(".tar.gz")
    alone(lambda: backup(ground.settings, kept) and None)
    ground.settings.register.write_bytes(b"SQLite format 3\x00" + os.urandom(20_000))
    must_say(ground, complaint(ground), "register.sqlite", "gongbao restore")
    alone(lambda: restore(ground.settings, kept, overwrite=True) and None)
    ground.check_whole()


def a_registry_half_saved(ground: Ground) -> None:
    file = ground.settings.sources_file
    was = file.read_bytes()
    file.write_bytes(was.rpartition(b",")[0])  # the last cell of the last line is not there yet
    must_say(ground, complaint(ground), "sources.csv, line 2", "quote cells that hold commas")
    file.write_bytes(was)


def csvs_edited_by_hand(ground: Ground) -> None:
    """Those of a report that is loaded: `doctor` names file and line, and nothing is read from them before the report
    is read anew, which writes them again. Those of one that an earlier fault kept from being loaded are written again
    by the run."""
    files = [*ground.settings.pulled.glob("*/figures.csv")]
    waiting = {known.item.report_id for known in registered(ground.settings.register) if known.state == "pulled"}
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text("".join([*lines[:2], "a;b;c\n", *lines[3:]]), encoding="utf-8")

    def look() -> None:
        said = "".join(check.found for check in examine(ground.settings))
        missing = [file for file in files if f"{file}, line 3" not in said and file.parent.name not in waiting]
        if missing or "gongbao rerun" not in said:
            raise TornError(f"the doctor does not name {missing} and the mend: {said}")

    alone(look)


def a_vocabulary_half_saved(ground: Ground) -> None:
    """A hand-written CSV with a broken line: nothing is read with it."""
    seeds = ground.settings.home.with_suffix(".seeds")
    shutil.copytree(PROJECT / "seeds", seeds, ignore=shutil.ignore_patterns("pulled", "reports"), dirs_exist_ok=True)
    lines = (seeds / "vocabulary" / "units.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    lines[4] = lines[4][:3] + "\n"
    (seeds / "vocabulary" / "units.csv").write_text("".join(lines), encoding="utf-8")

    def use() -> None:
        steps.check_handwritten = lambda: check_handwritten(seeds)  # type: ignore[attr-defined]

    must_say(ground, complaint(ground, under=use), "units.csv, line 5", "save it as UTF-8 CSV", "nothing was read")


# --- other versions -----------------------------------------------------------------------------------------------


def an_older_schema(ground: Ground) -> None:
    _schema(ground, SCHEMA_VERSION - 1, "alter table raw.reports drop column supersedes")


def a_newer_schema(ground: Ground) -> None:
    """It is refused untouched; the archive alone gives the same content."""
    _schema(ground, SCHEMA_VERSION + 1, "select 1")
    was = ground.settings.build_file.read_bytes()
    must_say(ground, complaint(ground), "install the newer gongbao", "gongbao run --full-refresh")
    if ground.settings.build_file.read_bytes() != was:
        raise TornError("a build file of a newer gongbao was changed")


def _schema(ground: Ground, version: int, change: str) -> None:
    def do() -> None:
        with closing(duckdb.connect(ground.settings.build_file)) as con:
            con.execute(change)
            con.execute("update raw.schema_version set version = ?", [version])

    alone(do)


ANEW = Request(full_refresh=True)
#: What costs little, in one home before one run: CI tries it.
QUICK = (
    Fault(an_archive_that_is_read_only),  # first: nothing is archived yet
    Fault(a_registry_half_saved),
    Fault(a_vocabulary_half_saved),
    Fault(a_home_of_somebody_else),
    Fault(a_small_limit_on_files),
    Fault(a_register_that_is_garbage),
    Fault(csvs_edited_by_hand),
    Fault(damaged_caches),
    Fault(lost_texts),
    Fault(a_published_file_cut_off),
    Fault(a_clock_set_back, set_clock_back),
    Fault(blocked_sockets, block_sockets),
)
#: Faults of one group befall one home, one after another, before one run; those that last for the run last together.
GROUPS = (
    (Fault(full_disk),),
    (
        Fault(a_folder_that_is_read_only),  # first: nothing is archived yet
        Fault(a_vocabulary_half_saved),
        Fault(a_home_of_somebody_else),
        Fault(a_limit_on_files),
        Fault(a_registry_half_saved),
        Fault(csvs_edited_by_hand),
        Fault(an_interrupt),
        Fault(a_published_file_cut_off),
    ),
    (
        Fault(damaged_caches),
        Fault(lost_texts),
        Fault(a_clock_set_back, set_clock_back),
        Fault(blocked_sockets, block_sockets),
    ),
    (Fault(two_runs_at_once),),
)
#: After these the warehouse is made from the archive alone.
GROUPS_ANEW = (
    (Fault(an_older_schema),),
    (Fault(a_damaged_register), Fault(a_build_file_that_is_no_longer_one)),
    (Fault(a_newer_schema), Fault(a_build_file_with_a_hole, request=ANEW)),
)


def suffer(ground: Ground, faults: Sequence[Fault]) -> None:
    """Let the faults befall a home, then run it. Raises TornError where something is lost, torn or not said."""
    ground.reset()
    for fault in faults:
        try:
            fault.befall(ground)
        except Impossible as reason:
            print(f"- {fault.name}: not tried, {reason}", flush=True)
        except TornError as error:
            raise TornError(f"{fault.name}: {error}") from error
        else:
            print(f"✓ {fault.name}", flush=True)
    steps_of_run = ground.steps

    def run() -> None:
        for fault in faults:
            fault.during()
        perform(ground.settings, steps_of_run, faults[-1].request)

    alone(run)
    try:
        ground.check_rerun()  # nothing is left to do, and all is there
    except TornError as error:
        raise TornError(f"after {', '.join(fault.name for fault in faults)}: {error}") from error
    newest = snapshots(ground.settings)[0]
    if not newest.is_current:
        raise TornError(f"the newest snapshot by name, {newest.generation}, is not the current one")


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Root may write anywhere but on a file system that is mounted for reading."""
    if os.geteuid():
        mode = folder.stat().st_mode
        folder.chmod(0o555)
        try:
            yield
        finally:
            folder.chmod(mode)
    else:
        with mounted(folder, "--bind", folder):
            _mount("-o", "remount,bind,ro", folder)
            yield


@contextmanager
def mounted(place: Path, *how: object) -> Iterator[None]:
    place.mkdir(parents=True, exist_ok=True)
    _mount(*how, place)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def _mount(*words: object) -> None:
    done = subprocess.run(["mount", *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Impossible(f"mount is not allowed here ({done.stderr.strip()})")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--one-by-one", action="store_true", help="a home and a run for every fault")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        every(Ground.lay(Path(folder)), one_by_one=given.one_by_one)


def every(ground: Ground, *, one_by_one: bool = False) -> None:
    """All faults, by group or each on its own."""
    for groups, models in ((GROUPS, FEW), (GROUPS_ANEW, ())):
        on = replace(ground, steps=steps_of(models))
        on.undisturbed(lambda on=on: perform(on.settings, on.steps))
        for faults in [(fault,) for group in groups for fault in group] if one_by_one else groups:
            suffer(on, faults)


if __name__ == "__main__":
    main()
