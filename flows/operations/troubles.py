"""What goes wrong on a machine, in words: which file, what about it, and the mend."""

import errno
import sqlite3

from expectations import GateError
from flows.load import LoadError, TransformError
from flows.operations.lock import BusyError
from flows.publish import PublishError
from flows.pull import PullError, RegisterError, SourcesError

#: Errors that say file, value and mend themselves.
_TOLD = (BusyError, GateError, LoadError, PublishError, PullError, RegisterError, SourcesError, TransformError)

_MENDS = {
    errno.ENOSPC: "the disk is full; make room (`gongbao doctor` says what takes it) and run again, nothing is lost",
    errno.EDQUOT: "the quota is used up; make room and run again, nothing is lost",
    errno.EFBIG: "a file may not grow further (ulimit -f); raise the limit and run again, nothing is lost",
    errno.EROFS: "the file system is read-only; mount it for writing, or name another GONGBAO_HOME",
    errno.EACCES: "permission denied; the account that runs gongbao must own its home",
    errno.EPERM: "permission denied; the account that runs gongbao must own its home",
    errno.EIO: "the disk cannot be read; look at it, then `gongbao restore` from a backup",
}


class MistakenError(ValueError):
    """What was asked for cannot be done; the message says why and what can."""


def told(error: BaseException) -> str | None:
    """The words for an error that a person can mend; None for one that only a developer can."""
    if isinstance(error, (*_TOLD, MistakenError)):
        return _with_cause(error)
    if isinstance(error, OSError) and error.errno in _MENDS:
        where = error.filename2 or error.filename
        return f"{where}: {_MENDS[error.errno]}" if where else _MENDS[error.errno]
    if isinstance(error, sqlite3.Error):
        return f"register.sqlite: {error}; if the disk is full make room, if it is damaged `gongbao restore` it"
    if type(error).__module__.startswith(("duckdb", "_duckdb")):
        return _of_duckdb(str(error))
    return None


def _with_cause(error: BaseException) -> str:
    words = str(error)
    return f"{words}\n{_MENDS[errno.ENOSPC]}" if "No space left" in words else words


def _of_duckdb(words: str) -> str:
    if "No space left" in words or "Could not write" in words or "File too large" in words:
        return f"{words}\n{_MENDS[errno.ENOSPC]}"
    if "lock" in words.lower():
        return f"{words}\nanother program has the build file open; close it. BI reads current/warehouse.duckdb only"
    return f"{words}\nif the file is damaged, `gongbao run --full-refresh` builds it again from the archive"
