"""What is open, in words; and whether the archive alone gives the warehouse that is published."""

import os
import shutil
import tempfile
from contextlib import closing
from pathlib import Path

from flows.operations.reading import quarantined
from flows.operations.status import source_lines
from flows.operations.steps import Request, Steps, run_steps
from flows.publish import content_hash, differences, snapshots
from flows.settings import Settings

_MOST_LINES = 50


class DifferentError(RuntimeError):
    """The archive and the published warehouse do not say the same."""


def audit_digest_markdown(settings: Settings) -> str:
    """Sources, open findings and quarantine as Markdown; text of reports stands in code spans."""
    lines = ["## Sources", "", *(f"- {_code(line)}" for line in source_lines(settings))]
    open_findings = broken(settings)
    lines += ["", f"## Broken and open: {len(open_findings)}", ""]
    lines += [f"- {_code(report)}: {_code(message)}" for report, message in open_findings[:_MOST_LINES]]
    kept_out = quarantined(settings)
    lines += ["", f"## Kept out: {len(kept_out)}", ""]
    lines += [f"- {_code(row['uri'] or row['report_id'])}: {_code(row['reason'])}" for row in kept_out[:_MOST_LINES]]
    return "\n".join(lines)


def broken(settings: Settings) -> list[tuple[str, str]]:
    """The open broken findings of the published warehouse, newest report first: (report_id, message)."""
    import duckdb

    file = settings.current / "warehouse.duckdb"
    if not file.exists():
        return []
    with closing(duckdb.connect(file, read_only=True)) as con:
        rows = con.execute(
            "select report_id, message from marts.fct_checks where verdict = 'broken' and not is_acknowledged"
            " order by published_on desc, report_id, check_id"
        ).fetchall()
    return [(str(report), str(message)) for report, message in rows]


def published_hash(settings: Settings) -> str:
    """The content hash of the published warehouse, reckoned from its rows; empty where there is none."""
    import duckdb

    file = settings.current / "warehouse.duckdb"
    if not file.exists():
        return ""
    with closing(duckdb.connect(file, read_only=True)) as con:
        return content_hash(con)


def refresh_gives_the_same(settings: Settings) -> str:
    """Rebuild from the archive alone, aside, and compare content hashes. Raises DifferentError naming tables and rows.

    The published warehouse is not touched. The caller holds the lock.
    """
    if not snapshots(settings):
        return "nothing is published yet"
    with tempfile.TemporaryDirectory(prefix="refresh-check-", dir=settings.home) as folder:
        aside = settings.model_copy(update={"home": Path(folder), "sources": settings.sources_file})
        shutil.copyfile(settings.register, aside.register)
        os.symlink(settings.archive.resolve(), aside.archive)
        # nothing is asked of any source: what the archive holds is what counts
        run_steps(aside, Request(full_refresh=True, offline=True), Steps())
        ours, rebuilt = published_hash(settings), published_hash(aside)
        if ours != rebuilt:
            files = {"published": settings.current / "warehouse.duckdb", "rebuilt": aside.current / "warehouse.duckdb"}
            raise DifferentError(
                f"the archive gives content {rebuilt[:12]}, published is {ours[:12]}; {'; '.join(differences(files))}. "
                "`gongbao run --full-refresh` publishes what the archive gives"
            )
    return f"the archive gives the published content, {ours[:12]}"


def _code(text: str) -> str:
    return "`" + text.replace("`", "ˋ").replace("\n", " ") + "`"
