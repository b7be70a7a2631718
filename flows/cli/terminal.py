"""What the commands share: help with examples, rows printed for people or programs, one-line errors."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

FORMATS = click.Choice(["table", "csv", "jsonl"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Command(click.Command):
    """A command whose help ends with examples, as they are typed."""

    def __init__(self, *args: object, examples: str = "", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.examples:
            with formatter.section("Examples"):
                formatter.write_text("\b\n" + self.examples)


def plain(text: str) -> str:
    """Text of reports, names and servers as a terminal may have it: control characters are shown, not obeyed."""
    return "".join(
        character if character in "\n\t" or not _is_control(character) else f"\\x{ord(character):02x}"
        for character in text
    )


def _is_control(character: str) -> bool:
    # C0, DEL, C1, and the marks that turn the direction of writing
    return (
        character < " "
        or "\x7f" <= character <= "\x9f"
        or character in "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


def print_rows(
    rows: Iterable[Mapping[str, str]], columns: Mapping[str, str], form: str, *, shown: Sequence[str]
) -> None:
    """Rows on standard output: a table for people, CSV or JSON lines for programs."""
    if form == "csv":
        from flows.write import csv_pieces

        for piece in csv_pieces(rows, columns):
            sys.stdout.buffer.write(piece)
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
            table.add_row(*(Text(plain(row[column])) for column in shown))
        Console().print(table)
        click.echo(f"{table.row_count} {'row' if table.row_count == 1 else 'rows'}")


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
def one_line_errors() -> Iterator[None]:
    """A report that cannot be read is one line on standard error and exit code 2."""
    from flows.read import ReadError

    try:
        yield
    except ReadError as error:
        click.echo(f"gongbao: {error}", err=True)
        sys.exit(2)
