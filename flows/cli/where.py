"""`gongbao where`: from a figure back to the raw document, byte for byte."""

import sys
from typing import TYPE_CHECKING

import click

from flows.cli.evidence import published
from flows.cli.terminal import Command, plain

if TYPE_CHECKING:
    from flows.read import Origin


@click.command(cls=Command, examples="gongbao where luoding#1298\ngongbao where luoding 98.2%")
@click.argument("figure", metavar="FIGURE")
@click.argument("words", required=False, default="")
def where(figure: str, words: str) -> None:
    """Say where a FIGURE stands: in the archived text, and in the raw document that it was read from.

    FIGURE is REPORT#START, or a REPORT followed by the WORDS of the figure. The raw place is bytes of a text or a
    page, page and box of a PDF, paragraph or cell of a Word file, a table or a workbook.
    """
    from flows.pull import PullError, archived_path, load
    from flows.read import locate, read_map
    from flows.settings import Settings
    from flows.show.resolve import figure_id

    settings = Settings()
    with published(settings) as con:
        found = figure_id(con, figure, words)
        row = con.execute(
            "select report_id, start_offset, end_offset, quote from marts.fct_figures where figure_id = ?", [found]
        ).fetchone()
    if row is None:
        raise click.ClickException(f"{found} is no figure of a published report")
    report_id, start, end, quote = row
    kept = settings.texts / f"{report_id}.map.json"
    try:
        origins = read_map(kept.read_bytes())
    except FileNotFoundError:
        raise click.ClickException(f"{kept} is not there; `gongbao rerun {report_id}` makes it") from None
    except (ValueError, KeyError) as error:
        raise click.ClickException(f"{kept}: {error}; `gongbao rerun {report_id}` makes it anew") from None
    origin = locate(origins, start, end)
    try:
        raw = load(settings.archive, origins.sha256)
    except PullError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"quote      {plain(quote)}")
    click.echo(f"text       {settings.texts / f'{report_id}.txt'}, characters {start} to {end}")
    click.echo(f"raw file   {archived_path(settings.archive, origins.sha256)} ({origins.media_type}, {len(raw)} bytes)")
    for line in raw_places(origin, raw, origins.encoding):
        click.echo(f"raw place  {plain(line)}")
    if not origin.pieces and not origin.places:
        click.echo("raw place  not known: the document does not tell it", err=True)
        sys.exit(1)


def raw_places(origin: "Origin", raw: bytes, encoding: str) -> list[str]:
    """The raw places in words, a line each."""
    lines = []
    for first, last in origin.pieces:
        lines.append(f"bytes {first} to {last}: {_shown(raw[first:last], encoding)}")
    for place in origin.places:
        match place:
            case ("paragraph", number):
                lines.append(f"paragraph {int(number) + 1}")
            case ("cell", table, row, column):
                lines.append(f"table {int(table) + 1}, row {int(row) + 1}, column {int(column) + 1}")
            case (page, left, top, right, bottom):
                lines.append(f"page {page}, box {left} {top} {right} {bottom} (points from its upper left corner)")
            case (int(), column):
                lines.append(f"row {place[0]}, column {column}")
            case _:
                lines.append("!".join(map(str, place)))
    return lines


def _shown(piece: bytes, encoding: str) -> str:
    """The bytes as text; a piece of UTF-16 or UTF-32 has no byte-order mark of its own."""
    if encoding in ("utf-16", "utf-32"):
        return piece.hex(" ")
    return piece.decode(encoding, "replace")
