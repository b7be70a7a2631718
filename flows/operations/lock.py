"""One writer to a home at a time, whoever starts it: the command, a deployment, another person."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from flows.operations.soundness import sweep
from flows.settings import Settings

_LOOK_AGAIN_SECONDS = 0.2


class BusyError(RuntimeError):
    """Another run is writing to this home."""


@contextmanager
def one_writer(settings: Settings, *, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the home's writer lock. Raises BusyError if another process still holds it after `wait_seconds`.

    The kernel frees the lock with its process, however that ends, so a killed run leaves none behind. Raises OSError
    where the home cannot be written.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    with lock_file(settings).open("a+") as file:
        _take(file, settings, wait_seconds)
        file.seek(0)
        if file.read():  # who held it before did not come to take its name out
            sweep(settings)
        file.truncate(0)
        file.write(f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def lock_file(settings: Settings) -> Path:
    """Where the lock is held; the file says by whom, and is empty where nobody holds it."""
    return settings.home / "writer.lock"


def writer(settings: Settings) -> str:
    """Who is writing to the home now; empty where nobody is."""
    try:
        file = lock_file(settings).open("r+")
    except FileNotFoundError:
        return ""
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read().strip() or "a process that has just started"
    return ""


def _take(file: IO[str], settings: Settings, wait_seconds: float) -> None:
    # a clock that is set back must not lengthen the wait
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() < deadline:
                time.sleep(_LOOK_AGAIN_SECONDS)
                continue
            file.seek(0)
            raise BusyError(
                f"another run is writing to {settings.home} ({file.read().strip() or 'just started'}); "
                "wait for it to end (`gongbao run --wait 600`), or name another GONGBAO_HOME"
            ) from None
        return
