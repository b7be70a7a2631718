"""The steps of a run as plain functions, and their order, told once.

`flows.pipeline` wraps each step in a Prefect task; `gongbao run --plain` and the kill harness run them as they are.
Every step can be run again at any time: what a killed run left half done is done by the next one.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from expectations import GateResult, run_gate
from expectations.quarantine import Rejected
from flows.load import load_reports, run_dbt
from flows.load.state import OF_REPORTS, stands
from flows.load.upkeep import drop_unreached, remove_reports, stamp_arrivals, stamp_version, upgrade
from flows.operations.handwritten import check_handwritten
from flows.operations.reading import (
    Look,
    Outcome,
    by_place,
    keep_out,
    known_problems,
    look,
    not_among,
    problem_row,
    quarantined,
    read_items,
    settle,
    start_over,
)
from flows.operations.soundness import lacking, note_engine, note_shown, take_away
from flows.publish import publish, snapshots
from flows.pull import Item, PullProblem, archived_path, read_sources, registered, wait_again
from flows.pull.ledger import decisions, discarded, forgotten_whole, half_forgotten, note_published, unreached
from flows.record import Source
from flows.settings import Settings
from flows.show import RunSummary, build_site
from flows.show.tally import summarise

if TYPE_CHECKING:
    from dbt.artifacts.schemas.results import NodeResult


@dataclass(frozen=True, slots=True)
class Transformed:
    """What dbt did: each node's name, kind, status, seconds and message."""

    nodes: list[dict[str, str]]


def pull(settings: Settings, only: Sequence[str]) -> Look:
    """List the sources, archive what is new, and say what waits."""
    return look(settings, only)


def read(items: Sequence[Item], sources: Sequence[Source], settings: Settings, count: int) -> list[Outcome]:
    """read, find, place, relate, write: a folder of seed CSVs a report, or the reason why there is none."""
    return read_items(items, sources, settings)


def validate(folders: Sequence[Path], settings: Settings, count: int) -> GateResult:
    """Run the suites of `expectations/` over the CSVs; bad rows and broken reports go to quarantine."""
    return run_gate(folders, {folder.name: settings.texts / f"{folder.name}.txt" for folder in folders}, settings)


def load(
    gate: GateResult, found: Look, kept_out: Sequence[dict[str, str]], run: Mapping[str, object], settings: Settings
) -> dict[str, int]:
    """Accepted rows into the schema `raw`, replacing what is there of the same reports."""
    texts = {report_id: settings.texts / f"{report_id}.txt" for report_id in gate.accepted}
    drop_unreached(settings)
    remove_reports(settings, {row["report_id"] for row in kept_out} - set(gate.accepted))
    counts = load_reports(settings, list(gate.accepted.values()), texts, found.sources, run, kept_out)
    stamp_arrivals(settings, arrivals(settings))
    stamp_version(settings)
    return counts


def transform(settings: Settings, full_refresh: bool) -> Transformed:
    """`dbt build`: vocabularies, staging, intermediate, marts, tests; the claims are judged on the way.

    Vocabularies and what is made of them alone are left as they are where nothing of it changed.
    """
    build = ["build", "--exclude-resource-type", "unit_test"]  # those test our SQL, not the data: `make test` runs them
    narrowed = ["--full-refresh"] if full_refresh else [*OF_REPORTS] if stands(settings) else []
    results = run_dbt([*build, *narrowed], settings)
    return Transformed(nodes_of(results))


def nodes_of(results: "Sequence[NodeResult]") -> list[dict[str, str]]:
    """What dbt did of each node, in plain words."""
    return [
        {
            "node": str(result.node.name),
            "kind": str(result.node.resource_type),
            "status": str(result.status),
            "seconds": f"{result.execution_time:.2f}",
            "message": str(result.message or ""),
        }
        for result in results
    ]


def publish_generation(settings: Settings, run: Mapping[str, object]) -> Path:
    """A new generation of the warehouse, built aside, checked, and swapped in."""
    return publish(settings, run)


def show(settings: Settings, gate: GateResult, kept_out: Sequence[dict[str, str]], pulled: int) -> RunSummary:
    """The pages and the summary."""
    warehouse = settings.current / "warehouse.duckdb"
    generation = settings.current.resolve().name
    build_site(
        warehouse,
        settings.texts,
        settings.site,
        changed=set(gate.accepted),
        processes=settings.threads,
        database=settings.database(shared_by=1 + settings.threads),
    )
    note_shown(settings, generation)
    return summarise(
        warehouse,
        sorted(gate.accepted),
        pulled=pulled,
        quarantined=[(row["uri"] or row["report_id"], row["reason"]) for row in kept_out],
        site=settings.site / "index.html",
        data_docs=gate.data_docs,
    )


