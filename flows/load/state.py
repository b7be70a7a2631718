"""What the build file remembers between builds: the code it was made by, and which reports have passed every test.

The models keep the rest themselves, in `state.report_versions` (`macros/incremental/`).
"""

import hashlib
from collections.abc import Sequence
from contextlib import closing
from functools import lru_cache

from flows.settings import PROJECT, Settings

#: What the rows of a model are made by: its SQL, and the rooms that its Python models call.
_CODE = (
    "models/**/*.sql",
    "models/**/*.py",
    "macros/**/*.sql",
    "flows/relate/*.py",
    "flows/judge/*.py",
    "flows/record/*.py",
)
_NARROWED = ("--select", "-s", "--exclude", "--models", "-m", "--selector")

_PASSED = "every test passed"


def note_code(settings: Settings) -> None:
    """Say in the build file which code the next build is made by: another one makes every report stale."""
    import duckdb

    if not settings.build_file.exists():
        return
    with closing(duckdb.connect(settings.build_file)) as con:
        if con.execute("select 1 from duckdb_tables() where schema_name = 'raw' and table_name = 'code'").fetchone():
            con.begin()
            con.execute("delete from raw.code")
            con.execute("insert into raw.code values (?)", [code_hash()])
            con.commit()


def note_passed(settings: Settings, args: Sequence[str]) -> None:
    """After a build of everything in which nothing failed: these reports need no test again as they are."""
    import duckdb

    if args[0] != "build" or any(arg in _NARROWED for arg in args):
        return
    with closing(duckdb.connect(settings.build_file)) as con:
        con.begin()
        con.execute("delete from state.report_versions where model_name = ?", [_PASSED])
        con.execute(
            "insert into state.report_versions select ?, report_id, version from intermediate.int_report_versions",
            [_PASSED],
        )
        con.commit()


@lru_cache
def code_hash() -> str:
    """SHA-256 of the code that the rows of the models are made by."""
    digest = hashlib.sha256()
    for pattern in _CODE:
        for file in sorted(PROJECT.glob(pattern)):
            digest.update(f"{file.relative_to(PROJECT)}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
