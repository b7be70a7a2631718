"""What stands around the rooms: the lock, the audit trail, versions of pages, backups, doctor, words for troubles."""

import errno
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import psutil
import pytest
from click.testing import CliRunner

from expectations import GateResult
from flows.cli import main
from flows.cli.terminal import plain
from flows.load import LoadError, TransformError
from flows.operations import BusyError, look, one_writer, quarantined, read_items, reading, writer
from flows.operations.backup import backup, restore, verify
from flows.operations.choose import chosen, forget_report, published_between, remember_report
from flows.operations.doctor import examine
from flows.operations.handwritten import check_handwritten, mistakes, mistakes_of
from flows.operations.lock import lock_file
from flows.operations.notify import news, tell_of_run
from flows.operations.quarantines import discard, release
from flows.operations.reading import Outcome, keep_out, start_over
from flows.operations.servers import MARK, mark_of, orphans, until_it_answers
from flows.operations.soundness import note_shown
from flows.operations.status import lag, status
from flows.operations.steps import _forget_files, _without_discarded
from flows.operations.troubles import MistakenError, told
from flows.pull import Item, PullError, RegisterError, registered, set_state, versions
from flows.pull.ledger import decisions, forgotten_whole, half_forgotten, has_recovered, note_published
from flows.record import Source
from flows.settings import PROJECT, Settings
from flows.show import RunSummary

FIRST, SECOND = "全市新增病例3例，累計病例95例。", "全市新增病例5例，累計病例97例。"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "reports").mkdir()
    write(tmp_path / "reports" / "2022-04-17.txt", FIRST, 1)
    (home / "sources.csv").write_text(
        f"id,kind,location,schedule\nq,folder,{tmp_path}/reports/*,0 9 * * *\n", encoding="utf-8"
    )
    settings = Settings(home=home, threads=1)
    settings.build_file.parent.mkdir()
    with duckdb.connect(settings.build_file) as con:  # without one, everything waits to be built again
        con.execute("create schema raw")
    return settings


def write(path: Path, text: str, moment: int) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (1_600_000_000 + moment, 1_600_000_000 + moment))


def pull(settings: Settings, state: str = "accepted") -> list[str]:
    """Pull and read what waits, and say that all of it has `state`."""
    found = look(settings)
    for outcome in read_items(found.items, found.sources, settings):
        set_state(settings.register, outcome.item.report_id, state if outcome.folder else "quarantined")
    return [item.report_id for item in found.items]


