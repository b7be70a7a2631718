"""How things stand: sources, lag, snapshot, findings, quarantine; for `gongbao status` and the daily digest."""

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.operations.lock import writer
from flows.operations.reading import quarantined
from flows.publish import Snapshot, snapshots
from flows.pull import read_sources, registered
from flows.pull.ledger import last_looks
from flows.settings import Settings


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source: what it gave, when it was last asked, and how far behind its schedule that is."""

    source_id: str
    kind: str
    is_enabled: bool
    schedule: str
    reports: int
    waiting: int
    quarantined: int
    last_look: str
    last_new: str
    problems: int
    lag: str  # empty where it has no schedule, "on time", or how late in words


@dataclass(frozen=True, slots=True)
class Status:
    """A home, in plain fields."""

    home: Path
    sources: list[SourceStatus]
    snapshot: Snapshot | None
    checks: dict[str, int]
    open_findings: int
    kept_out: int
    writer: str


def status(settings: Settings, at: datetime | None = None) -> Status:
    """What is true now; reads only."""
    generations = snapshots(settings)
    current = next((snapshot for snapshot in generations if snapshot.is_current), None)
    checks, open_findings = _counted(settings)
    return Status(
        home=settings.home,
        sources=source_status(settings, at or datetime.now(UTC)),
        snapshot=current,
        checks=checks,
        open_findings=open_findings,
        kept_out=len(quarantined(settings)),
        writer=writer(settings),
    )


def source_status(settings: Settings, at: datetime) -> list[SourceStatus]:
    """Every source of the registry, and of the register where it is no longer in the registry."""
    known = registered(settings.register)
    states = Counter((each.item.source_id, each.state) for each in known)
    newest = {each.item.source_id: each.pulled_at for each in known}  # oldest first, so the last one stays
    looks = last_looks(settings.register)
    found = []
    for source in read_sources(settings.sources_file):
        look = looks.get(source.source_id)
        found.append(
            SourceStatus(
                source_id=source.source_id,
                kind=source.kind,
                is_enabled=source.is_enabled,
                schedule=source.schedule,
                reports=states[source.source_id, "accepted"],
                waiting=states[source.source_id, "pulled"],
                quarantined=states[source.source_id, "quarantined"],
                last_look=look.looked_at if look else "",
                last_new=newest.get(source.source_id, ""),
                problems=look.problem_count if look else 0,
                lag=lag(source.schedule if source.is_enabled else "", look.looked_at if look else "", at),
            )
        )
    return found


def lag(schedule: str, looked_at: str, at: datetime) -> str:
    """How late a source is: the time since the schedule should have asked it and nobody did."""
    if not schedule:
        return ""
    if not looked_at:
        return "never asked"
    due = _due_before(schedule, at)
    looked = datetime.fromisoformat(looked_at)
    if looked > at:
        return "asked in the future; the clock was set back"
    return "on time" if looked >= due else f"{_words((at - due).total_seconds())} late"


def source_lines(settings: Settings) -> list[str]:
    """One line a source, for the digest."""
    return [
        f"{each.source_id}: {each.reports} reports, last asked {each.last_look or 'never'}, {each.problems} problems"
        + (f", {each.lag}" if each.lag else "")
        for each in source_status(settings, datetime.now(UTC))
    ]


def _due_before(schedule: str, at: datetime) -> datetime:
    """The last moment at which a cron line was due."""
    from cronsim import CronSim

    return next(CronSim(schedule, at, reverse=True))


def _words(seconds: float) -> str:
    minutes = int(seconds // 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} d"


def _counted(settings: Settings) -> tuple[dict[str, int], int]:
    import duckdb

    file = settings.current / "warehouse.duckdb"
    if not file.exists():
        return {}, 0
    with closing(duckdb.connect(file, read_only=True)) as con:
        rows = con.execute("select verdict, count(*) from marts.fct_checks group by 1 order by 1").fetchall()
        open_row = con.execute(
            "select count(*) from marts.fct_checks where verdict = 'broken' and not is_acknowledged"
        ).fetchone()
    return {str(verdict): int(count) for verdict, count in rows}, int(open_row[0]) if open_row else 0
