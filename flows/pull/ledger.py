"""What is kept in the register beside the reports: places that cannot be reached, what was forgotten on purpose,
and who decided what."""

import getpass
import os
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.pull.items import PullProblem
from flows.pull.register import opened, registered

#: A report put away for good: it stays in the archive and out of the warehouse.
DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the audit trail."""

    decided_at: str
    decided_by: str
    action: str  # release, discard, rerun, forget, remember
    report_id: str
    sha256: str
    reason: str


@dataclass(frozen=True, slots=True)
class Looked:
    """When a source was last asked, and how many of its places could not be had then."""

    source_id: str
    looked_at: str
    problem_count: int


def now() -> str:
    """The moment, UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def person() -> str:
    """Who gives the command: GONGBAO_PERSON, or the name of the account."""
    try:
        return os.environ.get("GONGBAO_PERSON") or getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return f"uid {os.getuid()}"


def note_look(path: Path, source_ids: Iterable[str], problems: Iterable[PullProblem]) -> list[str]:
    """Keep when the sources were asked and what could not be reached. Returns the places that answer again."""
    met = list(problems)
    recovered = []
    with opened(path) as register:
        for source_id in source_ids:
            now_met = {problem.uri: problem for problem in met if problem.source_id == source_id}
            known: dict[str, str] = dict(
                register.execute("select uri, since from unreached where source_id = ?", [source_id]).fetchall()
            )
            recovered += [uri for uri in known if uri not in now_met]
            published = {
                uri
                for (uri,) in register.execute(
                    "select uri from unreached where source_id = ? and is_published = 1", [source_id]
                )
            }
            # a place that answers again and was told of as silent stays, as a row without a code, until that is mended
            register.execute("delete from unreached where source_id = ?", [source_id])
            rows = [
                (source_id, uri, problem.code, problem.message, known.get(uri) or now(), int(uri in published))
                for uri, problem in now_met.items()
            ]
            rows += [(source_id, uri, "", "", known[uri], 1) for uri in published - set(now_met)]
            register.executemany("insert into unreached values (?, ?, ?, ?, ?, ?)", rows)
            register.execute(
                "insert or replace into looked (source_id, looked_at, problem_count) values (?, ?, ?)",
                [source_id, now(), len(now_met)],
            )
    return recovered


def unreached(path: Path) -> list[PullProblem]:
    """What could not be reached when its source was last asked."""
    if not path.exists():
        return []
    with opened(path) as register:
        rows = register.execute(
            "select source_id, uri, code, message from unreached where code <> '' order by source_id, uri"
        ).fetchall()
    return [PullProblem(*row) for row in rows]


def has_recovered(path: Path) -> bool:
    """Does the published warehouse tell of a place as silent that answers again?"""
    if not path.exists():
        return False
    with opened(path) as register:
        return register.execute("select 1 from unreached where code = '' limit 1").fetchone() is not None


def note_published(path: Path) -> None:
    """What is unreached stands in the published warehouse now, and nothing else does."""
    with opened(path) as register:
        register.execute("delete from unreached where code = ''")
        register.execute("update unreached set is_published = 1")


def last_looks(path: Path) -> dict[str, Looked]:
    """When each source was last asked."""
    if not path.exists():
        return {}
    with opened(path) as register:
        rows = register.execute("select source_id, looked_at, problem_count from looked").fetchall()
    return {row[0]: Looked(*row) for row in rows}


def decide(path: Path, action: str, report_id: str, reason: str, sha256: str = "") -> None:
    """Write a line of the audit trail."""
    with opened(path) as register:
        _decide(register, action, report_id, reason, sha256)


def decisions(path: Path) -> list[Decision]:
    """The audit trail, oldest first."""
    if not path.exists():
        return []
    with opened(path) as register:
        rows = register.execute(
            "select decided_at, decided_by, action, report_id, sha256, reason from decisions order by rowid"
        ).fetchall()
    return [Decision(*row) for row in rows]


def discarded(path: Path) -> set[str]:
    """The reports whose last decision was to discard them."""
    last = {each.report_id: each.action for each in decisions(path) if each.action in (DISCARD, "release")}
    return {report_id for report_id, action in last.items() if action == DISCARD}


def forget(path: Path, report_id: str, reason: str) -> str:
    """Take a report out of the register for good; its bytes are not taken again. Returns its sha256.

    The rest (files, rows, generations) is done by the caller, who says so with `forgotten_whole`. Raises KeyError.
    """
    with opened(path) as register:
        row = register.execute("select sha256, source_id, uri from items where report_id = ?", [report_id]).fetchone()
        if row is None:
            raise KeyError(report_id)
        sha256, source_id, uri = row
        register.execute(
            "insert or replace into forgotten values (?, ?, ?, ?, ?, ?, ?, 0)",
            [sha256, report_id, source_id, uri, now(), person(), reason],
        )
        register.execute("delete from items where report_id = ?", [report_id])
        _decide(register, "forget", report_id, reason, sha256)
    return str(sha256)


def half_forgotten(path: Path) -> list[tuple[str, str]]:
    """(report_id, sha256) of what was forgotten and may still have files or rows."""
    if not path.exists():
        return []
    with opened(path) as register:
        return list(register.execute("select report_id, sha256 from forgotten where is_done = 0").fetchall())


def forgotten_whole(path: Path, report_id: str) -> None:
    """Nothing of the report is left but the line that says so."""
    with opened(path) as register:
        register.execute("update forgotten set is_done = 1 where report_id = ?", [report_id])


def remember_again(path: Path, report_id: str, reason: str) -> None:
    """Let the next pull take the bytes of a forgotten report again. Raises KeyError where it was not forgotten."""
    with opened(path) as register:
        row = register.execute(
            "select sha256, source_id, uri from forgotten where report_id = ?", [report_id]
        ).fetchone()
        if row is None:
            raise KeyError(report_id)
        register.execute("delete from forgotten where report_id = ?", [report_id])
        register.execute("delete from seen where source_id = ? and uri = ?", row[1:])
        _decide(register, "remember", report_id, reason, row[0])


def look_again(path: Path, source_id: str, uri: str = "") -> int:
    """Ask for a place, or every place of a source, as if it had never been seen. Returns how many there were."""
    with opened(path) as register:
        return register.execute(
            "delete from seen where source_id = ? and (uri = ? or ? = '')", [source_id, uri, uri]
        ).rowcount


def wait_again(path: Path, report_ids: Iterable[str], action: str, reason: str) -> None:
    """Make reports wait for the next run, which reads them anew. Raises KeyError for an unknown one."""
    known = {each.item.report_id: each.item.sha256 for each in registered(path)}
    with opened(path) as register:
        for report_id in report_ids:
            sha256 = known[report_id]
            register.execute("update items set state = 'pulled', reason = '' where report_id = ?", [report_id])
            _decide(register, action, report_id, reason, sha256)


def _decide(register: sqlite3.Connection, action: str, report_id: str, reason: str, sha256: str) -> None:
    register.execute(
        "insert into decisions values (?, ?, ?, ?, ?, ?)", [now(), person(), action, report_id, sha256, reason]
    )
