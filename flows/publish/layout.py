"""The marts without a row: tables with their keys, views, and the comments on all of them.

DuckDB takes a comment a statement, and there are one and a half thousand: most of what publishing a few reports would
take. So the empty file is kept beside the build file, under the hash of all that makes it, and every generation begins
as a copy of it.
"""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

from flows.publish.snapshots import sync
from flows.record.sql import quoted
from flows.settings import Settings

_NAMED = "empty-{}.duckdb"


def lay_out(file: Path, statements: Sequence[str], settings: Settings, block_size: int) -> None:
    """Make `file`, a database in which `statements` have been run, in blocks of so many bytes.

    The statements name things of the schema that they create themselves, without a database. A kept copy that cannot
    be opened is made anew. Raises duckdb.Error where a statement fails.
    """
    import duckdb

    told = [duckdb.__version__, settings.storage_version, str(block_size), *statements]
    name = _NAMED.format(hashlib.sha256("\0".join(told).encode()).hexdigest()[:16])
    kept = settings.build_file.parent / name
    if not _opens(kept):
        _make(kept, statements, settings, block_size)
        for other in _others(kept):
            other.unlink()
    shutil.copyfile(kept, file)


def _opens(file: Path) -> bool:
    import duckdb

    with suppress(duckdb.Error):
        duckdb.connect(file, read_only=True).close()
        return True
    return False


def _make(file: Path, statements: Sequence[str], settings: Settings, block_size: int) -> None:
    """Beside it, and then in its place: a killed publish leaves no half of one."""
    import duckdb

    aside = file.with_suffix(".new")
    aside.unlink(missing_ok=True)
    with closing(duckdb.connect(config=settings.database())) as con:
        format_of_file = f"storage_version '{settings.storage_version}', block_size {block_size}"
        con.execute(f"attach '{quoted(aside)}' as empty ({format_of_file})")
        con.execute("use empty")
        con.execute("begin")
        for statement in statements:
            con.execute(statement)
        con.execute("commit")
        con.execute("checkpoint empty")
        con.execute("use memory")
        con.execute("detach empty")
    sync(aside)
    aside.rename(file)


def _others(kept: Path) -> Iterator[Path]:
    for pattern in (_NAMED.format("*"), "empty-*.new*"):
        yield from (file for file in kept.parent.glob(pattern) if file != kept)