def test_a_report_that_ends_its_process_is_kept_out_and_nothing_beside_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One process is killed from outside, and one report ends whatever process it is read in."""
    for day in range(1, 31):
        write(settings.home.parent / "reports" / f"2022-05-{day:02}.txt", FIRST.replace("95", f"{95 + day}"), 1)
    found = look(settings)
    monkeypatch.setattr(reading, "read_item", ended_at)
    monkeypatch.setattr(reading, "_read_share", ended_in)
    outcomes = read_items(found.items, found.sources, settings.model_copy(update={"threads": 2}))
    assert [outcome.item for outcome in outcomes] == found.items
    assert {outcome.item.name: outcome.code for outcome in outcomes if outcome.code} == {"2022-05-08.txt": "crashed"}
    assert all(outcome.folder and outcome.folder.is_dir() for outcome in outcomes if not outcome.code)
    assert any("by SIGKILL" in outcome.reason for outcome in outcomes)


read_item = reading.read_item


def ended_in(share: Sequence[tuple[Item, Source | None, tuple[int, str]]], settings: Settings) -> list[Outcome]:
    return [ended_at(*each, settings) for each in share]


def ended_at(item: Item, origin: Source | None, line: tuple[int, str], settings: Settings) -> Outcome:
    once = settings.home / "once"
    if item.name == "2022-05-24.txt" and not once.exists():
        once.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if item.name == "2022-05-08.txt":
        os.kill(os.getpid(), signal.SIGKILL)
    return read_item(item, origin, line, settings)


def test_a_second_run_leaves_with_a_clear_message_or_waits(settings: Settings) -> None:
    code = (
        "import sys, time; from flows.operations import one_writer; from flows.settings import Settings\n"
        f"with one_writer(Settings(home={str(settings.home)!r})): print('held', flush=True); time.sleep(1.0)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert f"process {other.pid}" in writer(settings)
        with pytest.raises(BusyError, match=rf"process {other.pid} .*wait for it to end"), one_writer(settings):
            pass
        with one_writer(settings, wait_seconds=30):
            assert other.wait(5) == 0
    assert writer(settings) == ""


def test_a_killed_writer_leaves_no_lock(settings: Settings) -> None:
    code = (
        "import os, signal; from flows.operations import one_writer; from flows.settings import Settings\n"
        f"with one_writer(Settings(home={str(settings.home)!r})): os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    with one_writer(settings):
        pass


def test_a_page_that_changed_is_another_version_of_its_report(settings: Settings) -> None:
    (first,) = pull(settings)
    write(settings.home.parent / "reports" / "2022-04-17.txt", SECOND, 2)
    (second,) = pull(settings)
    assert versions(settings.register) == {first: (1, ""), second: (2, first)}
    assert f",2,{first}\n" in (settings.pulled / second / "report.csv").read_text(encoding="utf-8")
    assert (settings.pulled / first).is_dir()


def test_what_is_forgotten_is_not_pulled_again_unless_asked_for(settings: Settings) -> None:
    (report_id,) = pull(settings)
    forget_report(settings, report_id, "withdrawn")
    forget_report(settings, report_id, "withdrawn")  # twice is once
    assert [name for name, _ in half_forgotten(settings.register)] == [report_id]
    forgotten_whole(settings.register, report_id)
    path = settings.home.parent / "reports" / "2022-04-17.txt"
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert look(settings).items == []
    (line,) = decisions(settings.register)
    assert (line.action, line.report_id, line.reason) == ("forget", report_id, "withdrawn")
    assert re.fullmatch(r"[0-9a-f]{64}", line.sha256)
    assert line.decided_by
    remember_report(settings, report_id, "published again")
    assert [item.report_id for item in look(settings).items] == [report_id]


def test_what_cannot_be_removed_is_not_said_to_be_forgotten(settings: Settings, tmp_path: Path) -> None:
    (report_id,) = pull(settings)
    forget_report(settings, report_id, "withdrawn")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    settings.quarantine.mkdir(exist_ok=True)
    (settings.quarantine / report_id).symlink_to(elsewhere)  # shutil removes no folder by way of a link, root's neither
    with pytest.raises(OSError, match="symbolic link"):
        _forget_files(half_forgotten(settings.register), settings)
    assert [name for name, _ in half_forgotten(settings.register)] == [report_id]
    (settings.quarantine / report_id).unlink()
    _forget_files(half_forgotten(settings.register), settings)
    assert half_forgotten(settings.register) == []
    assert not (settings.pulled / report_id).exists()


def test_forgetting_needs_a_reason_and_a_whole_id(settings: Settings) -> None:
    (report_id,) = pull(settings)
    with pytest.raises(MistakenError, match="say why"):
        forget_report(settings, report_id, " ")
    with pytest.raises(MistakenError, match=f"did you mean {report_id}"):
        forget_report(settings, "2022-04-17", "withdrawn")


def test_reports_are_chosen_by_a_beginning_that_is_theirs_alone(settings: Settings) -> None:
    write(settings.home.parent / "reports" / "2022-04-18.txt", SECOND, 1)
    first, _ = pull(settings)
    assert chosen(settings, "2022-04-17") == [first]
    with pytest.raises(MistakenError, match="2 reports begin with '2022'"):
        chosen(settings, "2022")
    with pytest.raises(MistakenError, match="no report is called 'x'"):
        chosen(settings, "x")


def test_backfill_chooses_by_day_of_publication(settings: Settings) -> None:
    write(settings.home.parent / "reports" / "2022-04-18.txt", SECOND, 1)
    _, second = pull(settings)
    day = datetime(2022, 4, 18, tzinfo=UTC).date()
    assert published_between(settings, "q", day, day) == [second]
    with pytest.raises(MistakenError, match="no source 'x'; there are q"):
        published_between(settings, "x", day, day)


def test_what_was_kept_out_is_tried_again_or_put_away(settings: Settings) -> None:
    (settings.home.parent / "reports" / "empty.txt").write_bytes(b"")
    found = look(settings)
    for outcome in read_items(found.items, found.sources, settings):
        set_state(settings.register, outcome.item.report_id, "accepted" if outcome.folder else "quarantined")
        if outcome.folder is None:
            keep_out(outcome, settings)
    (row,) = quarantined(settings)
    discard(settings, "empty.txt", "nothing in it")
    assert quarantined(settings) == []
    assert [each["report_id"] for each in quarantined(settings, also_discarded=True)] == [row["report_id"]]
    release(settings, row["report_id"], "a mistake")
    assert [item.report_id for item in look(settings).items] == [row["report_id"]]
    assert [each.action for each in decisions(settings.register)] == ["discard", "release"]


def test_what_was_discarded_stays_out_whatever_a_newer_rule_makes_of_it(settings: Settings) -> None:
    (report_id,) = pull(settings, "quarantined")
    (outcome,) = read_items([registered(settings.register)[0].item], [], settings)
    assert outcome.folder is not None
    keep_out(replace(outcome, folder=None, code="unit", reason="unknown unit"), settings)
    discard(settings, report_id, "not ours")
    start_over(settings)  # as a full refresh does: it is read like all the others
    assert [item.report_id for item in look(settings).items] == [report_id]
    gate = _without_discarded(GateResult(accepted={report_id: outcome.folder, "other": outcome.folder}), settings)
    assert list(gate.accepted) == ["other"]
    assert gate.quarantined == [report_id]
    (row,) = quarantined(settings, also_discarded=True)
    assert (row["report_id"], row["expectation"]) == (report_id, "discarded")
    assert row["reason"].endswith(": not ours")
    assert [asdict(rejected) for rejected in gate.rejected] == [row]
    assert quarantined(settings) == []


@pytest.mark.parametrize("damage", [b'report_id,uri\n"x', b"\xff\xfe\x00", b"a,b\n1,2\n"])
def test_damaged_reasons_are_named_with_their_mend_and_the_reason_stays(settings: Settings, damage: bytes) -> None:
    write(settings.home.parent / "reports" / "empty.txt", "", 2)
    found = look(settings)
    outcomes = {each.item.name: each for each in read_items(found.items, found.sources, settings)}
    empty = outcomes["empty.txt"]
    keep_out(empty, settings)
    report_id = empty.item.report_id
    set_state(settings.register, report_id, "quarantined", f"{empty.code}: {empty.reason}")
    file = settings.quarantine / report_id / "reasons.csv"
    file.write_bytes(damage)
    (row,) = quarantined(settings)
    assert (row["report_id"], row["uri"]) == (report_id, empty.item.uri)
    for words in (empty.reason, str(file), f"gongbao rerun {report_id}"):
        assert words in row["reason"]
    assert [check.found for check in examine(settings) if check.name == "schema"] == [row["reason"]]


def test_a_seed_csv_edited_by_hand_stops_a_backfill_with_its_mend(settings: Settings) -> None:
    (report_id,) = pull(settings)
    (settings.pulled / report_id / "report.csv").write_text("a,b\n1\n", encoding="utf-8")
    day = datetime(2022, 4, 17, tzinfo=UTC).date()
    with pytest.raises(MistakenError, match=f"report.csv, line 2: 1 cells .* `gongbao rerun {report_id}`"):
        published_between(settings, "q", day, day)


def test_a_source_that_recovers_is_work_until_it_is_published(settings: Settings) -> None:
    pull(settings)
    folder = settings.home.parent / "reports"
    folder.rename(folder.with_name("away"))
    assert [problem.code for problem in look(settings).problems] == ["missing_folder"]
    note_published(settings.register)
    folder.with_name("away").rename(folder)
    assert any("can be reached again" in reason for reason in look(settings).reasons)
    assert any("can be reached again" in reason for reason in look(settings).reasons)  # a run killed before it told
    note_published(settings.register)
    assert not has_recovered(settings.register)


def test_a_build_file_that_is_gone_or_damaged_is_built_again(settings: Settings) -> None:
    (report_id,) = pull(settings)
    settings.build_file.unlink()
    assert [item.report_id for item in look(settings).items] == [report_id]
    set_state(settings.register, report_id, "accepted")
    settings.build_file.write_bytes(b"no database" * 4000)
    found = look(settings)
    assert [item.report_id for item in found.items] == [report_id]
    assert "damaged" in found.reasons[0]
    assert len(list(settings.build_file.parent.glob("*.damaged-*"))) == 1


def test_a_register_of_a_newer_gongbao_is_refused(settings: Settings) -> None:
    pull(settings)
    with sqlite3.connect(settings.register) as register:
        register.execute("pragma user_version = 99")
    with pytest.raises(RegisterError, match="install the newer gongbao"):
        look(settings)


def test_a_register_without_a_version_is_upgraded(settings: Settings) -> None:
    (report_id,) = pull(settings)
    with sqlite3.connect(settings.register) as register:
        register.execute("drop table decisions")
        register.execute("pragma user_version = 0")
    assert decisions(settings.register) == []
    assert [known.item.report_id for known in registered(settings.register)] == [report_id]


def test_a_damaged_register_is_told_with_its_mend(settings: Settings) -> None:
    pull(settings)
    settings.register.write_bytes(b"garbage" * 1000)
    with pytest.raises(RegisterError, match=r"register\.sqlite.*gongbao restore"):
        look(settings)


def test_a_register_that_was_cut_off_is_not_taken_for_a_new_home(settings: Settings) -> None:
    pull(settings)
    (settings.generations / "20260302T100000000000Z").mkdir(parents=True)
    settings.current.symlink_to(settings.generations / "20260302T100000000000Z")
    settings.register.write_bytes(b"x")  # SQLite makes an empty register of that
    with pytest.raises(RegisterError, match="was lost or cut off; `gongbao restore`"):
        look(settings)
    assert {check.name for check in examine(settings) if "was lost" in check.found} == {"register"}
    settings.register.unlink()
    with pytest.raises(RegisterError, match="was lost or cut off"):
        look(settings)


def test_settings_copied_for_another_home_write_nothing_beside_the_default_one(tmp_path: Path) -> None:
    of_project = Settings(home=PROJECT / "warehouse")
    assert of_project.pulled == PROJECT / "seeds" / "pulled"
    scratch = of_project.model_copy(update={"home": tmp_path})
    assert scratch.pulled == tmp_path / "seeds" / "pulled"


def test_a_backup_is_the_home_again(settings: Settings, tmp_path: Path) -> None:
    (report_id,) = pull(settings)
    file = tmp_path / "backup.tar.gz"
    backup(settings, file)
    other = settings.model_copy(update={"home": tmp_path / "other"})
    other.home.mkdir()
    restore(other, file)
    assert [known.item.report_id for known in registered(other.register)] == [report_id]
    assert [each.found for each in examine(other) if each.name in ("archive", "archived bytes", "register")] == [""] * 3
    with pytest.raises(MistakenError, match="--overwrite"):
        restore(other, file)
    restore(other, file, overwrite=True)
    assert len(list(other.home.glob("before-restore-*/register.sqlite"))) == 1


def test_a_backup_that_changed_is_refused(settings: Settings, tmp_path: Path) -> None:
    pull(settings)
    whole, changed, short = (tmp_path / name for name in ("whole.tgz", "changed.tgz", "short.tgz"))
    backup(settings, whole)
    with tarfile.open(whole) as source, tarfile.open(changed, "w:gz") as target:
        for member in source:
            data = source.extractfile(member)
            if member.name == "sources.csv" and data is not None:
                import io

                member.size -= 1
                target.addfile(member, io.BytesIO(data.read()[1:]))
            else:
                target.addfile(member, data)
    with pytest.raises(MistakenError, match=r"sources\.csv is not what was backed up"):
        verify(changed)
    short.write_bytes(whole.read_bytes()[:-200])
    with pytest.raises(MistakenError, match="no whole backup"):
        verify(short)


def test_doctor_names_what_is_wrong_and_the_mend(settings: Settings) -> None:
    (report_id,) = pull(settings)
    archived = next(path for path in settings.archive.glob("??/*"))
    archived.chmod(0o644)
    archived.write_bytes(b"other")
    (settings.pulled / report_id / "figures.csv").write_text('a,b\n"1', encoding="utf-8")
    said = {check.name: check for check in examine(settings) if check.found}
    assert "restore the file from a backup" in said["archived bytes"].found
    assert "line 2" in said["schema"].found
    assert f"gongbao rerun {report_id}" in said["schema"].found
    assert "lacks 1 reports" in said["build file"].found


UNITS = b"unit,factor,kind\n"
DECLARED = {
    "config": {"column_types": {"unit": "varchar", "factor": "varchar", "kind": "varchar"}},
    "columns": [
        {"name": "unit", "data_tests": ["unique", "not_null"]},
        {"name": "kind", "data_tests": [{"accepted_values": {"arguments": {"values": ["counter", "money"]}}}]},
    ],
}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (UNITS + b'"a,1\n', "line 2"),
        (UNITS + b"a\n", "line 2: 1 cells under 3"),
        (b"\xff\xfe\x00", "byte 0 is no UTF-8; save it"),
        (b"unit,factor\na,1\n", "line 1: the columns are unit, factor; they must be unit, factor, kind"),
        (b"unit,unit,kind\na,1,money\n", "line 1: the columns are unit, unit, kind"),
        (UNITS + b"a,1,\n\xe4\xb8\x87,x/3,money\n", "line 3, factor: 'x/3' is no number or fraction"),
        (UNITS + b"a,1/0,\n", "line 2, factor: '1/0' is no number"),
        (UNITS + b"a,1,\na,2,\n", "line 3, unit: 'a' is on line 2 too"),
        (UNITS + b",1,\n", "line 2, unit: it is empty"),
        (UNITS + b"a,1,gold\n", "line 2, kind: 'gold' is none of counter, money"),
    ],
)
def test_a_malformed_vocabulary_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "units.csv").write_bytes(content)
    (mistake,) = mistakes_of(tmp_path / "units.csv", DECLARED)
    assert "units.csv" in mistake
    assert words in mistake


def test_what_people_write_in_this_checkout_is_well_formed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(mistakes()) == []
    taught = tmp_path / "home" / "vocabulary" / "indicators.csv"
    taught.parent.mkdir(parents=True)
    taught.write_text("indicator,name\n", encoding="utf-8")
    monkeypatch.setenv("GONGBAO_HOME", str(tmp_path / "home"))
    (mistake,) = mistakes()
    assert mistake.startswith(f"{taught}, line 1: the columns are indicator, name; they must be ")
    monkeypatch.delenv("GONGBAO_HOME")
    (tmp_path / "vocabulary").mkdir()
    (tmp_path / "vocabulary" / "v.yml").write_text("seeds: [{name: units}]", encoding="utf-8")
    with pytest.raises(MistakenError, match=r"identities\.csv is gone[\s\S]*units\.csv is gone[\s\S]*nothing was"):
        check_handwritten(tmp_path)


@pytest.mark.parametrize(
    ("schedule", "looked", "words"),
    [
        ("", "", ""),
        ("0 9 * * *", "", "never asked"),
        ("0 9 * * *", "2026-03-02T09:00:01+00:00", "on time"),
        ("0 9 * * *", "2026-03-01T09:00:01+00:00", "60 min late"),
        ("0 9 * * *", "2027-01-01T00:00:00+00:00", "clock was set back"),
    ],
)
def test_lag(schedule: str, looked: str, words: str) -> None:
    assert words in lag(schedule, looked, datetime(2026, 3, 2, 10, tzinfo=UTC))


def test_pages_of_another_snapshot_are_work(settings: Settings) -> None:
    pull(settings)
    assert not look(settings).has_stale_pages  # nothing is published
    (settings.generations / "20260302T100000000000Z").mkdir(parents=True)
    settings.current.symlink_to(settings.generations / "20260302T100000000000Z")
    settings.site.mkdir()
    assert look(settings).has_stale_pages
    note_shown(settings, "20260302T100000000000Z")
    assert not look(settings).has_stale_pages


def test_what_a_killed_run_left_half_written_is_cleared_away(settings: Settings) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    pull(settings)
    halves = [
        settings.archive / "ab" / f".abc.{dead.pid}",
        settings.texts / f"x.{dead.pid}.part",
        settings.site / "reports" / f".x.html.{dead.pid}",
        settings.spill / f"duckdb_temp_{dead.pid}_0_storage_DEFAULT-0.tmp",
    ]
    living = settings.site / f".y.html.{os.getpid()}"
    report = settings.texts / "2022-04-17.txt"  # ends with a number and is whole
    for file in [*halves, living, report]:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    with one_writer(settings):
        assert all(half.exists() for half in halves)  # the run before came to its end
    lock_file(settings).write_text(f"process {dead.pid} since …", encoding="utf-8")
    with one_writer(settings):
        assert [half for half in halves if half.exists()] == []
    assert living.exists()
    assert report.exists()


def test_a_lost_text_is_read_again(settings: Settings) -> None:
    (report_id,) = pull(settings)
    (settings.texts / f"{report_id}.txt").unlink()
    found = look(settings)
    assert [item.report_id for item in found.items] == [report_id]
    assert "texts of 1 reports are gone" in found.reasons[0]


def test_nothing_is_thrown_away_where_the_archive_cannot_give_it_back(settings: Settings) -> None:
    pull(settings)
    next(settings.archive.glob("??/*")).unlink()
    with pytest.raises(PullError, match="restore the archive from a backup first"):
        start_over(settings)
    assert settings.build_file.exists()
    assert [known.state for known in registered(settings.register)] == ["accepted"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (sqlite3.OperationalError("database or disk is full"), "the disk is full; make room"),
        (sqlite3.OperationalError("disk I/O error"), "make room and run again, nothing is lost"),
        (sqlite3.DatabaseError("database disk image is malformed"), "`gongbao restore` it"),
        (duckdb.IOException("IO Error: Could not write file x: No space left on device"), "the disk is full"),
        (duckdb.IOException("IO Error: Cannot open file: Read-only file system"), "mount it for writing"),
        (duckdb.IOException("IO Error: Could not set lock on file: Conflicting lock is held"), "close it"),
        (duckdb.IOException("Corrupt database file: computed checksum 1"), "`gongbao run --full-refresh`"),
        (TransformError("dbt build: IO Error: Could not write file: File too large"), "nothing is lost"),
        (LoadError("x: Out of Memory Error: could not allocate block (57.2 MiB used)"), "GONGBAO_MEMORY_MIB=2048"),
    ],
)
def test_what_tools_say_of_the_machine_gets_its_mend(error: Exception, words: str) -> None:
    assert words in (told(error) or "")


def test_workers_end_with_a_killed_run(tmp_path: Path) -> None:
    """A worker that goes on writes beside the next run, or waits for ever."""
    said = tmp_path / "pids"
    script = tmp_path / "run.py"
    script.write_text(
        "import os, sys, time\n"
        "from flows.record.processes import Workers\n"
        "def work(path):\n"
        "    open(path, 'a').write(f'{os.getpid()}\\n')\n"
        "    time.sleep(60)\n"
        "if __name__ == '__main__':\n"
        "    with Workers(2) as pool:\n"
        "        list(pool.each(work, [sys.argv[1]] * 2))\n",
        encoding="utf-8",
    )
    run = subprocess.Popen([sys.executable, script, said])
    wait_for(lambda: said.exists() and len(said.read_text().split()) == 2)
    workers = [int(pid) for pid in said.read_text().split()]
    run.kill()
    run.wait()
    wait_for(lambda: not any(psutil.pid_exists(pid) for pid in workers))


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come true within a minute")


def test_status_counts_what_the_register_says(settings: Settings) -> None:
    pull(settings)
    (source,) = status(settings).sources
    assert (source.reports, source.waiting, source.quarantined, source.problems) == (1, 0, 0, 0)


def test_the_server_of_a_run_that_is_gone_is_an_orphan_and_no_other(settings: Settings) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    home = {"PREFECT_HOME": str(settings.home / "prefect")}
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    marks = {"orphan": f"{dead.pid}:1.00", "living": mark_of(os.getpid()), "by hand": ""}
    started = {name: subprocess.Popen(sleep, env={**os.environ, **home, MARK: mark}) for name, mark in marks.items()}
    try:
        time.sleep(0.2)  # until the environment of the new processes is theirs
        assert orphans(settings) == [started["orphan"].pid]
    finally:
        for process in started.values():
            process.kill()
            process.wait()


def test_a_server_that_does_not_come_up_is_told_with_what_does_without() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(MistakenError, match=r"127\.0\.0\.1:\d+/api does not answer .*--plain"):
        until_it_answers(f"http://127.0.0.1:{port}/api")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EFBIG, errno.EIO])
def test_troubles_of_the_machine_name_file_and_mend(code: int) -> None:
    words = told(OSError(code, os.strerror(code), "/srv/gongbao/x"))
    assert words is not None
    assert words.startswith("/srv/gongbao/x: ")
    assert told(KeyError("x")) is None  # ours to mend: it is shown whole


def test_people_are_told_once(settings: Settings) -> None:
    summary = RunSummary(broken=[("r", "1 + 1 ✗ 3\x1b[31m")], quarantined=[("f", "empty")])
    title, body = news(settings, summary) or ("", "")
    assert title == "gongbao: 1 broken, 1 kept out"
    assert "\x1b" not in body
    tell_of_run(settings, summary)  # nobody is to be told: it is known all the same
    assert news(settings, summary) is None
    tell_of_run(settings, RunSummary())
    assert news(settings, summary) is not None


def test_what_could_not_be_told_is_told_by_the_next_run(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[dict[str, str]] = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(503 if len(heard) == 1 else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on the test's output."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Ear) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        on = settings.model_copy(update={"notify": f"json://127.0.0.1:{server.server_port}"})
        summary = RunSummary(changed=[("r", "新增病例: 3例 → 5例")])
        for _ in range(3):
            tell_of_run(on, summary)
        server.shutdown()
    assert [(each["title"], each["message"]) for each in heard] == [
        ("gongbao: 1 changed", "changed: r: 新增病例: 3例 → 5例")
    ] * 2
    assert "the next run that has work tells it again" in caplog.text
    unknown = settings.model_copy(update={"notify": "nonsense"})
    tell_of_run(unknown, RunSummary(broken=[("r", "x")]))
    assert "is no address of Apprise's" in caplog.text


def test_no_text_of_a_report_commands_the_terminal() -> None:
    assert plain("a\x1b]0;x\x07b\x9b31m\u202ec\n") == "a\\x1b]0;x\\x07b\\x9b31m\\x202ec\n"


@pytest.mark.parametrize("name", ["run", "rerun", "backfill", "forget", "status", "doctor", "backup", "restore"])
def test_help_has_examples(name: str) -> None:
    said = CliRunner().invoke(main, [name, "--help"]).output
    assert f"gongbao {name}" in said.partition("Examples")[2]
