"""The command `gongbao` from its first line to its last."""

import atexit
import gc
import os
import sys

from flows.cli import main

_left_with: list[int] = []


def gongbao() -> None:
    """Do what the command line asks for, and end the process as a run wants it to end."""
    atexit.register(_leave)  # the first to be registered is the last to be called
    try:
        main()
    except SystemExit as left:
        _left_with.append(left.code if isinstance(left.code, int) else int(left.code is not None))
        raise


def _leave() -> None:
    """Where large libraries were imported for good (`flows.record.memory`), leave them to the system.

    Everything is closed by now and everybody else has been called. Python would take down all but what no loop is
    looked for in, of which DuckDB's binding then says on stderr that it leaked. Looking for loops in it once more costs
    1.2 to 2 s of processor.
    """
    if not _left_with or not gc.get_freeze_count():
        return
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        return  # a pipe that nobody reads: Python says so itself, in the way it always does
    os._exit(_left_with[0])
