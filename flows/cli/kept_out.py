"""`gongbao quarantine`: what was kept out of the warehouse, and what a person decides about it."""

from collections.abc import Sequence

import click

from flows.cli.running import one_line_troubles, perform
from flows.cli.terminal import FORMATS, Command, plain, print_rows

_COLUMNS = dict.fromkeys(("report_id", "uri", "file", "row_key", "expectation", "value", "reason"), "VARCHAR")
_FORMAT = click.option("--format", "form", type=FORMATS, default="table", show_default=True)


@click.group(
    invoke_without_command=True,
    epilog="Examples: gongbao quarantine; gongbao quarantine --format csv; gongbao quarantine show broken.txt",
)
@_FORMAT
@click.pass_context
def quarantine(context: click.Context, form: str) -> None:
    """What was kept out of the warehouse, and why. Without a command: the list."""
    if context.invoked_subcommand is None:
        _print(_kept_out(), form)


@quarantine.command("list", cls=Command, examples="gongbao quarantine list\ngongbao quarantine list --all --format csv")
@_FORMAT
@click.option("--all", "also_discarded", is_flag=True, help="What was discarded as well.")
def list_all(form: str, also_discarded: bool) -> None:
    """List what was kept out."""
    _print(_kept_out(also_discarded), form)


@quarantine.command(cls=Command, examples="gongbao quarantine show broken.txt\ngongbao quarantine show luoding-2020")
@click.argument("what")
@_FORMAT
def show(what: str, form: str) -> None:
    """Show every reason against WHAT: a report id, a file, or a part of either."""
    found = [row for row in _kept_out(True) if what in row["report_id"] or what in row["uri"]]
    if not found:
        raise click.ClickException(f"nothing in quarantine is called {plain(what)}; `gongbao quarantine list`")
    if form != "table":
        print_rows(found, _COLUMNS, form, shown=())
        return
    for row in found:
        for column in _COLUMNS:
            if row[column]:
                click.echo(f"{column:<12} {plain(row[column])}")
        click.echo()


@quarantine.command(
    cls=Command, examples='gongbao quarantine release broken.txt --reason "unit added to the vocabulary"'
)
@click.argument("what")
@click.option("--reason", required=True, help="What was mended; kept in the audit trail.")
@click.option("--plain", "is_plain", is_flag=True, help="Without Prefect.")
def release(what: str, reason: str, is_plain: bool) -> None:
    """Let WHAT (a report id or a file) try the gate again, after its reason was mended. The gate itself stays shut
    to what is wrong: what still breaks an expectation comes back."""
    from flows.operations import Request
    from flows.operations.quarantines import release as release_it
    from flows.settings import Settings

    settings = Settings()
    with one_line_troubles():
        click.echo(f"{len(release_it(settings, what, reason))} tried again")
    perform(settings, Request(), is_plain=is_plain, wait=0)


@quarantine.command(cls=Command, examples='gongbao quarantine discard picture.txt --reason "an image, no report"')
@click.argument("what")
@click.option("--reason", required=True, help="Why it is no loss; kept in the audit trail.")
def discard(what: str, reason: str) -> None:
    """Put WHAT away for good: no longer listed, never loaded. Its bytes stay; `release` brings it back."""
    from flows.operations.quarantines import discard as discard_it
    from flows.settings import Settings

    with one_line_troubles():
        for report_id in discard_it(Settings(), what, reason):
            click.echo(f"{plain(report_id)} is discarded")


@quarantine.command(cls=Command, examples="gongbao quarantine log --format csv")
@_FORMAT
def log(form: str) -> None:
    """The audit trail: who released, discarded, reran or forgot what, when and why."""
    from dataclasses import asdict

    from flows.pull.ledger import decisions
    from flows.settings import Settings

    rows = [asdict(each) for each in decisions(Settings().register)]
    columns = dict.fromkeys(("decided_at", "decided_by", "action", "report_id", "sha256", "reason"), "VARCHAR")
    print_rows(rows, columns, form, shown=("decided_at", "decided_by", "action", "report_id", "reason"))


def _kept_out(also_discarded: bool = False) -> list[dict[str, str]]:
    from flows.operations import quarantined
    from flows.settings import Settings

    with one_line_troubles():
        return quarantined(Settings(), also_discarded)
    raise AssertionError("one_line_troubles leaves the process")


def _print(kept_out: Sequence[dict[str, str]], form: str) -> None:
    if form == "table" and not kept_out:
        click.echo("nothing is in quarantine")
    else:
        print_rows(kept_out, _COLUMNS, form, shown=("uri", "file", "row_key", "expectation", "reason"))
