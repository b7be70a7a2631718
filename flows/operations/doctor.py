"""What `gongbao doctor` looks at: each check says what it found and the mend, and none changes anything."""

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from flows.operations.handwritten import mistakes
from flows.operations.lock import writer
from flows.operations.reading import quarantined
from flows.operations.servers import orphans
from flows.operations.soundness import is_duckdb, lacking, lost_register
from flows.publish import content_hash, snapshots
from flows.pull import SourcesError, archived_path, read_sources, registered
from flows.pull.ledger import half_forgotten
from flows.record.columns import CLAIMS, FIGURES, REPORT
from flows.settings import PROJECT, Settings
from flows.write import csv_rows

_FEW_BYTES = 1 << 30
_PYTHON = "3.11"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `state` is ok, warning (a person should look) or fault (the next run will fail or lie)."""

    name: str
    state: str
    found: str


def examine(settings: Settings) -> list[Check]:
    """All checks, in order. A check that itself breaks is a fault with its reason."""
    checks = []
    for name, look in _CHECKS.items():
        try:
            found = list(look(settings))
        except Exception as error:  # noqa: BLE001 - whatever it is, the doctor says so and goes on
            found = [("fault", f"{type(error).__name__}: {error}")]
        checks += [Check(name, state, words) for state, words in found or [("ok", "")]]
    return checks


Found = Iterator[tuple[str, str]]


def _python(settings: Settings) -> Found:
    if sys.version_info[:2] != tuple(int(part) for part in _PYTHON.split(".")):
        yield (
            "fault",
            f"Python {sys.version.split()[0]}; gongbao is built and tested on 3.11: `make setup PYTHON=python3.11`",
        )


def _versions(settings: Settings) -> Found:
    """What is installed, against the pins of pyproject.toml."""
    import tomllib

    from packaging.requirements import Requirement

    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    for text in declared:
        pin = Requirement(text)
        try:
            installed = version(pin.name)
        except PackageNotFoundError:
            yield "fault", f"{pin.name} is not installed; `make setup`"
            continue
        if not pin.specifier.contains(installed, prereleases=True):
            yield "fault", f"{pin.name} {installed} is installed, pyproject.toml wants {pin.specifier}; `make setup`"


def _disk(settings: Settings) -> Found:
    import psutil

    settings.home.mkdir(parents=True, exist_ok=True)
    free = psutil.disk_usage(str(settings.home)).free
    need = 3 * (settings.build_file.stat().st_size if settings.build_file.exists() else 0)
    if free < max(need, _FEW_BYTES // 10):
        yield "fault", f"{free >> 20} MiB left at {settings.home}, a run may need {need >> 20}; make room"
    elif free < _FEW_BYTES:
        yield "warning", f"{free >> 20} MiB left at {settings.home}"
    for folder in (settings.home, settings.pulled if settings.pulled.exists() else settings.home):
        if not os.access(folder, os.W_OK):
            yield "fault", f"{folder} cannot be written; the account that runs gongbao must own it"


def _locks(settings: Settings) -> Found:
    if who := writer(settings):
        yield "warning", f"a run is writing: {who}"
    for pid in orphans(settings):
        yield "warning", f"process {pid} is the Prefect server of a run that was killed; the next run ends it"


def _registry(settings: Settings) -> Found:
    try:
        sources = read_sources(settings.sources_file)
    except SourcesError as error:
        yield "fault", str(error)
        return
    known = {source.source_id for source in sources}
    gone = sorted({each.item.source_id for each in registered(settings.register)} - known)
    if gone:
        yield "warning", f"reports of {', '.join(gone)}, which {settings.sources_file} no longer has, stay loaded"


def _register(settings: Settings) -> Found:
    if settings.register.exists():
        with closing(sqlite3.connect(settings.register)) as con:
            said = con.execute("pragma integrity_check").fetchone()[0]
        if said != "ok":
            yield "fault", f"{settings.register}: {said}; `gongbao restore` it from a backup"
        elif words := lost_register(settings):
            yield "fault", words
    elif settings.archive.exists():
        yield "fault", f"{settings.register} is gone and the archive is not; `gongbao restore` it from a backup"


def _archive(settings: Settings) -> Found:
    """Every registered report has its bytes; every archived file has a report."""
    known = registered(settings.register)
    for each in known:
        path = archived_path(settings.archive, each.item.sha256)
        if not path.is_file():
            yield "fault", f"{path} of {each.item.report_id} is gone; restore it from a backup"
    wanted = {each.item.sha256 for each in known} | {sha256 for _, sha256 in half_forgotten(settings.register)}
    strays = [path for path in settings.archive.glob("??/*") if path.name not in wanted]
    if strays:
        yield "warning", f"{len(strays)} archived files belong to no report, such as {strays[0]}; harmless"


def _bytes(settings: Settings) -> Found:
    """Every archived file still has its sha256."""
    from flows.pull import PullError, load

    for each in registered(settings.register):
        try:
            load(settings.archive, each.item.sha256)
        except PullError as error:
            if error.code == "damaged":
                yield "fault", str(error)


def _drift(settings: Settings) -> Found:
    """Columns of the seed CSVs and of `raw` against flows/record/columns.py, and what is said of what was kept out."""
    for row in quarantined(settings, also_discarded=True):
        if row["expectation"] == "damaged" and not row["file"]:
            yield "warning", row["reason"]
    expected = {"report.csv": [*REPORT], "figures.csv": [*FIGURES], "claims.csv": [*CLAIMS]}
    for each in registered(settings.register):
        if each.state != "accepted" or settings.built_by == "spark":  # Spark keeps no CSVs, _build looks at its Parquet
            continue
        for name, columns in expected.items():
            file = settings.pulled / each.item.report_id / name
            if not file.is_file():
                yield "warning", f"{file} is gone; `gongbao rerun {each.item.report_id}` writes it again"
                continue
            try:
                rows = list(csv_rows(file))
            except ValueError as error:
                yield "warning", f"{error}; `gongbao rerun {each.item.report_id}` writes it again"
                continue
            if rows and [*rows[0][1]] != columns:
                yield "warning", f"{file}, line 1: other columns; `gongbao rerun {each.item.report_id}` mends it"
    if settings.build_file.exists():
        import duckdb

        from flows.load.upkeep import SCHEMA_VERSION, schema_version

        with closing(duckdb.connect(settings.build_file, read_only=True)) as con:
            found = schema_version(con)
        if found not in (None, SCHEMA_VERSION):
            mend = "the next run upgrades it" if found and found < SCHEMA_VERSION else "install the newer gongbao"
            yield "warning", f"{settings.build_file} has schema version {found}, not {SCHEMA_VERSION}; {mend}"


def _build(settings: Settings) -> Found:
    accepted = [each for each in registered(settings.register) if each.state == "accepted"]
    if not accepted:
        return
    if not settings.build_file.exists():
        yield "warning", f"{settings.build_file} is gone; the next run builds it again from the archive"
    elif not is_duckdb(settings.build_file):
        yield "warning", f"{settings.build_file} is damaged; the next run keeps it aside and builds it again"
    elif missing := lacking(settings):
        yield (
            "warning",
            f"{settings.build_file} lacks {len(missing)} reports, such as {missing[0]}; the next run loads them",
        )


def _link(settings: Settings) -> Found:
    """The published file: there, whole, and what its manifest says."""
    import duckdb

    for snapshot in snapshots(settings):
        file = settings.generations / snapshot.generation / "warehouse.duckdb"
        try:
            with closing(duckdb.connect(file, read_only=True)) as con:
                found = content_hash(con)
        except duckdb.Error as error:
            mend = "`gongbao rollback`, then `gongbao run --full-refresh`" if snapshot.is_current else "`rm -r` it"
            yield ("fault" if snapshot.is_current else "warning"), f"{file} cannot be read ({error}); {mend}"
            continue
        if found != snapshot.manifest["content_hash"]:
            yield "fault", f"{file} is not what was published; `gongbao rollback`, then `gongbao run --full-refresh`"
    if settings.current.is_symlink() and not settings.current.exists():
        yield "fault", f"{settings.current} leads nowhere; `gongbao rollback` to one of `gongbao snapshots`"


def _vocabulary(settings: Settings) -> Found:
    for words in mistakes():
        yield "fault", words


_CHECKS: dict[str, Callable[[Settings], Found]] = {
    "python": _python,
    "versions": _versions,
    "disk": _disk,
    "locks": _locks,
    "registry": _registry,
    "vocabulary": _vocabulary,
    "register": _register,
    "archive": _archive,
    "archived bytes": _bytes,
    "schema": _drift,
    "build file": _build,
    "published": _link,
}
