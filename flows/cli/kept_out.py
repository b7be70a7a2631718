"""`gongbao quarantine`: what was kept out of the warehouse."""

import click

from flows.cli.terminal import FORMATS, Command, print_rows


@click.command(cls=Command, examples="gongbao quarantine\ngongbao quarantine --format csv")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
def quarantine(form: str) -> None:
    """List what was kept out of the warehouse, and why."""
    from flows.operations import quarantined
    from flows.settings import Settings

    kept_out = quarantined(Settings())
    columns = dict.fromkeys(("report_id", "uri", "file", "row_key", "expectation", "value", "reason"), "VARCHAR")
    if form == "table" and not kept_out:
        click.echo("nothing is in quarantine")
    else:
        print_rows(kept_out, columns, form, shown=("uri", "file", "row_key", "expectation", "reason"))
