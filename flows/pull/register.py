"""The register: an SQLite file that remembers what was pulled, in which state it is, and what was seen
where."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.pull.items import Item

STATES = ("pulled", "accepted", "quarantined")

_SCHEMA = """
create table if not exists items (
    source_id text not null,
    sha256 text not null,
    report_id text not null unique,
    uri text not null,
    name text not null,
    content_type text not null,
    pulled_at text not null,
    state text not null check (state in ('pulled', 'accepted', 'quarantined')),
    reason text not null default '',
    primary key (source_id, sha256)
);
create table if not exists seen (
    source_id text not null,
    uri text not null,
    size integer not null default -1,
    mtime_ns integer not null default -1,
    etag text not null default '',
    last_modified text not null default '',
    problem text not null default '',
    primary key (source_id, uri)
);
create table if not exists unreached (
    source_id text not null,
    uri text not null,
    code text not null,
    message text not null,
    since text not null,
    is_published integer not null default 0,
    primary key (source_id, uri)
);
create table if not exists looked (
    source_id text primary key,
    looked_at text not null,
    problem_count integer not null
);
create table if not exists forgotten (
    sha256 text not null,
    report_id text not null,
    source_id text not null,
    uri text not null,
    forgotten_at text not null,
    forgotten_by text not null,
    reason text not null,
    is_done integer not null default 0,
    primary key (source_id, sha256)
);
create table if not exists decisions (
    decided_at text not null,
    decided_by text not null,
    action text not null,
    report_id text not null,
    sha256 text not null,
    reason text not null
);
"""

#: Changes with the tables above. A register of a newer gongbao is refused.
SCHEMA_VERSION = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """What a place looked like when it was last read: a file's size and time, or a page's validators.

    `problem` is the reason it was refused then, empty where it was pulled.
    """

    size: int = -1
    mtime_ns: int = -1
    etag: str = ""
    last_modified: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """An item with its state: `pulled` (not yet through the gate), `accepted` or `quarantined`, and why."""

    item: Item
    pulled_at: str  # UTC, ISO 8601
    state: str
    reason: str


class RegisterError(RuntimeError):
    """The register cannot be used; the message names the file and the mend."""


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The register at `path`, made where there is none. Changes are kept if the block ends well, dropped
    otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=30)) as register:
        _check(register, path)
        with register:
            yield register


def _check(register: sqlite3.Connection, path: Path) -> None:
    """Make the tables that are not there yet; refuse a register that is damaged or newer than this gongbao."""
    try:
        found = int(register.execute("pragma user_version").fetchone()[0])
        if found > SCHEMA_VERSION:
            raise RegisterError(
                f"{path} has schema version {found}, this gongbao knows {SCHEMA_VERSION}; install the newer gongbao"
            )
        if found < SCHEMA_VERSION:  # every step so far adds tables, so making those that are missing is the upgrade
            register.executescript(_SCHEMA)
            register.execute(f"pragma user_version = {SCHEMA_VERSION}")
    except sqlite3.DatabaseError as error:
        raise RegisterError(
            f"{path}: {error}; if the disk is full make room and run again, nothing is lost; if the file is damaged "
            "restore it: `gongbao restore`"
        ) from error


def add(register: sqlite3.Connection, item: Item) -> bool:
    """Register `item` as pulled; False where its source, or another under the same report_id, already has
    the bytes, or where they were forgotten on purpose."""
    if register.execute("select 1 from forgotten where sha256 = ?", (item.sha256,)).fetchone():
        return False
    cursor = register.execute(
        "insert into items (source_id, sha256, report_id, uri, name, content_type, pulled_at, state)"
        " values (?, ?, ?, ?, ?, ?, ?, 'pulled') on conflict do nothing",
        (
            item.source_id,
            item.sha256,
            item.report_id,
            item.uri,
            item.name,
            item.content_type,
            datetime.now(UTC).isoformat(timespec="seconds"),
        ),
    )
    return cursor.rowcount == 1


def marks(register: sqlite3.Connection, source_id: str) -> dict[str, Mark]:
    """What was seen at a source, by uri."""
    rows = register.execute(
        "select uri, size, mtime_ns, etag, last_modified, problem from seen where source_id = ?", (source_id,)
    )
    return {uri: Mark(*values) for uri, *values in rows}


def remember(register: sqlite3.Connection, source_id: str, uri: str, mark: Mark) -> None:
    """Keep what `uri` looked like now."""
    register.execute(
        "insert or replace into seen (source_id, uri, size, mtime_ns, etag, last_modified, problem)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        (source_id, uri, mark.size, mark.mtime_ns, mark.etag, mark.last_modified, mark.problem),
    )


def registered(path: Path) -> list[Registered]:
    """Everything ever pulled, oldest first; empty where there is no register yet."""
    if not path.exists():
        return []
    with opened(path) as register:
        rows = register.execute(
            "select source_id, uri, name, content_type, sha256, report_id, pulled_at, state, reason"
            " from items order by rowid"
        ).fetchall()
    return [Registered(Item(*row[:6]), *row[6:]) for row in rows]


def versions(path: Path) -> dict[str, tuple[int, str]]:
    """The version of every report and the report_id of the one before: a page that changed is another version.

    Forgotten versions are counted and never named.
    """
    if not path.exists():
        return {}
    found: dict[str, tuple[int, str]] = {}
    with opened(path) as register:
        counted = register.execute("select source_id, uri, count(*) from forgotten group by 1, 2").fetchall()
        rows = register.execute("select source_id, uri, report_id from items order by rowid").fetchall()
    last = {(source_id, uri): (number, "") for source_id, uri, number in counted}
    for source_id, uri, report_id in rows:
        number, before = last.get((source_id, uri), (0, ""))
        found[report_id] = (number + 1, before)
        last[source_id, uri] = (number + 1, report_id)
    return found


def set_state(path: Path, report_id: str, state: str, reason: str = "") -> None:
    """Say what became of a report. Raises ValueError for an unknown state, KeyError for an unknown report."""
    set_states(path, {report_id: (state, reason)})


def wait_again(path: Path, report_ids: Iterable[str] | None = None) -> None:
    """Make reports wait to be processed: these, or all that were pulled."""
    if report_ids is None:
        report_ids = [known.item.report_id for known in registered(path) if known.state != "pulled"]
    set_states(path, dict.fromkeys(report_ids, ("pulled", "")))


def set_states(path: Path, states: Mapping[str, tuple[str, str]]) -> None:
    """Say what became of many reports, (state, reason) each, in one transaction: all of it is written down or nothing.

    Raises ValueError for an unknown state, KeyError for an unknown report.
    """
    for state, _ in states.values():
        if state not in STATES:
            raise ValueError(f"state {state!r} is unknown; use one of {', '.join(STATES)}")
    if not states:
        return
    with opened(path) as register:
        for report_id, (state, reason) in states.items():
            changed = register.execute(
                "update items set state = ?, reason = ? where report_id = ?", (state, reason, report_id)
            )
            if changed.rowcount != 1:
                raise KeyError(report_id)
