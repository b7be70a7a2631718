"""`gongbao server` and `gongbao serve`: Prefect's server on this machine, and the deployments that run by the clock."""

import sys

import click

from flows.cli.running import one_line_troubles
from flows.cli.terminal import Command


@click.command(cls=Command, examples="gongbao server\ngongbao server --port 4300")
@click.option("--port", type=int, default=4200, show_default=True)
def server(port: int) -> None:
    """Start Prefect's server with its pages on this machine (SQLite in the home), until it is ended with Ctrl-C."""
    from flows.operations.servers import serve_forever
    from flows.settings import Settings

    sys.exit(serve_forever(Settings(), port))


@click.command(
    cls=Command,
    examples="gongbao serve\nPREFECT_API_URL=http://127.0.0.1:4200/api gongbao serve",
)
@click.option("--port", type=int, default=4200, show_default=True, help="Of the server that is started beside it.")
@click.option("--list", "is_list", is_flag=True, help="Print what would be served, and end.")
def serve(port: int, is_list: bool) -> None:
    """Run the deployments: each source on its own schedule, the daily digest, the weekly full refresh check.

    Without PREFECT_API_URL a server is started beside it, and ended with it.
    """
    from flows.operations.schedule import schedules
    from flows.operations.servers import running_server
    from flows.settings import Settings

    settings = Settings()
    with one_line_troubles():
        planned = schedules(settings)
        for each in planned:
            click.echo(f"{each.name:<32} {each.cron}")
        if is_list:
            return
        with running_server(settings, port):
            from flows.pipeline import serve_deployments

            serve_deployments(planned)
