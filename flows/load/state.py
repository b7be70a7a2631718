"""What the build file remembers between builds: the code it was made by, and up to which change every test passed.

The models keep the rest themselves, in the schema `state` (`macros/incremental/state.sql`).
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
    "seeds/vocabulary/judge_words.csv",
    "seeds/vocabulary/units.csv",
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
        con.execute("delete from state.models where model_name = ?", [_PASSED])
        con.execute("insert into state.models select ?, coalesce(max(series_changed_in), 0) from state.reports", [_PASSED])
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
