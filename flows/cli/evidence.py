"""`gongbao show` and `explain`: the evidence behind a figure, in the browser and in the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from flows.cli.terminal import Command

if TYPE_CHECKING:
    import duckdb

    from flows.settings import Settings


@click.command(
    cls=Command,
    examples="gongbao show\ngongbao show luoding\ngongbao show luoding#1298\ngongbao show resumption\n"
    "gongbao show --print luoding#1298",
)
@click.argument("what", metavar="[REPORT|FINDING|FIGURE]", required=False, default="")
@click.option("--print", "only_prints", is_flag=True, help="Print the address and open nothing.")
def show(what: str, only_prints: bool) -> None:
    """Open the pages in the browser, at the place that is named.

    A REPORT is named by its id, how it begins, or words of its title; a FIGURE by REPORT#START; a FINDING by its
    check_id. Codes of indicators and subjects open their pages.
    """
    from urllib.parse import unquote

    from flows.settings import Settings
    from flows.show.resolve import resolve

    settings = Settings()
    page = "index.html"
    if what:
        with published(settings) as con:
            page = resolve(con, what).page
    path, _, anchor = page.partition("#")
    file = settings.site / unquote(path)
    if not file.exists():
        raise click.ClickException(f"no page {path} in {settings.site}; `gongbao run` builds the pages")
    address = file.resolve().as_uri() + (f"#{anchor}" if anchor else "")
    if not only_prints:
        click.launch(address)
    click.echo(address)


@click.command(
    cls=Command,
    examples="gongbao explain luoding#1298\ngongbao explain luoding 98.2%\ngongbao explain qinglan-2022-04-18 1384例",
)
@click.argument("figure", metavar="FIGURE")
@click.argument("words", required=False, default="")
def explain(figure: str, words: str) -> None:
    """Say what is known of a FIGURE: value, interval, context, indicator, period, history and relations.

    FIGURE is REPORT#START, or a REPORT followed by the WORDS of the figure. A report is named by its id or how it
    begins.
    """
    from flows.settings import Settings
    from flows.show.explain import explain as say
    from flows.show.resolve import figure_id

    settings = Settings()
    with published(settings) as con:
        say(con, figure_id(con, figure, words), settings.texts)


@contextmanager
def published(settings: "Settings") -> "Iterator[duckdb.DuckDBPyConnection]":
    """The published file; what is missing or unclear is one line."""
    from flows.show.resolve import NotOneError
    from flows.show.warehouse import connect

    try:
        con = connect(settings.current / "warehouse.duckdb")
    except FileNotFoundError:
        raise click.ClickException(f"nothing is published in {settings.home}; `gongbao run` does it") from None
    try:
        yield con
    except NotOneError as error:
        raise click.ClickException(str(error)) from None
    except FileNotFoundError as error:
        raise click.ClickException(f"{error.filename} is gone; `gongbao run` reads the reports again") from None
    finally:
        con.close()
