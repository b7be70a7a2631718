"""Is what the register says is in the warehouse really there? What is lacking is made to wait again, and what a killed
run left half-written is cleared away."""

import os
import re
import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from flows.publish.snapshots import current_generation
from flows.pull import RegisterError, registered, wait_again
from flows.pull.ledger import decisions
from flows.settings import Settings

#: A DuckDB file says so after its first eight bytes.
_MAGIC = b"DUCK"

#: Files are written beside their place under a name that ends with the process, then renamed (every room does so).
_HALF_WRITTEN = re.compile(r"\.(\d+)(?:\.part)?\Z")

#: What DuckDB put on disk for want of memory names its process in front.
_SPILT = re.compile(r"\Aduckdb_temp_(\d+)_")


def heal(settings: Settings) -> list[str]:
    """Make the reports wait that the build file should hold and does not. Returns why there is work, in words.

    The archive gives every report back, so a build file that is gone or damaged costs time, nothing else; a damaged
    one is kept aside for whoever wants to look at it. Raises RegisterError where the register itself was lost.
    """
    known = registered(settings.register)
    if not known and (words := lost_register(settings)):
        raise RegisterError(words)
    accepted = [each.item.report_id for each in known if each.state == "accepted"]
    if not accepted:
        return []
    reasons = []
    if settings.built_by != built_before(settings):  # what this engine once built is out of date
        take_away(settings.build_file.parent)
    texts = {path.name for path in settings.texts.glob("*.txt")}
    if lost := [report_id for report_id in accepted if f"{report_id}.txt" not in texts]:
        wait_again(settings.register, lost)
        reasons.append(f"the texts of {len(lost)} reports are gone, such as {lost[0]}; they are read again")
    if settings.build_file.exists() and not is_duckdb(settings.build_file):
        aside = settings.build_file.with_name(f"{settings.build_file.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        settings.build_file.rename(aside)
        settings.build_file.with_name(f"{settings.build_file.name}.wal").unlink(missing_ok=True)
        reasons.append(f"{settings.build_file} was damaged; it is kept as {aside.name} and built again")
    if not settings.build_file.exists():
        wait_again(settings.register)  # what was kept out is a row of the warehouse, too
        reasons.append(f"the warehouse is built again from {len(accepted)} archived reports")
    elif not is_duckdb(settings.current / "warehouse.duckdb"):
        reasons.append("there is no whole published warehouse")
    return reasons


def take_away(folder: Path) -> None:
    """Remove the folder, if it is there. Raises OSError, naming what stays, where that cannot be done: what is believed
    to be gone must be."""
    if os.path.lexists(folder):
        shutil.rmtree(folder)


def built_before(settings: Settings) -> str:
    """The engine whose warehouse is published."""
    return settings.model_copy(update={"engine": ""}).built_by


def note_engine(settings: Settings) -> None:
    """Say in the home, once its engine has published, which one that is."""
    if settings.built_by != built_before(settings):
        settings.engine_mark.write_text(settings.built_by + "\n", encoding="utf-8")


def lost_register(settings: Settings) -> str:
    """Why the register cannot be the one of this home; empty where it can. To SQLite, a file cut off is a new one."""
    if not settings.current.is_symlink() or registered(settings.register) or decisions(settings.register):
        return ""
    return (
        f"{settings.register} knows of no report, and a warehouse is published: it was lost or cut off; "
        "`gongbao restore` it from a backup"
    )


def is_duckdb(path: Path) -> bool:
    """Does the file open as a DuckDB file should: header and length, without reading it?"""
    try:
        with path.open("rb") as file:
            return file.read(12)[8:] == _MAGIC and os.fstat(file.fileno()).st_size >= 12288
    except OSError:
        return False


def lacking(settings: Settings) -> list[str]:
    """The accepted reports that the build file does not hold; all of them where it cannot be opened.

    Of the engine spark a report is held where the Parquet of the run that read it is there, too.
    """
    import duckdb

    accepted = [known.item.report_id for known in registered(settings.register) if known.state == "accepted"]
    try:
        with closing(duckdb.connect(settings.build_file, read_only=True)) as con:
            runs = dict(con.execute("select report_id, run_id from raw.reports").fetchall())
    except duckdb.Error:
        return accepted
    if settings.built_by == "spark":
        whole = {run_id for run_id in {*runs.values()} if settings.readings_of(run_id).is_dir()}
        runs = {report_id: run_id for report_id, run_id in runs.items() if run_id in whole}
    return [report_id for report_id in accepted if report_id not in runs]


def stale_pages(settings: Settings) -> bool:
    """Are the pages not those of the published snapshot: a run ended between publishing and showing, or a rollback?"""
    try:
        shown = _shown_file(settings).read_text(encoding="utf-8")
    except FileNotFoundError:
        shown = ""
    return shown != (current_generation(settings) or "")


def note_shown(settings: Settings, generation: str) -> None:
    """Keep which snapshot the pages are of."""
    file = _shown_file(settings)
    aside = file.with_name(f"{file.name}.{os.getpid()}")
    aside.write_text(generation, encoding="utf-8")
    aside.replace(file)


def sweep(settings: Settings) -> None:
    """Clear away what runs that were killed left half-written. The caller holds the lock.

    Only files whose name ends with a process that is gone, so that nothing is taken from under somebody's hands.
    """
    import psutil

    for folder in (settings.archive, settings.texts, settings.site):
        for file in folder.rglob("*"):
            half = _HALF_WRITTEN.search(file.name)
            if half and (file.name.startswith(".") or file.suffix == ".part") and not psutil.pid_exists(int(half[1])):
                file.unlink(missing_ok=True)
    for file in settings.spill.glob("*"):
        spilt = _SPILT.match(file.name)
        if spilt and not psutil.pid_exists(int(spilt[1])):
            file.unlink(missing_ok=True)
    for folder in [*settings.home.glob("refresh-check-*"), *settings.home.glob(".restore-*")]:
        shutil.rmtree(folder, ignore_errors=True)


def _shown_file(settings: Settings) -> Path:
    return settings.site / ".snapshot"
