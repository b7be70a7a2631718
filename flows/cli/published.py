"""`gongbao snapshots` and `rollback`: what has been published."""

import click

from flows.cli.running import one_line_troubles
from flows.cli.terminal import Command


@click.command(cls=Command, examples="gongbao snapshots")
def snapshots() -> None:
    """List the published generations of the warehouse, newest first."""
    from flows.publish import snapshots as list_snapshots
    from flows.settings import Settings

    for snapshot in list_snapshots(Settings()):
        click.echo(str(snapshot))


@click.command(cls=Command, examples="gongbao rollback\ngongbao rollback 20200327T010203Z")
@click.argument("generation", required=False)
def rollback(generation: str | None) -> None:
    """Point BI at the GENERATION before the current one, or at the one named."""
    from flows.publish import rollback as roll_back
    from flows.settings import Settings

    with one_line_troubles():
        click.echo(f"current is now {roll_back(Settings(), generation)}; `gongbao run` makes its pages")
