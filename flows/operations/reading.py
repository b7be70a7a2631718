"""What waits at the sources, reading many reports, and what was kept out."""

import os
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, fields, replace
from itertools import repeat
from pathlib import Path
from typing import TypeVar

from expectations.quarantine import Rejected
from flows.analysis import read_report
from flows.operations.soundness import heal, stale_pages, take_away
from flows.pull import (
    Item,
    PullError,
    PullProblem,
    SourcesError,
    archived_path,
    load,
    new_items,
    read_sources,
    registered,
    set_states,
    versions,
    wait_again,
)
from flows.pull.ledger import discarded, half_forgotten, has_recovered, note_look, unreached
from flows.pull.register import marks, opened
from flows.read import ReadError, map_back, map_json
from flows.record import Source
from flows.record.processes import EndedError, Workers
from flows.settings import Settings
from flows.write import csv_bytes, csv_rows, write_report

_REASONS = {each.name for each in fields(Rejected)}

#: From this many reports on, reading uses every core; below it, starting processes costs more than it saves.
_WORTH_PROCESSES = 24
#: Reports that a process is given at once.
_AT_ONCE = 8

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Look:
    """What the sources hold that is not in the warehouse: items to process, and what could not be pulled."""

    sources: list[Source]
    items: list[Item]
    problems: list[PullProblem]
    reasons: tuple[str, ...] = ()  # why there is work although nothing is new
    has_stale_pages: bool = False  # the pages are of another snapshot than the published one

    @property
    def has_work(self) -> bool:
        return bool(self.items or self.reasons)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: the folder with its CSVs, or why there is none."""

    item: Item
    folder: Path | None
    code: str = ""
    reason: str = ""


def look(settings: Settings, only: Sequence[str] = ()) -> Look:
    """Pull what is new at the sources (`only` those named) into the archive, and say what waits to be processed.

    Cheap where nothing is new: files are asked for size and time, pages for a changed validator. What a lost or
    damaged warehouse lacks waits too. Raises SourcesError for a name that is no source.
    """
    sources = read_sources(settings.sources_file)
    if unknown := set(only) - {source.source_id for source in sources}:
        known = ", ".join(source.source_id for source in sources)
        raise SourcesError(f"{settings.sources_file} has no source {', '.join(sorted(unknown))}; there are {known}")
    reasons = heal(settings)
    asked = [source for source in sources if source.is_enabled and (not only or source.source_id in only)]
    items, problems = new_items(asked, settings)
    # what was refused is remembered with its file or page, and is not silent
    silent = not_among(known_problems(asked, settings), problems)
    recovered = note_look(settings.register, [source.source_id for source in asked], silent)
    if recovered and has_recovered(settings.register):
        reasons.append(f"{', '.join(recovered[:3])} can be reached again")
    elif has_recovered(settings.register):
        reasons.append("a source that was silent can be reached again")
    if half_forgotten(settings.register):
        reasons.append("a report is to be forgotten")
    waiting = {item.report_id: item for item in items}
    return Look(sources, list(waiting.values()), problems, tuple(reasons), stale_pages(settings))


def start_over(settings: Settings) -> None:
    """Make everything that was ever pulled wait again, and forget the build: the archive gives it all back.

    Raises PullError, before anything is touched, where the archive does not.
    """
    for known in registered(settings.register):
        path = archived_path(settings.archive, known.item.sha256)
        if not path.is_file():
            raise PullError(
                "not_archived", f"{path} of {known.item.report_id} is gone; restore the archive from a backup first"
            )
    wait_again(settings.register)
    for folder in (settings.build_file.parent, settings.quarantine):
        take_away(folder)


def read_items(items: Sequence[Item], sources: Sequence[Source], settings: Settings) -> list[Outcome]:
    """read, find, place, relate and write every item: one folder of seed CSVs each, under `settings.pulled`.

    An item that cannot be read, or on which a rule fails, has a reason instead; the others go on. Raises
    NotStartedError where processes are of use and none begins.
    """
    known = {source.source_id: source for source in sources}
    origins = [known.get(item.source_id) for item in items]
    numbered = versions(settings.register)
    lines = [numbered.get(item.report_id, (1, "")) for item in items]
    if len(items) < _WORTH_PROCESSES or settings.threads == 1:
        each_of = zip(items, origins, lines, strict=True)
        return list(_with_a_bar((read_item(*each, settings) for each in each_of), len(items)))
    told = [*zip(items, origins, lines, strict=True)]
    shares = [told[at : at + _AT_ONCE] for at in range(0, len(told), _AT_ONCE)]
    with Workers(settings.threads) as pool:
        futures = [pool.submit(_read_share, share, settings) for share in shares]
        came = list(_with_a_bar(_came(futures, shares), len(items)))
    left = [what for what, one in zip(told, came, strict=True) if one is None]
    again = iter(_one_by_one(left, settings))
    outcomes = [next(again) if one is None else one for one in came]
    os.sync()  # once for all, before anything is built upon them
    return outcomes


def _read_share(share: Sequence[tuple[Item, Source | None, tuple[int, str]]], settings: Settings) -> list[Outcome]:
    return [read_item(*each, settings, syncs=False) for each in share]


def _came(futures: Iterable[Future[list[Outcome]]], shares: Iterable[Sequence[object]]) -> Iterator[Outcome | None]:
    """What became of each item of each share, in order; nothing of those whose process ended."""
    for future, share in zip(futures, shares, strict=True):
        try:
            yield from future.result()
        except EndedError:
            yield from repeat(None, len(share))


def _with_a_bar(outcomes: Iterable[R], count: int) -> Iterable[R]:
    """A progress bar for whoever sits at a terminal."""
    from rich.console import Console
    from rich.progress import track

    terminal = Console(stderr=True)
    return track(outcomes, "reading", count, console=terminal, transient=True, disable=not terminal.is_terminal)


def _one_by_one(left: Sequence[tuple[Item, Source | None, tuple[int, str]]], settings: Settings) -> list[Outcome]:
    """One report took its process and those beside it along (out of memory, a crash below Python), or somebody ended
    the process: find out which, with nothing beside."""
    outcomes = []
    with Workers(1) as pool:
        for item, *more in left:
            try:
                outcomes.append(pool.submit(read_item, item, *more, settings).result())
            except EndedError as error:
                reason = f"reading this report ends its process; look at its size and nesting (it ended {error.how})"
                outcomes.append(Outcome(item, None, "crashed", reason))
    return outcomes


def read_item(
    item: Item, origin: Source | None, line: tuple[int, str], settings: Settings, syncs: bool = True
) -> Outcome:
    """One item, read and written. `line` is its version and the report it supersedes, `syncs` as `write_report` has
    it."""
    try:
        data = load(settings.archive, item.sha256)
        reading = read_report(
            data,
            report_id=item.report_id,
            name=item.name,
            uri=item.uri,
            source_id=item.source_id,
            publisher=origin.publisher if origin else "",
            place=origin.place if origin else "",
            language=origin.language if origin else "",
            content_type=item.content_type,
        )
        text = reading.document.text
        _keep(settings.texts, f"{item.report_id}.txt", text.encode("utf-8"))
        _keep(settings.texts, f"{item.report_id}.map.json", map_json(map_back(data, reading.document)))
        folder = settings.pulled / item.report_id
        version, supersedes = line
        report = replace(reading.report, version=version, supersedes=supersedes)
        write_report(folder, report, reading.figures, reading.claims, text, syncs=syncs)
    except ReadError as error:
        return Outcome(item, None, error.code, str(error))
    except PullError as error:
        return Outcome(item, None, error.code, str(error))
    except (OSError, MemoryError):
        raise  # the machine's trouble, not the report's: the run stops and the next one takes it up again
    except Exception as error:  # noqa: BLE001 - a rule that fails on one report must not stop the others; it is kept
        where = traceback.extract_tb(error.__traceback__)[-1]
        at = f"{Path(where.filename).name}:{where.lineno}"
        return Outcome(item, None, "rule_failed", f"{type(error).__name__} at {at}: {error}")
    return Outcome(item, folder)


def keep_out(outcome: Outcome, settings: Settings) -> dict[str, str]:
    """Put a report that could not be read into quarantine with its reason. Returns the row that says so."""
    row = asdict(
        Rejected(outcome.item.report_id, outcome.item.uri, "", "", outcome.code, outcome.item.name, outcome.reason)
    )
    folder = settings.quarantine / outcome.item.report_id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "reasons.csv").write_bytes(csv_bytes([row], list(row)))
    return row


def problem_row(problem: PullProblem) -> dict[str, str]:
    """What could not even be pulled, in the same shape; its key is where it stands."""
    key = f"{problem.source_id}:{problem.uri}"
    return asdict(Rejected(key, problem.uri, "", "", problem.code, "", problem.message))


def known_problems(sources: Sequence[Source], settings: Settings) -> list[PullProblem]:
    """Files refused in this or an earlier run that have not changed since."""
    if not settings.register.exists():
        return []
    with opened(settings.register) as register:
        return [
            PullProblem(source.source_id, uri, "refused", mark.problem)
            for source in sources
            for uri, mark in marks(register, source.source_id).items()
            if mark.problem
        ]


def quarantined(settings: Settings, also_discarded: bool = False) -> list[dict[str, str]]:
    """Everything that is kept out now, reports and rows, one dict each with the columns of `Rejected`."""
    kept = [row for file in sorted(settings.quarantine.glob("*/reasons.csv")) for row in _reasons(file, settings)]
    refused = [*known_problems(read_sources(settings.sources_file), settings), *unreached(settings.register)]
    away = set() if also_discarded else discarded(settings.register)
    rows = [problem_row(problem) for problem in by_place(refused)] + kept
    return [row for row in rows if row["report_id"] not in away]


def _reasons(file: Path, settings: Settings) -> list[dict[str, str]]:
    """What a file of reasons says; where somebody or something damaged it, what the register says."""
    try:
        rows = [row for _, row in csv_rows(file)]
        if all(row.keys() == _REASONS for row in rows):
            return rows
        words = f"{file}, line 1: other columns than {', '.join(sorted(_REASONS))}"
    except ValueError as error:
        words = str(error)
    known = {each.item.report_id: each for each in registered(settings.register)}.get(file.parent.name)
    uri, reason = (known.item.uri, known.reason) if known else ("", "")
    mend = f"{words}; `gongbao rerun {file.parent.name}` writes it again"
    return [asdict(Rejected(file.parent.name, uri, "", "", "damaged", "", f"{reason or 'rows are kept out'} ({mend})"))]


def not_among(refused: Iterable[PullProblem], problems: Iterable[PullProblem]) -> list[PullProblem]:
    """The problems that are no refusals: those of members of an archive are remembered with the archive."""
    places = {(known.source_id, known.uri) for known in refused}
    return [
        problem
        for problem in problems
        if places.isdisjoint((problem.source_id, uri) for uri in (problem.uri, problem.uri.partition("!/")[0]))
    ]


def by_place(problems: Iterable[PullProblem]) -> list[PullProblem]:
    """One problem a place, the last one told."""
    return list({(problem.source_id, problem.uri): problem for problem in problems}.values())


def settle(states: Mapping[str, tuple[str, str]], settings: Settings) -> None:
    """Write down what became of each report: report_id to (state, reason)."""
    set_states(settings.register, states)


def _keep(folder: Path, name: str, data: bytes) -> None:
    """The canonical text, line ends as received, or the map of it to the raw document: replaced whole."""
    aside = f"{folder}/{name.rpartition('.')[0]}.{os.getpid()}.part"
    os.makedirs(folder, exist_ok=True)
    with open(aside, "wb") as file:
        file.write(data)
    os.replace(aside, f"{folder}/{name}")
