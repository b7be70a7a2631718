"""What the build file remembers between builds: the code it was made by, up to which change every test passed, and
whether what no report flows into (vocabularies, their dimensions) is as it was when all of it was last built.

The models keep the rest themselves, in the schema `state` (`macros/incremental/state.sql`).
"""

import hashlib
from collections.abc import Sequence
from contextlib import closing
from functools import lru_cache
from importlib.metadata import version

from flows.record.vocabulary import taught_file
from flows.settings import PROJECT, Settings

#: What the rows of a model are made by: its SQL, and the rooms that its Python models call.
_CODE = (
    "models/**/*.sql",
    "models/**/*.py",
    "macros/**/*.sql",
    "flows/relate/*.py",
    "flows/judge/*.py",
    "flows/record/*.py",
    "flows/judging.py",
    "seeds/vocabulary/judge_words.csv",
    "seeds/vocabulary/units.csv",
)
#: What else the tables and tests are made by that no report flows into.
_STANDING = ("seeds/vocabulary/*", "seeds/review/*", "models/**/*.yml", "tests/data/**/*", "dbt_project.yml")

#: Every table and test that a report, a run or a source flows into; the rest stands as long as its files do, views and
#: what dbt writes of the project in `target` too. Generic tests are asked together: macros/tests/test_together.sql.
OF_REPORTS = (
    "--select",
    *(f"source:gongbao+,{what}" for what in ("config.materialized:table", "config.materialized:incremental")),
    "source:gongbao+,test_type:singular",
    *("--indirect-selection", "empty", "--no-write-json"),
)

_NARROWED = ("--select", "-s", "--exclude", "--models", "-m", "--selector")

_PASSED = "every test passed"


def note_code(settings: Settings) -> None:
    """Say in the build file which code the next build is made by: another one makes every report stale."""
    import duckdb

    if not settings.build_file.exists():
        return
    with closing(duckdb.connect(settings.build_file, config=settings.database())) as con:
        if con.execute("select 1 from duckdb_tables() where schema_name = 'raw' and table_name = 'code'").fetchone():
            con.begin()
            con.execute("delete from raw.code")
            con.execute("insert into raw.code values (?)", [code_hash()])
            con.commit()


def stands(settings: Settings) -> bool:
    """Are vocabularies, reviews and the dbt project what they were when all of it was last built and tested?"""
    import duckdb

    if not settings.build_file.exists() or not (settings.build_file.parent / "target" / "manifest.json").exists():
        return False
    with closing(duckdb.connect(settings.build_file, read_only=True, config=settings.database())) as con:
        if not con.execute("select 1 from duckdb_tables() where table_name = 'standing'").fetchone():
            return False
        return con.execute("select fingerprint from state.standing").fetchall() == [(project_hash(),)]


def note_begun(settings: Settings, args: Sequence[str]) -> None:
    """Before a build of more than OF_REPORTS: one that fails half way leaves nobody knowing what stands."""
    import duckdb

    if not settings.build_file.exists() or args[0] not in ("build", "run", "seed") or is_of_reports(args):
        return
    with closing(duckdb.connect(settings.build_file, config=settings.database())) as con:
        con.execute("drop table if exists state.standing")


def note_passed(settings: Settings, args: Sequence[str]) -> None:
    """After a build in which nothing failed: these reports need no test again as they are; and after one of everything
    that no report flows into: that stands."""
    import duckdb

    of_reports = is_of_reports(args)
    if args[0] != "build" or (_is_narrowed(args) and not of_reports):
        return
    with closing(duckdb.connect(settings.build_file, config=settings.database())) as con:
        con.begin()
        con.execute("delete from state.models where model_name = ?", [_PASSED])
        con.execute(
            "insert into state.models select ?, coalesce(max(series_changed_in), 0) from state.reports", [_PASSED]
        )
        if not of_reports:
            con.execute("create or replace table state.standing as select $1 as fingerprint", [project_hash()])
        con.commit()


def _is_narrowed(args: Sequence[str]) -> bool:
    return any(arg in _NARROWED for arg in args)


def is_of_reports(args: Sequence[str]) -> bool:
    """Is the build narrowed by OF_REPORTS, and by nothing else?"""
    rest = len(args) - len(OF_REPORTS)
    return rest > 0 and tuple(args[rest:]) == OF_REPORTS and not _is_narrowed(args[:rest])


@lru_cache
def code_hash() -> str:
    """SHA-256 of the code that the rows of the models are made by."""
    return _hash_of(_CODE)


def project_hash() -> str:
    """What dbt's project is made of, its vocabularies and what this home was taught too, and of which tools.

    Read anew each time: a vocabulary may be taught while a process serves.
    """
    taught = taught_file()
    own = hashlib.sha256(taught.read_bytes()).hexdigest() if taught is not None and taught.exists() else ""
    tools = (f"{name} {version(name)}" for name in ("dbt-core", "dbt-duckdb"))
    return " ".join([_hash_of((*_CODE, *_STANDING)), own, *tools])


def _hash_of(patterns: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for pattern in patterns:
        for file in sorted(PROJECT.glob(pattern)):
            if file.is_file():
                digest.update(f"{file.relative_to(PROJECT)}\0".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()
