"""The commands. Each imports what it needs when it is called, so that `--help` is quick."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows import __version__
from flows.record.columns import AUDIT, EXTRACT

if TYPE_CHECKING:
    from flows.settings import Settings
    from flows.show import RunSummary

FORMATS = click.Choice(["table", "csv", "jsonl"])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class _Command(click.Command):
    """A command whose help ends with examples, as they are typed."""

    def __init__(self, *args: object, examples: str = "", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.examples:
            with formatter.section("Examples"):
                formatter.write_text("\b\n" + self.examples)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gongbao")
def main() -> None:
    """Figures out of prose reports, into a warehouse where each can be traced to its characters and audited."""


@main.command(cls=_Command, examples="gongbao run\nGONGBAO_HOME=/srv/gongbao gongbao run --sources my_sources.csv")
@click.option("--sources", type=_FILE, help="Registry of sources; default <home>/sources.csv, else seeds/sources.csv.")
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


@main.command(
    cls=_Command,
    examples="gongbao extract seeds/reports/luoding/luoding-2020-03-27.md\n"
    "gongbao extract bulletin.html --format csv > figures.csv",
)
@click.argument("file", type=_FILE)
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@click.option("--place", default="", help="The place the report is of: what 全市 and 我市 mean.")
@click.option("--published-on", type=click.DateTime(["%Y-%m-%d"]), help="The report's date, if it does not say.")
def extract(file: Path, form: str, place: str, published_on: object) -> None:
    """Print every numeral of one FILE, a row each, without touching any warehouse."""
    from datetime import datetime

    from flows.analysis import extract_rows

    given = published_on.date() if isinstance(published_on, datetime) else None
    with _one_line_errors():
        rows = extract_rows(file, place=place, published_on=given)
    _print(rows, EXTRACT, form, shown=_EXTRACT_SHOWN)


@main.command(
    cls=_Command,
    examples="gongbao audit seeds/reports/*/*.md --only broken\n"
    "gongbao audit 2022-04-*.txt --format jsonl > findings.jsonl",
)
@click.argument("files", type=_FILE, nargs=-1, required=True)
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@click.option("--only", type=click.Choice(["holds", "broken", "cannot_tell"]), help="Print these verdicts only.")
@click.option("--place", default="", help="The place the reports are of: what 全市 and 我市 mean.")
def audit(files: Sequence[Path], form: str, only: str | None, place: str) -> None:
    """Print the findings of FILES, taken as one series in date order, without touching any warehouse.

    Exit code: 0 where nothing is broken, 1 where something is.
    """
    from flows.analysis import audit_files

    with _one_line_errors():
        rows = audit_files(files, place=place)
    _print([row for row in rows if only in (None, row["verdict"])], AUDIT, form, shown=_AUDIT_SHOWN)
    if any(row["verdict"] == "broken" for row in rows):
        sys.exit(1)


@main.command(cls=_Command, examples="gongbao snapshots")
def snapshots() -> None:
    """List the published generations of the warehouse, newest first."""
    from flows.publish import snapshots as list_snapshots
    from flows.settings import Settings

    for snapshot in list_snapshots(Settings()):
        click.echo(str(snapshot))


@main.command(cls=_Command, examples="gongbao rollback\ngongbao rollback 20200327T010203Z")
@click.argument("generation", required=False)
def rollback(generation: str | None) -> None:
    """Point BI at the GENERATION before the current one, or at the one named."""
    from flows.publish import rollback as roll_back
    from flows.settings import Settings

    click.echo(f"current is now {roll_back(Settings(), generation)}")


@main.command(cls=_Command, examples="gongbao show\ngongbao show luoding")
@click.argument("report", required=False, default="")
def show(report: str) -> None:
    """Open the pages in the browser: the overview, or the page of the REPORT whose id begins so."""
    from flows.settings import Settings

    site = Settings().site
    pages = sorted((site / "reports").glob(f"{report}*.html")) if report else [site / "index.html"]
    if not pages or not pages[0].exists():
        raise click.ClickException(f"no page for {report or 'the overview'} in {site}; `gongbao run` builds the pages")
    click.launch(pages[0].resolve().as_uri())
    click.echo(pages[0])


@main.command(cls=_Command, examples="gongbao quarantine\ngongbao quarantine --format csv")
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
        _print(kept_out, columns, form, shown=("uri", "file", "row_key", "expectation", "reason"))


#: The columns a terminal has room for; csv and jsonl print all.
_EXTRACT_SHOWN = ("start", "quote", "class", "value", "unit", "hedge", "indicator_text", "indicator", "as_of", "rule")
_AUDIT_SHOWN = ("report", "kind", "verdict", "message", "cue")


def _print(rows: Sequence[Mapping[str, str]], columns: Mapping[str, str], form: str, *, shown: Sequence[str]) -> None:
    """Rows on standard output: a table for people, CSV or JSON lines for programs."""
    if form == "csv":
        from flows.write import csv_bytes

        sys.stdout.buffer.write(csv_bytes(rows, columns))
    elif form == "jsonl":
        import json

        for row in rows:
            typed = {column: _json_value(row[column], kind, column) for column, kind in columns.items()}
            click.echo(json.dumps(typed, ensure_ascii=False))
    else:
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, header_style="bold", pad_edge=False)
        for column in shown:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(Text(row[column]) for column in shown))
        Console().print(table)
        click.echo(f"{len(rows)} rows")


def _json_value(cell: str, kind: str, column: str) -> object:
    """A cell as JSON: integers, booleans and lists as such; exact numbers stay text, so that none is rounded."""
    import json

    if column.startswith("operand_"):
        return json.loads(cell)
    if kind == "VARCHAR":
        return cell
    if cell == "":
        return None
    if kind == "BIGINT":
        return int(cell)
    if kind == "BOOLEAN":
        return cell == "true"
    return cell


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """A report that cannot be read is one line on standard error and exit code 2."""
    from flows.read import ReadError

    try:
        yield
    except ReadError as error:
        click.echo(f"gongbao: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