@dataclass(frozen=True)
class Steps:
    """The steps, as they are or wrapped by whoever watches them."""

    pull: Callable[[Settings, Sequence[str]], Look] = pull
    read: Callable[[Sequence[Item], Sequence[Source], Settings, int], list[Outcome]] = read
    validate: Callable[[Sequence[Path], Settings, int], GateResult] = validate
    load: Callable[[GateResult, Look, Sequence[dict[str, str]], Mapping[str, object], Settings], dict[str, int]] = load
    transform: Callable[[Settings, bool], Transformed] = transform
    publish: Callable[[Settings, Mapping[str, object]], Path] = publish_generation
    show: Callable[[Settings, GateResult, Sequence[dict[str, str]], int], RunSummary] = show


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked to do."""

    full_refresh: bool = False
    only: tuple[str, ...] = ()  # sources; all where empty
    rebuild: bool = False  # dbt from the ground up, over the rows that are loaded
    offline: bool = False  # ask no source: what the archive holds is what counts


def run_steps(settings: Settings, request: Request, steps: Steps) -> RunSummary | None:
    """Everything, from the sources to the pages, in order. None where nothing waited. The caller holds the lock."""
    if request.full_refresh:
        check_handwritten()  # before anything is thrown away
        start_over(settings)
    found = Look(read_sources(settings.sources_file), [], []) if request.offline else steps.pull(settings, request.only)
    if not found.has_work and not request.full_refresh and not request.rebuild:
        if not found.has_stale_pages:
            return None
        return steps.show(settings, GateResult(), quarantined(settings), 0)
    check_handwritten()
    forgets = half_forgotten(settings.register)
    rebuild = _make_ready(settings, forgets) or request.full_refresh or request.rebuild
    items = _waiting(found, settings)
    run = run_of(items)
    outcomes = steps.read(items, found.sources, settings, len(items))
    folders = [outcome.folder for outcome in outcomes if outcome.folder is not None]
    gate = _without_discarded(steps.validate(folders, settings, len(folders)), settings)
    kept_out = [
        *(problem_row(problem) for problem in _all_problems(found, settings)),
        *(keep_out(outcome, settings) for outcome in outcomes if outcome.folder is None),
        *(asdict(rejected) for rejected in gate.rejected),
    ]
    steps.load(gate, found, kept_out, run, settings)
    steps.transform(settings, rebuild)
    steps.publish(settings, run)
    note_engine(settings)
    settle(_states(outcomes, gate), settings)
    note_published(settings.register)
    _forget_files(forgets, settings)
    return steps.show(settings, gate, kept_out, len(items))


def run_of(items: Sequence[Item]) -> dict[str, object]:
    """What is kept of a run in the warehouse and in the manifest of the generation."""
    started = datetime.now(UTC)
    return {
        "run_id": f"{started:%Y%m%dT%H%M%S%fZ}",
        "started_at": started.isoformat(),
        "reports": [item.report_id for item in items],
    }


def _make_ready(settings: Settings, forgets: Sequence[tuple[str, str]]) -> bool:
    """Upgrade the build file, take out what is to be forgotten, and make wait what it lacks. True: build all anew."""
    changed = upgrade(settings)
    if changed:  # what an older file never had is in the archive
        accepted = [known.item.report_id for known in registered(settings.register) if known.state == "accepted"]
        wait_again(settings.register, accepted)
    remove_reports(settings, [report_id for report_id, _ in forgets])
    if settings.build_file.exists():
        wait_again(settings.register, lacking(settings))
    return changed or bool(forgets)


def arrivals(settings: Settings) -> dict[str, datetime]:
    """When each report came, in the order of the register: never two at one moment, nor back in time."""
    came: dict[str, datetime] = {}
    last = datetime.min
    for known in registered(settings.register):
        pulled = datetime.fromisoformat(known.pulled_at).astimezone(UTC).replace(tzinfo=None)
        last = max(pulled, last + timedelta(microseconds=1))
        came[known.item.report_id] = last
    return came


def _waiting(found: Look, settings: Settings) -> list[Item]:
    """What waits, with what was found to be lacking since the sources were asked."""
    waiting = [known.item for known in registered(settings.register) if known.state == "pulled"]
    return list({item.report_id: item for item in [*found.items, *waiting]}.values())


def _without_discarded(gate: GateResult, settings: Settings) -> GateResult:
    """What a person discarded stays out, whatever a rebuild or a newer rule would make of it; its reasons stay."""
    away = sorted(discarded(settings.register) & gate.accepted.keys())
    if not away:
        return gate
    why = {each.report_id: f"discarded by {each.decided_by}: {each.reason}" for each in decisions(settings.register)}
    known = {each.item.report_id: each.item for each in registered(settings.register)}
    outcomes = [Outcome(known[report_id], None, "discarded", why[report_id]) for report_id in away]
    return replace(
        gate,
        accepted={report_id: folder for report_id, folder in gate.accepted.items() if report_id not in away},
        quarantined=[*gate.quarantined, *away],
        rejected=[*gate.rejected, *(Rejected(**keep_out(outcome, settings)) for outcome in outcomes)],
    )


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
    """What could not be pulled: refused before and still the same, unreached when last asked, met now."""
    refused = known_problems(found.sources, settings)
    return by_place([*refused, *unreached(settings.register), *not_among(refused, found.problems)])


def _forget_files(forgets: Sequence[tuple[str, str]], settings: Settings) -> None:
    """The files of forgotten reports, and the generations that still hold them; then say that it is done.

    Raises OSError where one of them stays: the next run tries again.
    """
    shared = {known.item.sha256 for known in registered(settings.register)}
    for report_id, sha256 in forgets:
        for folder in (settings.pulled, settings.accepted, settings.quarantine):
            take_away(folder / report_id)
        for page in settings.site.glob(f"**/{report_id}.*"):
            page.unlink()
        (settings.texts / f"{report_id}.txt").unlink(missing_ok=True)
        (settings.texts / f"{report_id}.map.json").unlink(missing_ok=True)
        if sha256 not in shared:
            archived_path(settings.archive, sha256).unlink(missing_ok=True)
    if forgets:
        for snapshot in snapshots(settings):
            if not snapshot.is_current:
                shutil.rmtree(settings.generations / snapshot.generation)
    for report_id, _ in forgets:
        forgotten_whole(settings.register, report_id)
