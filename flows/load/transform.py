"""dbt in process: the models over what is loaded."""

import json
import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.load.parsed import keep_manifest, kept_manifest, parsed_from
from flows.load.state import is_of_reports, note_begun, note_code, note_passed
from flows.record.processes import crew_of
from flows.record.vocabulary import taught_file
from flows.settings import PROJECT, Settings

if TYPE_CHECKING:
    from dbt.artifacts.schemas.results import NodeResult

#: What goes into the log: what dbt says of each node and of what fails, not each thing that it does.
_SAID = {"info": logging.INFO, "warn": logging.WARNING, "error": logging.ERROR}
_LOG_BYTES, _LOGS_KEPT = 10 * 1024 * 1024, 5

#: dbt keeps its connection and its flags for the process: one build at a time.
_ONE_AT_A_TIME = threading.RLock()


class TransformError(RuntimeError):
    """dbt failed. `failed` names the nodes, in the order they ran; `results` are those of all nodes that ran."""

    def __init__(self, message: str, failed: Sequence[str] = (), results: "Sequence[NodeResult]" = ()) -> None:
        super().__init__(message)
        self.failed = list(failed)
        self.results = list(results)


def run_dbt(args: Sequence[str], settings: Settings) -> "list[NodeResult]":
    """Run `dbt <args>` on the build file, in this process, and give the file back: nothing holds its lock
    after.

    Returns the result of each node (empty for commands without nodes). Raises TransformError naming the nodes
    that failed and what they said.
    """
    with _ONE_AT_A_TIME:
        note_code(settings)
        note_begun(settings, args)
        try:
            with crew_of(settings.threads):
                results = invoke_dbt(args, settings)
        finally:
            _let_go(settings)
    note_passed(settings, args)
    return results


def invoke_dbt(args: Sequence[str], settings: Settings) -> "list[NodeResult]":
    """The same on whatever target `args` name, and nothing around it.

    Artifacts and logs go to `target` and `logs` beside the build file.
    """
    from dbt.cli.main import dbtRunner

    build = settings.build_file.parent.absolute()  # dbt takes a relative one from the project
    target = build / "target"
    target.mkdir(parents=True, exist_ok=True)
    where = [
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(target), "--log-path", str(build / "logs")),
        *("--log-level", "none", "--log-level-file", "none"),
    ]
    log = build / "logs" / "dbt.log"
    with _ONE_AT_A_TIME, _environment(settings, args), _log_to(log) as write_down:
        source = parsed_from(args)
        manifest = kept_manifest(source, settings)
        outcome = dbtRunner(manifest, callbacks=[write_down]).invoke([*args, *where])
    results = list(getattr(outcome.result, "results", None) or [])
    if manifest is None and (results or outcome.success) and source == parsed_from(args):
        keep_manifest(source, settings, target)
    failed = [result for result in results if result.status in ("error", "fail", "runtime error")]
    if outcome.exception is not None and not isinstance(outcome.exception, Exception):
        raise outcome.exception  # Ctrl-C, or SIGTERM as Prefect tells of it: dbt keeps it to itself
    if outcome.exception is not None:
        raise TransformError(f"dbt {args[0]}: {outcome.exception}") from outcome.exception
    if failed or not outcome.success:
        said = "\n".join(f"- {result.node.unique_id}: {(result.message or '').strip()}" for result in failed)
        raise TransformError(
            f"dbt {args[0]}: {len(failed)} of {len(results)} nodes failed\n{said}\nThe log is {log}",
            [result.node.unique_id for result in failed],
            results,
        )
    return results


@contextmanager
def _log_to(file: Path) -> Iterator[Callable[[Any], None]]:
    """What writes dbt's events into the log, a line each. dbt's own log, at whatever level, makes a line of every event
    first, also of the thirty of a node that it then leaves out; and its manager of events a message of each, for
    nobody."""
    from dbt_common.events.event_manager import EventManager
    from dbt_common.events.event_manager_client import ctx_set_event_manager, get_event_manager
    from dbt_common.events.functions import env_scrubber

    class SaidOnly(EventManager):
        """Passes on what is told, and nothing of what dbt notes of each thing it does."""

        def fire_event(self, e: Any, level: Any = None, *given: Any, **named: Any) -> None:
            if (level or e.level_tag()).value in _SAID:
                super().fire_event(e, level, *given, **named)

    file.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(file, maxBytes=_LOG_BYTES, backupCount=_LOGS_KEPT, encoding="utf-8")

    def write_down(event: Any) -> None:
        level = _SAID.get(event.info.level)
        if level is not None:
            at = f"{event.info.ts.ToDatetime():%Y-%m-%d %H:%M:%S.%f}"
            line = f"{at} [{event.info.level:<5}] [{event.info.thread}]: {env_scrubber(event.info.msg)}"
            handler.handle(logging.LogRecord("dbt", level, "", 0, line, None, None))

    before = get_event_manager()
    ctx_set_event_manager(SaidOnly())
    try:
        yield write_down
    finally:
        ctx_set_event_manager(before)
        handler.close()


@contextmanager
def _environment(settings: Settings, args: Sequence[str]) -> Iterator[None]:
    """What `profiles.yml` and the macros read, for the time of a run."""
    taught = taught_file()
    ours = {
        "GONGBAO_BUILD_FILE": str(settings.build_file),
        "GONGBAO_TAUGHT": str(taught.resolve()) if taught is not None and taught.exists() else "",
        "GONGBAO_THREADS": str(settings.threads),
        "GONGBAO_DATABASE": json.dumps(settings.database(rows=_largest(settings))),
        "GONGBAO_BUILD": "reports" if is_of_reports(args) else "",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _largest(settings: Settings) -> int:
    """The rows of the largest table that is made with a key: one a numeral."""
    import duckdb

    if not settings.build_file.exists():
        return 0
    with closing(duckdb.connect(settings.build_file, read_only=True, config=settings.database())) as con:
        told = con.execute(
            "select estimated_size from duckdb_tables() where schema_name = 'raw' and table_name = 'figures'"
        ).fetchone()
    return int(told[0]) if told else 0


def _let_go(settings: Settings) -> None:
    """Close what dbt leaves open, and make sure of it: publishing opens the file next."""
    import duckdb
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    if not settings.build_file.exists():
        return
    try:
        duckdb.connect(settings.build_file, read_only=True, config=settings.database()).close()
    except duckdb.Error as error:
        raise TransformError(f"{settings.build_file} is still held after dbt: {error}") from error
