"""`gongbao run`, `rerun`, `backfill` and `forget`: what makes the flow run. It is started only where there is work."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.terminal import FILE, Command, plain

if TYPE_CHECKING:
    from flows.operations import Request
    from flows.settings import Settings
    from flows.show import RunSummary

_PLAIN = click.option("--plain", "is_plain", is_flag=True, help="The same steps without Prefect: no server is started.")
_WAIT = click.option("--wait", type=float, default=0, metavar="SECONDS", help="Wait so long for another run to end.")


@click.command(
    cls=Command,
    examples="gongbao run\ngongbao run --source qinglan --wait 600\n"
    "GONGBAO_HOME=/srv/gongbao gongbao run --sources my_sources.csv\n"
    "GONGBAO_SPARK_MASTER=spark://10.0.0.1:7077 gongbao run --engine spark",
)
@click.option("--sources", type=FILE, help="Registry of sources; default <home>/sources.csv, else seeds/sources.csv.")
@click.option("--source", "only", multiple=True, help="Ask this source only; may be given several times.")
@click.option("--full-refresh", is_flag=True, help="Read every archived report again and rebuild the warehouse.")
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    help="What builds the warehouse; default: what built it before, at first duckdb. Another one builds it anew.",
)
@_PLAIN
@_WAIT
def run(  # noqa: PLR0917 - click hands each option over
    sources: Path | None, only: tuple[str, ...], full_refresh: bool, engine: str | None, is_plain: bool, wait: float
) -> None:
    """Pull what is new, read, validate, load, judge, publish and show it. Nothing new: no work."""
    from flows.operations import Request
    from flows.settings import Settings

    settings = Settings(sources=sources) if sources else Settings()
    if engine:
        settings = settings.model_copy(update={"engine": engine})
    perform(settings, Request(full_refresh=full_refresh, only=only), is_plain=is_plain, wait=wait)


@click.command(cls=Command, examples='gongbao rerun luoding-2020-03-27\ngongbao rerun luoding --reason "new units"')
@click.argument("report")
@click.option("--reason", default="", help="Why; kept in the audit trail.")
@_PLAIN
@_WAIT
def rerun(report: str, reason: str, is_plain: bool, wait: float) -> None:
    """Read REPORT (its id, or a beginning of it) again from the archive, and everything after it."""
    from flows.operations import Request
    from flows.operations.choose import chosen
    from flows.pull.ledger import wait_again
    from flows.settings import Settings

    settings = Settings()
    with one_line_troubles():
        wait_again(settings.register, chosen(settings, report), "rerun", reason)
    perform(settings, Request(), is_plain=is_plain, wait=wait)


@click.command(cls=Command, examples="gongbao backfill --source qinglan --from 2022-04-01 --to 2022-04-30")
@click.option("--source", required=True, help="The source, by its id in the registry.")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day, of publication.")
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Last day.")
@_PLAIN
@_WAIT
def backfill(source: str, since: datetime, until: datetime, is_plain: bool, wait: float) -> None:
    """Ask the SOURCE for everything again, and read again what it published between two days.

    A report without a date counts by the day on which it was pulled. Same reports, same code: the same warehouse.
    """
    from flows.operations import Request
    from flows.operations.choose import published_between
    from flows.pull.ledger import look_again, wait_again
    from flows.settings import Settings

    settings = Settings()
    with one_line_troubles():
        reports = published_between(settings, source, since.date(), until.date())
        wait_again(settings.register, reports, "backfill", f"{source} {since:%Y-%m-%d} to {until:%Y-%m-%d}")
        look_again(settings.register, source)
    click.echo(f"{len(reports)} archived reports are read again")
    perform(settings, Request(only=(source,)), is_plain=is_plain, wait=wait)


@click.command(
    cls=Command,
    examples='gongbao forget luoding-2020-03-27-0123456789ab --reason "withdrawn by its publisher"\n'
    'gongbao forget luoding-2020-03-27-0123456789ab --undo --reason "published again"',
)
@click.argument("report")
@click.option("--reason", required=True, help="Why; kept in the audit trail with who and when.")
@click.option("--undo", is_flag=True, help="Let the next pull take it again.")
@_PLAIN
@_WAIT
def forget(report: str, reason: str, undo: bool, is_plain: bool, wait: float) -> None:
    """Take REPORT (its whole id) out for good: bytes, text, rows, pages, older snapshots. What stays is one line of
    the audit trail: id, sha256, who, when, why. The same bytes are not pulled again."""
    from flows.operations import Request
    from flows.operations.choose import forget_report, remember_report
    from flows.settings import Settings

    settings = Settings()
    with one_line_troubles():
        if undo:
            remember_report(settings, report, reason)
            click.echo(f"{plain(report)} is pulled again by the next run, if its source still has it")
            return
        forget_report(settings, report, reason)
    perform(settings, Request(), is_plain=is_plain, wait=wait)


def perform(settings: "Settings", request: "Request", *, is_plain: bool, wait: float) -> None:
    """Look first; start the flow where there is work; print what it did."""
    import signal
    import time

    from flows.operations import look, one_writer
    from flows.show import print_summary

    started = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service that is stopped ends as Ctrl-C ends it
    with one_line_troubles():
        with one_writer(settings, wait_seconds=wait):
            found = look(settings, request.only)
        for problem in found.problems:
            click.echo(plain(f"{problem.source_id}: not pulled: {problem.message}"), err=True)
        if found.has_stale_pages and not found.has_work:
            click.echo("the pages are of another snapshot than the published one; they are made again")
        elif not found.has_work and not request.full_refresh and not request.rebuild:
            asked = [
                source
                for source in found.sources
                if source.is_enabled and (not request.only or source.source_id in request.only)
            ]
            click.echo(f"nothing new at {len(asked)} {'source' if len(asked) == 1 else 'sources'}")
            return
        for reason in found.reasons:
            click.echo(plain(reason))
        how = "running the steps" if is_plain else "starting the flow"
        click.echo(f"{len(found.items)} reports to read; {how}")
        summary = (_plain_run if is_plain else _flow)(settings, request, wait, len(found.items))
    if summary is not None:
        print_summary(replace(summary, seconds=time.monotonic() - started))


@contextmanager
def one_line_troubles() -> Iterator[None]:
    """What can go wrong on the machine is told in its own words, without a traceback; exit code 1, 130 where somebody
    interrupted it."""
    from flows.operations.troubles import INTERRUPTED, told

    try:
        yield
    except (SystemExit, GeneratorExit):
        raise
    except Exception as error:
        words = told(error)
        if words is None:
            raise
        click.echo(f"gongbao: {plain(words)}", err=True)
        sys.exit(1)
    except BaseException:  # noqa: BLE001 - Ctrl-C, or SIGTERM, of which Prefect makes a signal of its own
        click.echo(f"\ngongbao: {INTERRUPTED}", err=True)
        sys.exit(130)


def _plain_run(settings: "Settings", request: "Request", wait: float, reports: int) -> "RunSummary | None":
    from flows.engine import steps_of
    from flows.operations import one_writer, run_steps
    from flows.operations.notify import notify_failure, tell_of_run
    from flows.operations.troubles import told
    from flows.record.memory import importing_for_good

    with importing_for_good():
        _import_tools(reports, settings.threads)
    with one_writer(settings, wait_seconds=wait):
        try:
            summary = run_steps(settings, request, steps_of(settings))
        except Exception as error:
            notify_failure(settings, "gongbao run --plain", told(error) or f"{type(error).__name__}: {error}")
            raise
        if summary is not None:
            tell_of_run(settings, summary)
    return summary


def _flow(settings: "Settings", request: "Request", wait: float, reports: int) -> "RunSummary | None":
    """The Prefect flow in this process, with a temporary server unless one is configured."""
    from flows.operations.servers import own_server, until_it_answers
    from flows.record.memory import importing_for_good

    with ExitStack() as stack:
        with importing_for_good():
            api = stack.enter_context(own_server(settings))
            from flows.pipeline import gongbao_flow

            _import_tools(reports, settings.threads)  # while the server starts
        if api:
            click.echo(f"Prefect's temporary server is at {api}")
            until_it_answers(api)
        return gongbao_flow(settings, request.full_refresh, request.only, request.rebuild, wait)


def _import_tools(reports: int, threads: int) -> None:
    """What the steps of a run of so many reports would import in any case. The gate of many is other processes."""
    from importlib import import_module

    from expectations.batches import processes_for
    from expectations.importing import great_expectations

    if not reports:
        return
    if processes_for(reports, threads) < 2:
        great_expectations()
    for tool in ("dbt.cli.main", "dbt.adapters.duckdb"):
        import_module(tool)
