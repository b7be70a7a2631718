"""What goes wrong on a machine, in words: which file, what about it, and the mend."""

import errno
import sqlite3

from expectations import GateError
from flows.load import LoadError, TransformError
from flows.operations.lock import BusyError
from flows.publish import PublishError
from flows.pull import PullError, RegisterError, SourcesError
from flows.record.processes import ProcessError

#: Errors that say file, value and mend themselves.
_TOLD = (
    BusyError,
    GateError,
    LoadError,
    PublishError,
    PullError,
    RegisterError,
    SourcesError,
    TransformError,
    ProcessError,
)

INTERRUPTED = "interrupted; what was published stays, and the next run takes up what waits"

_MENDS = {
    errno.ENOSPC: "the disk is full; make room (`gongbao doctor` says what takes it) and run again, nothing is lost",
    errno.EDQUOT: "the quota is used up; make room and run again, nothing is lost",
    errno.EFBIG: "a file may grow no further (ulimit -f); make room by raising it and run again, nothing is lost",
    errno.EROFS: "the file system is read-only; mount it for writing, or name another GONGBAO_HOME",
    errno.EACCES: "permission denied; the account that runs gongbao must own its home",
    errno.EPERM: "permission denied; the account that runs gongbao must own its home",
    errno.EIO: "the disk cannot be read; look at it, then `gongbao restore` from a backup",
}


class MistakenError(ValueError):
    """What was asked for cannot be done; the message says why and what can."""


def told(error: BaseException) -> str | None:
    """The words for an error that a person can mend; None for one that only a developer can."""
    if isinstance(error, RuntimeError) and "Query interrupted" in str(error):  # what DuckDB makes of Ctrl-C
        return INTERRUPTED
    if isinstance(error, (*_TOLD, MistakenError)):
        return _with_mend(str(error))
    if isinstance(error, OSError) and error.errno in _MENDS:
        where = error.filename2 or error.filename
        return f"{where}: {_MENDS[error.errno]}" if where else _MENDS[error.errno]
    if isinstance(error, sqlite3.Error):
        return _with_mend(f"register.sqlite: {error}")
    if type(error).__module__.startswith(("duckdb", "_duckdb")):
        return _with_mend(str(error), "if the file is damaged, `gongbao run --full-refresh` builds it again")
    return None


#: What the tools below us say, and what it means.
_SAID = {
    "Out of Memory Error": "DuckDB may hold GONGBAO_MEMORY_MIB at a time and more is needed (keys must fit); "
    "set it higher, such as GONGBAO_MEMORY_MIB=2048, and run again, nothing is lost",
    "No space left": _MENDS[errno.ENOSPC],
    "database or disk is full": _MENDS[errno.ENOSPC],
    "Could not write": _MENDS[errno.ENOSPC],
    "File too large": _MENDS[errno.EFBIG],
    "disk I/O error": "the disk is full, over a limit, or cannot be read; make room and run again, nothing is lost",
    "Read-only file system": _MENDS[errno.EROFS],
    "readonly database": _MENDS[errno.EROFS],
    "unable to open database file": _MENDS[errno.EACCES],
    "Permission denied": _MENDS[errno.EACCES],
    "onflicting lock": "another program has the build file open; close it. BI reads current/warehouse.duckdb only",
    "orrupt": "build/gongbao.duckdb is damaged; `gongbao run --full-refresh` builds it again from the archive",
    "checksum": "build/gongbao.duckdb is damaged; `gongbao run --full-refresh` builds it again from the archive",
    "malformed": "the file is damaged; `gongbao restore` it from a backup",
    "not a database": "the file is damaged; `gongbao restore` it from a backup",
}


def _with_mend(words: str, otherwise: str = "") -> str:
    mend = next((mend for said, mend in _SAID.items() if said in words and mend not in words), otherwise)
    return f"{words}\n{mend}" if mend else words
