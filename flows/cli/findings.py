"""`gongbao findings`, `changes` and `acknowledge`: what does not agree, and what a person says of it."""

from datetime import date
from pathlib import Path

import click

from flows.cli.terminal import FORMATS, Command, print_rows

_STATUSES = click.Choice(["open", "acknowledged", "resolved", "acknowledgement_expired"])
_SHOWN = ("finding_id", "published_on", "report_id", "kind", "verdict", "status", "message")


@click.command(
    cls=Command,
    examples="gongbao findings --verdict broken\n"
    "gongbao findings --status acknowledgement_expired\n"
    "gongbao findings --report luoding --kind share --format csv > findings.csv",
)
@click.option("--verdict", type=click.Choice(["broken", "cannot_tell"]), help="These only.")
@click.option("--status", "statuses", type=_STATUSES, multiple=True, help="These only; default all but resolved.")
@click.option("--report", default="", help="Reports whose id begins so.")
@click.option("--kind", default="", help="This kind of relation only: sum, share, growth, joint …")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
def findings(verdict: str | None, statuses: tuple[str, ...], report: str, kind: str, form: str) -> None:
    """List the findings of the published warehouse: what is broken, in conflict or cannot be told."""
    from flows.review import COLUMNS, read_findings
    from flows.settings import Settings

    wanted = statuses or ("open", "acknowledged", "acknowledgement_expired")
    try:
        rows = read_findings(Settings(), statuses=wanted, verdict=verdict or "", report=report, kind=kind)
    except FileNotFoundError as error:
        raise click.ClickException(str(error)) from error
    if form == "table" and not rows:
        click.echo("no such findings")
    else:
        print_rows(rows, COLUMNS, form, shown=_SHOWN)


@click.command(cls=Command, examples="gongbao changes\ngongbao changes --report luoding --format csv > changes.csv")
@click.option("--report", default="", help="Reports whose id begins so.")
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
def changes(report: str, form: str) -> None:
    """List what publishers changed: the figures that differ between two versions of one page. Both are kept."""
    from flows.review import CHANGES, read_changes
    from flows.settings import Settings

    try:
        rows = read_changes(Settings(), report=report)
    except FileNotFoundError as error:
        raise click.ClickException(str(error)) from error
    if form == "table" and not rows:
        click.echo("no page changed a figure")
    else:
        print_rows(
            rows,
            CHANGES,
            form,
            shown=("report_id", "version", "change", "indicator_text", "quote_before", "quote_after"),
        )


@click.command(
    cls=Command,
    examples='gongbao acknowledge 2775c7895f1a --reason "the bulletin of the 19th corrects it" --person "Li Wei"\n'
    "gongbao acknowledge 2775c7895f1a --reason … --person … --file review/acknowledgements.csv",
)
@click.argument("finding")
@click.option("--reason", required=True, help="The explanation, with its evidence.")
@click.option("--person", required=True, help="Who gives it.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The date; today if not given.")
@click.option(
    "--file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The CSV to write to; seeds/review/acknowledgements.csv if not given.",
)
def acknowledge(finding: str, reason: str, person: str, day: object, file: Path | None) -> None:
    """Write down that a person has looked at FINDING (an id of `gongbao findings`) and explains it.

    The figures are written with it: when they change, the acknowledgement expires. The next run takes it up.
    """
    from datetime import datetime

    from flows.review import ACKNOWLEDGEMENTS, ReviewError
    from flows.review import acknowledge as write_down
    from flows.settings import Settings

    on = day.date() if isinstance(day, datetime) else date.today()
    path = file or ACKNOWLEDGEMENTS
    try:
        row = write_down(Settings(), finding, reason=reason, person=person, on=on, file=path)
    except (ReviewError, FileNotFoundError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{row['finding_id']} acknowledged in {path}: {row['expected_figures']}")
