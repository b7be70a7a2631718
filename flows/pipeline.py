"""The flow, as a story: pull, read, validate, load, transform, publish, show; and what runs beside it by the clock.

The only file that knows Prefect's tasks. Every step is a task over a plain function of `flows.operations.steps`, and
can be run again at any time: what a killed run left half done is done by the next one.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, serve, tags, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.assets import add_asset_metadata, materialize
from prefect.runtime import flow_run as this_run

from expectations import GateResult
from flows.engine import steps_of
from flows.load import TransformError
from flows.operations import Look, Outcome, Request, Steps, one_writer, run_steps, steps
from flows.operations.digest import audit_digest_markdown, refresh_gives_the_same
from flows.operations.notify import news, note_told, notify, notify_failure
from flows.operations.schedule import Scheduled
from flows.pull import Item
from flows.record import Source
from flows.settings import PROJECT, Settings
from flows.show import RunSummary
from flows.show.tally import summary_markdown

#: What each step makes, for the lineage in Prefect: archive, then raw, then marts, then what BI reads.
_ARCHIVE = "gongbao://archive/reports"
_RAW = "gongbao://build/raw"
_MARTS = {file.stem: f"gongbao://marts/{file.stem}" for file in sorted((PROJECT / "models" / "marts").glob("**/*.sql"))}
_CURRENT = "gongbao://warehouse/current"

#: A run that a deployment started waits for the one before it; nobody sits at its terminal.
_PATIENT_SECONDS = 3600.0


# Sources are asked with retries of their own (flows/pull/web.py); what is retried here is a disk or network share
# that was away for a moment.
@task(name="pull", task_run_name="pull what is new", retries=2, retry_delay_seconds=5, timeout_seconds=6 * 3600)
def pull_new(settings: Settings, only: Sequence[str]) -> Look:
    found = steps.pull(settings, only)
    log = get_run_logger()
    for problem in found.problems:
        log.warning("%s: %s not pulled: %s", problem.source_id, problem.uri, problem.message)
    for reason in found.reasons:
        log.warning("%s", reason)
    for item in found.items:
        log.info("%s waits", item.report_id)
    return found


@materialize(_ARCHIVE, name="read", task_run_name="read {count} reports")
def read_new(items: Sequence[Item], sources: Sequence[Source], settings: Settings, count: int) -> list[Outcome]:
    outcomes = steps_of(settings).read(items, sources, settings, count)
    for outcome in outcomes:
        if outcome.folder is None:
            get_run_logger().warning("%s kept out: %s: %s", outcome.item.report_id, outcome.code, outcome.reason)
    return outcomes


@task(name="validate", task_run_name="validate {count} reports")
def validate(folders: Sequence[Path], settings: Settings, count: int) -> GateResult:
    gate = steps_of(settings).validate(folders, settings, count)
    for rejected in gate.rejected:
        log = get_run_logger()
        log.warning("%s %s: %s", rejected.report_id, rejected.row_key or "whole", rejected.reason)
    return gate


@materialize(_RAW, asset_deps=[_ARCHIVE], name="load", task_run_name="load")
def load(
    gate: GateResult, found: Look, kept_out: Sequence[dict[str, str]], run: Mapping[str, object], settings: Settings
) -> dict[str, int]:
    counts = steps_of(settings).load(gate, found, kept_out, run, settings)
    get_run_logger().info("loaded %s", ", ".join(f"{count} {table}" for table, count in counts.items()))
    return counts


@materialize(*_MARTS.values(), asset_deps=[_RAW], by="dbt", name="transform", task_run_name="transform")
def transform(settings: Settings, full_refresh: bool) -> steps.Transformed:
    try:
        done = steps_of(settings).transform(settings, full_refresh)
    except TransformError as error:
        _show_nodes(steps.nodes_of(error.results))
        raise
    _show_nodes(done.nodes)
    return done


def _show_nodes(nodes: Sequence[dict[str, str]]) -> None:
    """dbt's nodes with their states: all in a table, and each mart as an asset of its own (docs/decisions/0011)."""
    for node in nodes:
        if node["status"] == "warn":
            get_run_logger().warning("dbt %s: %s", node["node"], node["message"])
        if node["kind"] == "model" and node["node"] in _MARTS:
            add_asset_metadata(_MARTS[node["node"]], {key: node[key] for key in ("status", "seconds", "message")})
    create_table_artifact(key="dbt-nodes", table=list(nodes), description="Every node of the build, and how it ended")


@materialize(_CURRENT, asset_deps=[*_MARTS.values()], name="publish", task_run_name="publish")
def publish_generation(settings: Settings, run: Mapping[str, object]) -> Path:
    folder = steps_of(settings).publish(settings, run)
    get_run_logger().info("current is now %s", folder.name)
    return folder


