"""`gongbao status`, `doctor`, `backup`, `restore`: how a home is, and how it is kept."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from flows.cli.running import one_line_troubles
from flows.cli.terminal import FORMATS, Command, plain, print_rows


@click.command(cls=Command, examples="gongbao status\ngongbao status --hash\ngongbao status --format jsonl")
@click.option("--hash", "is_hash", is_flag=True, help="Only the content hash of the published warehouse.")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True, help="Of the sources.")
def status(is_hash: bool, form: str) -> None:
    """Sources, when each was last asked, lag, snapshot, open findings, quarantine. Reads only."""
    from flows.operations.digest import published_hash
    from flows.operations.status import status as status_of
    from flows.settings import Settings

    settings = Settings()
    with one_line_troubles():
        if is_hash:
            click.echo(published_hash(settings) or "nothing is published yet")
            return
        found = status_of(settings)
    rows = [{key: str(value) for key, value in asdict(source).items()} for source in found.sources]
    columns = dict.fromkeys(rows[0] if rows else (), "VARCHAR")
    if form != "table":
        print_rows(rows, columns, form, shown=())
        return
    for source in found.sources:
        counts = f"{source.reports} loaded, {source.waiting} waiting, {source.quarantined} quarantined"
        asked = f"asked {source.last_look or 'never'}, last new {source.last_new or 'never'}"
        more = [f"{source.problems} problems" if source.problems else "", source.schedule, source.lag]
        off = "" if source.is_enabled else " (disabled)"
        click.echo(plain("; ".join(each for each in (f"{source.source_id}{off}: {counts}", asked, *more) if each)))
    click.echo()
    click.echo(f"home        {found.home}")
    click.echo(f"snapshot    {found.snapshot or 'nothing is published yet'}")
    click.echo(f"findings    {found.open_findings} open; {_counted(found.checks)}")
    click.echo(f"kept out    {found.kept_out} (gongbao quarantine)")
    click.echo(f"writer      {found.writer or 'nobody'}")


@click.command(cls=Command, examples="gongbao doctor\ngongbao doctor --rebuild")
@click.option("--rebuild", is_flag=True, help="Also build all anew from the archive, aside, and compare: minutes.")
def doctor(rebuild: bool) -> None:
    """Look at everything that can be wrong with a home and say the mend; change nothing.

    Exit code: 0 where all is well, 1 where a person should look, 2 where the next run would fail.
    """
    from flows.operations.doctor import Check, examine
    from flows.settings import Settings

    settings = Settings()
    checks = examine(settings)
    if rebuild:
        from flows.operations import one_writer
        from flows.operations.digest import DifferentError, refresh_gives_the_same

        with one_line_troubles(), one_writer(settings):
            try:
                checks.append(Check("rebuild", "ok", refresh_gives_the_same(settings)))
            except DifferentError as error:
                checks.append(Check("rebuild", "fault", str(error)))
    mark = {"ok": "✓", "warning": "!", "fault": "✗"}
    for check in checks:
        click.echo(f"{mark[check.state]} {check.name}{': ' if check.found else ''}{plain(check.found)}")
    sys.exit(2 if any(c.state == "fault" for c in checks) else int(any(c.state == "warning" for c in checks)))


@click.command(cls=Command, examples="gongbao backup /backups/gongbao-monday.tar.gz")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write archive, register, reviews, seed CSVs and the published warehouse to FILE, and read it back to be sure."""
    from flows.operations import one_writer
    from flows.operations.backup import backup as back_up
    from flows.settings import Settings

    settings = Settings()
    with one_line_troubles(), one_writer(settings):
        made = back_up(settings, file)
    click.echo(f"{file}: {made['files']} files, {made['bytes'] / 1e6:.1f} MB, every hash read back")


@click.command(
    cls=Command,
    examples="gongbao restore /backups/gongbao-monday.tar.gz\n"
    "GONGBAO_HOME=/srv/other gongbao restore /backups/gongbao-monday.tar.gz",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace what the home holds; it is kept beside.")
def restore(file: Path, overwrite: bool) -> None:
    """Put a backup back, once every hash in it was found right. `gongbao run` then builds what is not in it."""
    from flows.operations import one_writer
    from flows.operations.backup import restore as put_back
    from flows.settings import Settings

    settings = Settings()
    with one_line_troubles(), one_writer(settings):
        put_back_files = put_back(settings, file, overwrite=overwrite)["files"]
    click.echo(f"{put_back_files} files are back in {settings.home}; `gongbao run` builds the rest")


def _counted(checks: dict[str, int]) -> str:
    return ", ".join(f"{count} {verdict.replace('_', ' ')}" for verdict, count in checks.items()) or "no checks yet"
