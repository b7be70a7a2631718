"""Prefect's server: the temporary one of a run, and what a killed run left of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from flows.settings import Settings

#: Set for the time of a run and inherited by the server it starts: `<pid>:<when that process was started>`.
MARK = "GONGBAO_SERVER_OF"


@contextmanager
def own_server(settings: Settings) -> Iterator[None]:
    """Prefect's database in the home, its temporary server marked as ours, and orphans of killed runs ended first."""
    end_orphans(settings)
    os.environ.setdefault("PREFECT_HOME", str(settings.home / "prefect"))
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
    os.environ[MARK] = mark_of(os.getpid())
    try:
        yield
    finally:
        os.environ.pop(MARK, None)


def mark_of(pid: int) -> str:
    """A process by its id and start, so that a number used again is not taken for it."""
    import psutil

    return f"{pid}:{psutil.Process(pid).create_time():.2f}"


def orphans(settings: Settings) -> list[int]:
    """Temporary servers of this home whose run is gone.

    Only a process that carries our mark, has this home's PREFECT_HOME and whose marked run no longer lives is one: a
    server that a person started has no mark, that of a living run has its run.
    """
    import psutil

    ours = str(settings.home / "prefect")
    found = []
    for process in psutil.process_iter(["pid"]):
        try:
            environment = process.environ()
        except (psutil.Error, OSError):  # gone meanwhile, or of another account
            continue
        mark = environment.get(MARK, "")
        if mark and environment.get("PREFECT_HOME") == ours and process.pid != os.getpid() and not _lives(mark):
            found.append(process.pid)
    return found


def end_orphans(settings: Settings) -> list[int]:
    """End the temporary servers that killed runs left. Returns their process ids."""
    import psutil

    ended = []
    for pid in orphans(settings):
        try:
            process = psutil.Process(pid)
            process.terminate()
            try:
                process.wait(5)
            except psutil.TimeoutExpired:
                process.kill()
            ended.append(pid)
        except psutil.NoSuchProcess:
            continue
    return ended


def _lives(mark: str) -> bool:
    import psutil

    pid = mark.partition(":")[0]
    try:
        return pid.isdecimal() and mark_of(int(pid)) == mark
    except psutil.NoSuchProcess:
        return False
