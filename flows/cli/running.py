"""`gongbao run`: look first, and start the flow only where there is work."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.terminal import FILE, Command

if TYPE_CHECKING:
    from flows.settings import Settings
    from flows.show import RunSummary


@click.command(cls=Command, examples="gongbao run\nGONGBAO_HOME=/srv/gongbao gongbao run --sources my_sources.csv")
@click.option("--sources", type=FILE, help="Registry of sources; default <home>/sources.csv, else seeds/sources.csv.")
@click.option("--full-refresh", is_flag=True, help="Read every archived report again and rebuild the warehouse.")
def run(sources: Path | None, full_refresh: bool) -> None:
    """Pull what is new, read, validate, load, judge, publish and show it. Nothing new: no work."""
    import time

    from flows.operations import BusyError, look, one_writer
    from flows.pull import SourcesError
    from flows.settings import Settings

    started = time.monotonic()
    settings = Settings(sources=sources) if sources else Settings()
    try:
        with one_writer(settings):
            found = look(settings)
        for problem in found.problems:
            click.echo(f"{problem.source_id}: not pulled: {problem.message}", err=True)
        if not found.items and not full_refresh:
            enabled = sum(source.is_enabled for source in found.sources)
            click.echo(f"nothing new at {enabled} {'source' if enabled == 1 else 'sources'}")
            return
        click.echo(f"{len(found.items)} reports to read; starting the flow")
        summary = _flow(settings, full_refresh)
    except (BusyError, SourcesError) as error:
        raise click.ClickException(str(error)) from error
    if summary is not None:
        from flows.show import print_summary

        print_summary(replace(summary, seconds=time.monotonic() - started))


def _flow(settings: "Settings", full_refresh: bool) -> "RunSummary | None":
    """The Prefect flow in this process. Its own database stays in the home, unless a server is configured."""
    os.environ.setdefault("PREFECT_HOME", str(settings.home / "prefect"))
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
    from flows.pipeline import gongbao_flow

    return gongbao_flow(settings, full_refresh)
