"""Which reports a person means, and what may be done to them."""

from contextlib import closing
from datetime import date

from flows.operations.lock import one_writer
from flows.operations.soundness import is_duckdb
from flows.operations.troubles import MistakenError
from flows.pull import read_sources, registered
from flows.pull.ledger import forget, half_forgotten, remember_again
from flows.settings import Settings
from flows.write import csv_rows


def chosen(settings: Settings, name: str) -> list[str]:
    """The one report whose id is, or begins with, `name`. Raises MistakenError for none or several."""
    ids = [known.item.report_id for known in registered(settings.register)]
    if name in ids:
        return [name]
    found = [report_id for report_id in ids if name and report_id.startswith(name)]
    if len(found) != 1:
        known = ", ".join(found[:5] or ids[:5])
        many = f"{len(found)} reports begin with {name!r}" if found else f"no report is called {name!r}"
        raise MistakenError(f"{many}; give a whole id, such as {known}" if known else f"{many}; none was pulled yet")
    return found


def published_between(settings: Settings, source_id: str, since: date, until: date) -> list[str]:
    """The reports of a source published in these days, both included; by the day of the pull where undated."""
    if since > until:
        raise MistakenError(f"--from {since} is after --to {until}; give the earlier day first")
    sources = [source.source_id for source in read_sources(settings.sources_file)]
    if source_id not in sources:
        raise MistakenError(f"{settings.sources_file} has no source {source_id!r}; there are {', '.join(sources)}")
    found = []
    days = _loaded_days(settings)
    for known in registered(settings.register):
        if known.item.source_id == source_id:
            read = days.get(known.item.report_id) or _published_on(settings, known.item.report_id)
            dated = read or date.fromisoformat(known.pulled_at[:10])
            if since <= dated <= until:
                found.append(known.item.report_id)
    return found


def forget_report(settings: Settings, report_id: str, reason: str) -> None:
    """Mark a report to be forgotten; the run that follows takes it out. Twice is once."""
    if not reason.strip():
        raise MistakenError("--reason is empty; say why, the audit trail keeps it")
    if any(report_id == waiting for waiting, _ in half_forgotten(settings.register)):
        return
    with one_writer(settings):
        try:
            forget(settings.register, report_id, reason)
        except KeyError:
            known = [each.item.report_id for each in registered(settings.register)]
            near = [each for each in known if each.startswith(report_id)]
            hint = f"; did you mean {near[0]}" if near else ""
            raise MistakenError(f"no report is called {report_id!r}{hint}; give the whole id") from None


def remember_report(settings: Settings, report_id: str, reason: str) -> None:
    """Let a forgotten report be pulled again."""
    with one_writer(settings):
        if any(report_id == waiting for waiting, _ in half_forgotten(settings.register)):
            raise MistakenError(f"{report_id} is not wholly forgotten yet; `gongbao run` first")
        try:
            remember_again(settings.register, report_id, reason)
        except KeyError:
            raise MistakenError(f"{report_id!r} was never forgotten; `gongbao quarantine log` lists what was") from None


def _loaded_days(settings: Settings) -> dict[str, date]:
    """When each dated report of the build file was published."""
    import duckdb

    if not is_duckdb(settings.build_file):
        return {}
    with closing(duckdb.connect(settings.build_file, read_only=True)) as con:
        if not con.execute(
            "select 1 from duckdb_tables() where schema_name = 'raw' and table_name = 'reports'"
        ).fetchone():
            return {}  # a first run was killed before it loaded anything
        return dict(
            con.execute("select report_id, published_on from raw.reports where published_on is not null").fetchall()
        )


def _published_on(settings: Settings, report_id: str) -> date | None:
    """Of a report that is not loaded: as it was read, or as the gate kept it out."""
    for folder in (settings.pulled, settings.quarantine):
        if (file := folder / report_id / "report.csv").is_file():
            try:
                rows = [row for _, row in csv_rows(file)]
            except ValueError as error:
                raise MistakenError(f"{error}; `gongbao rerun {report_id}` writes it again") from error
            for row in rows:
                return date.fromisoformat(row["published_on"]) if row["published_on"] else None
    return None
