"""The most memory that a piece of work takes, with the processes it starts: Linux tells it of the process itself, and
those beside it are looked at ten times a second."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_EVERY_SECONDS = 0.1
_PAGE = os.sysconf("SC_PAGE_SIZE")


@contextmanager
def watched() -> Iterator[list[float]]:
    """Holds one number once the work is done: MB at most, of this process and all below it at one time."""
    own = os.getpid()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak so far is forgotten
    together = 0
    ended = threading.Event()

    def look() -> None:
        nonlocal together
        while not ended.wait(_EVERY_SECONDS):
            if below := list(_below(own)):
                together = max(together, _resident(own) + sum(map(_resident, below)))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    peak: list[float] = []
    try:
        yield peak
    finally:
        ended.set()
        looking.join()
        peak.append(max(_highest(), together) / 2**20)


def _highest() -> int:
    """The most bytes of this process since its peak was forgotten."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def _below(process: int) -> Iterator[int]:
    """The processes that a process has started, and those that they have."""
    for task in _entries(Path(f"/proc/{process}/task")):
        for child in map(int, _said(task / "children").split()):
            yield child
            yield from _below(child)


def _resident(process: int) -> int:
    """Bytes in memory; none of a process that has just ended."""
    told = _said(Path(f"/proc/{process}/statm")).split()
    return int(told[1]) * _PAGE if told else 0


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        return []


def _said(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return ""
