"""The flow, as a story: pull, read, validate, load, transform, publish, show.

The only file that knows Prefect. Every step is a task over a room's plain function, and can be run again at any time:
what a killed run left half done is done by the next one.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from expectations import GateResult, run_gate
from flows.load import load_reports, run_dbt
from flows.operations import (
    Look,
    Outcome,
    keep_out,
    known_problems,
    look,
    one_writer,
    problem_row,
    read_items,
    settle,
    start_over,
)
from flows.publish import publish
from flows.pull import Item, PullProblem
from flows.record import Source
from flows.settings import Settings
from flows.show import RunSummary, build_site
from flows.show.tally import summarise, summary_markdown


@task(name="pull", task_run_name="pull what is new")
def pull_new(settings: Settings) -> Look:
    """List every source, archive what is new, and say what waits."""
    found = look(settings)
    log = get_run_logger()
    for problem in found.problems:
        log.warning("%s: %s not pulled: %s", problem.source_id, problem.uri, problem.message)
    log.info("%d reports wait", len(found.items))
    return found


@task(name="read", task_run_name="read {count} reports")
def read_new(items: Sequence[Item], sources: Sequence[Source], settings: Settings, count: int) -> list[Outcome]:
    """read, find, place, relate, write: a folder of seed CSVs a report, or the reason why there is none."""
    outcomes = read_items(items, sources, settings)
    for outcome in outcomes:
        if outcome.folder is None:
            get_run_logger().warning("%s kept out: %s: %s", outcome.item.report_id, outcome.code, outcome.reason)
    return outcomes


@task(name="validate", task_run_name="validate {count} reports")
def validate(folders: Sequence[Path], settings: Settings, count: int) -> GateResult:
    """Run the suites of `expectations/` over the CSVs; bad rows and broken reports go to quarantine."""
    return run_gate(folders, {folder.name: settings.texts / f"{folder.name}.txt" for folder in folders}, settings)


@task(name="load", task_run_name="load")
def load(
    gate: GateResult,
    found: Look,
    rows: Sequence[dict[str, str]],
    run: dict[str, object],
    settings: Settings,
) -> dict[str, int]:
    """Accepted rows into the schema `raw`, replacing what is there of the same reports."""
    texts = {report_id: settings.texts / f"{report_id}.txt" for report_id in gate.accepted}
    return load_reports(settings, list(gate.accepted.values()), texts, found.sources, run, rows)


@task(name="transform", task_run_name="transform")
def transform(settings: Settings, full_refresh: bool) -> int:
    """`dbt build`: vocabularies, staging, intermediate, marts, tests; the claims are judged on the way."""
    build = ["build", "--exclude-resource-type", "unit_test"]  # those test our SQL, not the data: `make test` runs them
    results = run_dbt([*build, "--full-refresh"] if full_refresh else build, settings)
    for result in results:
        if result.status == "warn":
            get_run_logger().warning("dbt %s: %s", result.node.name, result.message)
    return len(results)


@task(name="publish", task_run_name="publish")
def publish_generation(settings: Settings, run: dict[str, object]) -> Path:
    """A new generation of the warehouse, built aside, checked, and swapped in."""
    return publish(settings, run)


@task(name="show", task_run_name="show")
def show(settings: Settings, gate: GateResult, kept_out: Sequence[dict[str, str]], pulled: int) -> RunSummary:
    """The pages, the summary, and the same as artifacts."""
    warehouse = settings.current / "warehouse.duckdb"
    build_site(warehouse, settings.texts, settings.site, changed=set(gate.accepted))
    summary = summarise(
        warehouse,
        sorted(gate.accepted),
        pulled=pulled,
        quarantined=[(row["uri"] or row["report_id"], row["reason"]) for row in kept_out],
        site=settings.site / "index.html",
        data_docs=gate.data_docs,
    )
    create_markdown_artifact(key="run-summary", markdown=summary_markdown(summary), description="What this run did")
    findings = [{"report": report, "finding": message} for report, message in summary.broken]
    create_table_artifact(key="findings", table=findings, description="Relations that do not hold")
    create_table_artifact(key="quarantine", table=list(kept_out), description="What was kept out, and why")
    return summary


def _run_name() -> str:
    return f"gongbao {datetime.now(UTC):%Y-%m-%d %H:%M:%S}"


@flow(name="gongbao", flow_run_name=_run_name, validate_parameters=False)
def gongbao_flow(settings: Settings | None = None, full_refresh: bool = False) -> RunSummary | None:
    """Everything, from the sources to the pages. Returns what there is to say of the run; None where nothing waited."""
    settings = settings or Settings()
    with one_writer(settings):
        if full_refresh:
            start_over(settings)
        found = pull_new(settings)
        if not found.items and not full_refresh:
            return None
        run = _run_of(found)
        outcomes = read_new(found.items, found.sources, settings, len(found.items))
        folders = [outcome.folder for outcome in outcomes if outcome.folder is not None]
        gate = validate(folders, settings, len(folders))
        kept_out = [
            *(problem_row(problem) for problem in _all_problems(found, settings)),
            *(keep_out(outcome, settings) for outcome in outcomes if outcome.folder is None),
            *(asdict(rejected) for rejected in gate.rejected),
        ]
        load(gate, found, kept_out, run, settings)
        transform(settings, full_refresh)
        publish_generation(settings, run)
        settle(_states(outcomes, gate), settings)
        return show(settings, gate, kept_out, len(found.items))


def _run_of(found: Look) -> dict[str, object]:
    """What is kept of a run in the warehouse and in the manifest of the generation."""
    started = datetime.now(UTC)
    return {
        "run_id": f"{started:%Y%m%dT%H%M%S%fZ}",
        "started_at": started.isoformat(),
        "reports": [item.report_id for item in found.items],
    }


def _states(outcomes: Sequence[Outcome], gate: GateResult) -> dict[str, tuple[str, str]]:
    """What became of each report, for the register."""
    reasons = {rejected.report_id: rejected.reason for rejected in reversed(gate.rejected)}
    states: dict[str, tuple[str, str]] = {}
    for outcome in outcomes:
        report_id = outcome.item.report_id
        if outcome.folder is None:
            states[report_id] = ("quarantined", f"{outcome.code}: {outcome.reason}")
        elif report_id in gate.accepted:
            states[report_id] = ("accepted", "")
        else:
            states[report_id] = ("quarantined", reasons[report_id])
    return states


def _all_problems(found: Look, settings: Settings) -> list[PullProblem]:
    """What could not be pulled now, and what was refused before and is still the same."""
    by_place = {(known.source_id, known.uri): known for known in known_problems(found.sources, settings)}
    by_place |= {(problem.source_id, problem.uri): problem for problem in found.problems}
    return list(by_place.values())
