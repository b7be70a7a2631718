"""`gongbao export`: marts as files, for who has no client of DuckDB."""

from collections.abc import Sequence
from pathlib import Path

import click

from flows.cli.terminal import Command


@click.command(
    cls=Command,
    examples="gongbao export fct_figures --format csv --to figures\n"
    "gongbao export --format xlsx --to workbooks\n"
    "gongbao export fct_observations --partition-by subject --to lake",
)
@click.argument("marts", nargs=-1, metavar="[MART]...")
@click.option("--format", "form", type=click.Choice(["parquet", "csv", "xlsx"]), default="parquet", show_default=True)
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder; made if new.")
@click.option("--partition-by", metavar="COLUMN", multiple=True, help="Parquet in folders by the values of a column.")
def export(marts: Sequence[str], form: str, to: Path, partition_by: Sequence[str]) -> None:
    """Write MARTs of the published warehouse, all if none is named, a file each, with a data package descriptor.

    No cell of a CSV or XLSX is taken for a formula: docs/bi.md says how, and how to read the very text back.
    """
    from rich.progress import Progress, SpinnerColumn, TextColumn

    from flows.publish import PublishError
    from flows.publish import export as export_marts
    from flows.settings import Settings

    with Progress(SpinnerColumn(), TextColumn("{task.description}"), transient=True) as progress:
        task = progress.add_task("")
        try:
            written = export_marts(
                Settings(),
                marts,
                form,
                to,
                partition_by=partition_by,
                say=lambda mart: progress.update(task, description=mart),
            )
        except PublishError as error:
            raise click.ClickException(str(error)) from error
    for path in written:
        click.echo(path)
