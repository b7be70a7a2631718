"""`gongbao extract` and `gongbao audit`: files in, rows out, no warehouse."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from flows.cli.terminal import FILE, FORMATS, Command, one_line_errors, print_rows
from flows.record.columns import AUDIT, EXTRACT

#: The columns a terminal has room for; csv and jsonl print all.
_EXTRACT_SHOWN = ("start", "quote", "class", "value", "unit", "hedge", "indicator_text", "indicator", "as_of", "rule")
_AUDIT_SHOWN = ("report", "kind", "verdict", "message", "cue")


@click.command(
    cls=Command,
    examples="gongbao extract seeds/reports/luoding/luoding-2020-03-27.md\n"
    "gongbao extract bulletin.html --format csv > figures.csv",
)
@click.argument("file", type=FILE)
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@click.option("--place", default="", help="The place the report is of: what 全市 and 我市 mean.")
@click.option("--published-on", type=click.DateTime(["%Y-%m-%d"]), help="The report's date, if it does not say.")
def extract(file: Path, form: str, place: str, published_on: object) -> None:
    """Print every numeral of one FILE, a row each, without touching any warehouse."""
    from datetime import datetime

    from flows.record.memory import collect_seldom

    collect_seldom()  # what is imported and looked up stays: looking for loops in it takes a tenth of the time
    from flows.analysis import each_row

    given = published_on.date() if isinstance(published_on, datetime) else None
    with one_line_errors():
        rows = each_row(file, place=place, published_on=given)
    print_rows(rows, EXTRACT, form, shown=_EXTRACT_SHOWN)


@click.command(
    cls=Command,
    examples="gongbao audit seeds/reports/*/*.md --only broken\n"
    "gongbao audit 2022-04-*.txt --format jsonl > findings.jsonl",
)
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("--format", "form", type=FORMATS, default="table", show_default=True)
@click.option("--only", type=click.Choice(["holds", "broken", "cannot_tell"]), help="Print these verdicts only.")
@click.option("--place", default="", help="The place the reports are of: what 全市 and 我市 mean.")
def audit(files: Sequence[Path], form: str, only: str | None, place: str) -> None:
    """Print the findings of FILES, taken as one series in date order, without touching any warehouse.

    Exit code: 0 where nothing is broken, 1 where something is.
    """
    from flows.analysis import audit_files

    with one_line_errors():
        rows = audit_files(files, place=place)
    print_rows([row for row in rows if only in (None, row["verdict"])], AUDIT, form, shown=_AUDIT_SHOWN)
    if any(row["verdict"] == "broken" for row in rows):
        sys.exit(1)
