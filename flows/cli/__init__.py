"""The commands, one module a group. Each imports what it needs when it is called, so that `--help` is quick."""

import click

from flows import __version__
from flows.cli import (
    catalogue,
    evidence,
    exporting,
    files,
    findings,
    kept_out,
    published,
    running,
    serving,
    upkeep,
    where,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gongbao")
def main() -> None:
    """Figures out of prose reports, into a warehouse where each can be traced to its characters and audited."""


for command in (
    running.run,
    running.rerun,
    running.backfill,
    running.forget,
    serving.serve,
    serving.server,
    upkeep.status,
    upkeep.doctor,
    upkeep.backup,
    upkeep.restore,
    files.extract,
    files.audit,
    findings.findings,
    findings.changes,
    findings.acknowledge,
    published.snapshots,
    published.rollback,
    evidence.show,
    evidence.explain,
    where.where,
    catalogue.catalogue,
    exporting.export,
    kept_out.quarantine,
):
    main.add_command(command)