@task(name="show", task_run_name="show")
def show(settings: Settings, gate: GateResult, kept_out: Sequence[dict[str, str]], pulled: int) -> RunSummary:
    summary = steps.show(settings, gate, kept_out, pulled)
    create_markdown_artifact(key="run-summary", markdown=summary_markdown(summary), description="What this run did")
    findings = [{"report": report, "finding": message} for report, message in summary.broken]
    create_table_artifact(key="findings", table=findings, description="Relations that do not hold")
    create_table_artifact(key="quarantine", table=list(kept_out), description="What was kept out, and why")
    for key, words, page in (
        ("pages", "The pages", settings.site / "index.html"),
        ("data-docs", "What the gate checked", settings.data_docs / "index.html"),
        ("dbt-docs", "dbt's documentation", settings.build_file.parent / "target" / "static_index.html"),
    ):
        if page.exists():
            create_link_artifact(key=key, link=page.resolve().as_uri(), link_text=words)
    return summary


_TASKS = Steps(
    pull=pull_new,
    read=read_new,
    validate=validate,
    load=load,
    transform=transform,
    publish=publish_generation,
    show=show,
)


@task(name="notify", task_run_name="notify", retries=2, retry_delay_seconds=10, timeout_seconds=120)
def tell(settings: Settings, title: str, body: str) -> bool:
    return notify(settings, title, body)


def _tell_of_run(settings: Settings, summary: RunSummary) -> None:
    """A notification that cannot be sent does not undo a run that ended well; the next one that has work tells it."""
    said = news(settings, summary)
    if said is None or tell(settings, *said, return_state=True).is_completed():
        note_told(settings, summary)
    else:
        get_run_logger().warning("nobody could be told; the next run that has work tells it again")


def _run_name() -> str:
    asked = this_run.parameters.get("only") or ()
    what = "everything" if this_run.parameters.get("full_refresh") else ", ".join(asked) or "all sources"
    return f"gongbao {what} {datetime.now(UTC):%Y-%m-%d %H:%M:%S}"


def _named(words: str) -> Callable[[], str]:
    return lambda: f"gongbao {words} {datetime.now(UTC):%Y-%m-%d %H:%M}"


def _say_failure(flow: Any, flow_run: Any, state: Any) -> None:
    """A hook: Prefect calls it by these names."""
    notify_failure(Settings(), str(flow_run.name), str(state.message or state.name))


@flow(
    name="gongbao",
    flow_run_name=_run_name,
    validate_parameters=False,
    on_failure=[_say_failure],
    on_crashed=[_say_failure],
)
def gongbao_flow(
    settings: Settings | None = None,
    full_refresh: bool = False,
    only: Sequence[str] = (),
    rebuild: bool = False,
    wait_seconds: float = _PATIENT_SECONDS,
) -> RunSummary | None:
    """Everything, from the sources to the pages. Returns what there is to say of the run; None where nothing waited."""
    settings = settings or Settings()
    request = Request(full_refresh=full_refresh, only=tuple(only), rebuild=rebuild)
    with one_writer(settings, wait_seconds=wait_seconds), tags("gongbao", *only):
        summary = run_steps(settings, request, _TASKS)
        if summary is None:
            get_run_logger().info("nothing new")
        else:
            _tell_of_run(settings, summary)
    return summary


@flow(name="gongbao-digest", flow_run_name=_named("digest"), on_failure=[_say_failure])
def digest_flow() -> str:
    """What is open in the published warehouse, once a day, as an artifact and to whoever is notified."""
    settings = Settings()
    words = audit_digest_markdown(settings)
    create_markdown_artifact(key="audit-digest", markdown=words, description="What is open")
    tell(settings, "gongbao: the day's audit", words)
    return words


@flow(name="gongbao-refresh-check", flow_run_name=_named("full refresh check"), on_failure=[_say_failure])
def refresh_check_flow() -> str:
    """Once a week: does the archive alone give the warehouse that is published? Fails where it does not."""
    settings = Settings()
    with one_writer(settings, wait_seconds=_PATIENT_SECONDS):
        words = refresh_gives_the_same(settings)
    get_run_logger().info("%s", words)
    return words


def serve_deployments(planned: Sequence[Scheduled]) -> None:
    """Serve what runs by the clock from this process, until it is ended. One run at a time; the next one waits."""
    by_name: dict[str, Any] = {"run": gongbao_flow, "digest": digest_flow, "refresh_check": refresh_check_flow}
    deployments = [
        by_name[each.flow].to_deployment(
            name=each.name,
            cron=each.cron,
            parameters={"only": list(each.only)} if each.flow == "run" else {},
            tags=["gongbao", each.flow, *each.only],
            concurrency_limit=1,
        )
        for each in planned
    ]
    serve(*deployments, limit=1, pause_on_shutdown=False)
