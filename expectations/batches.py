"""Reports validated batch after batch, in this process, or many of them in several; what is found is the same, and in
the same order."""

import pickle
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from expectations.evidence import Knows, claim_members, claims_evidence, figures_evidence, report_evidence
from expectations.folders import Folder, open_folder
from expectations.suites import SUITES, load_suite
from expectations.validate import FOLDER, KEY, ROW, GateError, Table, Validated, Validation
from flows.record.processes import EndedError, Workers
from flows.settings import Settings
from flows.write import FILES, Row, csv_rows, report_of

#: The file that each suite looks at, and the column that names its rows.
FILE_OF = {"report": "report.csv", "figures": "figures.csv", "claims": "claims.csv"}
KEY_OF = {"report.csv": "", "figures.csv": "figure_id", "claims.csv": "claim_id"}

#: Reports looked at together at most: many, as Great Expectations takes a second a time, and few, as their columns are
#: in memory; and so many of them are opened at a time, as their rows take ten times that.
_AT_ONCE, _OPENED_AT_ONCE = 1_000, 100

#: From so many reports on every core is used; with fewer, starting Great Expectations in each takes what it saves.
_WORTH_PROCESSES = 1_501


@dataclass(frozen=True, slots=True)
class Seen:
    """What is kept of a report once its rows have been looked at: the rows of a large run do not fit in memory."""

    name: str
    counts: dict[str, int]
    others: frozenset[str]  # the reports that its claims speak of, itself left out


@dataclass(frozen=True, slots=True)
class Looked:
    """What is kept of a batch: a word on each report, and what the suites found."""

    seen: list[Seen]
    validated: Validated


@dataclass(frozen=True, slots=True)
class Reports:
    """What there is to look at: folders and files with their texts by report_id, and the home they are of."""

    paths: Mapping[str, Path]
    texts: Mapping[str, Path]
    settings: Settings
    started: datetime = field(default_factory=lambda: datetime.now(UTC))


def processes_for(reports: int, threads: int) -> int:
    """In how many processes so many reports are looked at; 1 is this one."""
    return min(threads, reports) if reports >= _WORTH_PROCESSES else 1


def _batches(names: Sequence[str], processes: int) -> list[Sequence[str]]:
    """The reports in batches of a size, as many for each process."""
    rounds = -(-len(names) // (_AT_ONCE * processes))
    size = -(-len(names) // (rounds * processes))
    return [names[at : at + size] for at in range(0, len(names), size)]


def look_at(reports: Reports, *, is_shown: bool) -> list[Looked]:
    """Look at all reports, batch after batch; Data Docs of them all are built where `is_shown`.

    Raises GateError where an expectation cannot be evaluated, or where processes end that look at reports,
    NotStartedError where none begins.
    """
    names = list(reports.paths)
    count = processes_for(len(names), reports.settings.threads)
    batches = _batches(names, count)
    if count < 2:
        work = _Work(reports)
        looked = [work.look_at(number, batch) for number, batch in enumerate(batches)]
        if is_shown:
            work.validation.build_docs(result for each in looked for result in each.validated.results)
        return looked
    return _in_processes(count, batches, reports, is_shown=is_shown)


def _in_processes(count: int, batches: Sequence[Sequence[str]], reports: Reports, *, is_shown: bool) -> list[Looked]:
    """All batches in `count` other processes: with them goes the memory that this one needs for what comes next.

    What a process had that ended is done again when the others are through, by one, for which there may be room.
    """
    came: dict[int, tuple[Looked, bytes]] = {}
    for processes in (count, 1):
        with Workers(processes, _begin, reports) as pool:
            asked = {at: pool.submit(_look_at, at, batch) for at, batch in enumerate(batches) if at not in came}
            for at, future in asked.items():
                try:
                    came[at] = future.result()
                except EndedError as error:
                    ended = error
            try:
                if len(came) == len(batches) and is_shown:
                    pool.submit(_build_docs, [came[at][1] for at in range(len(batches))]).result()
            except EndedError as error:
                ended = error
            else:
                if len(came) == len(batches):
                    return [came[at][0] for at in range(len(batches))]
    left = next((batch[0] for at, batch in enumerate(batches) if at not in came), "")
    where = f"while reports from {left} on were looked at" if left else "while Data Docs were built"
    raise GateError(
        f"a process of the gate ended twice {where}: each takes some 600 MB; nothing was accepted. {ended}"
    ) from ended


class _Work:
    """One process's share: its Great Expectations, and the reports."""

    def __init__(self, reports: Reports) -> None:
        self._reports = reports
        self.validation = Validation({name: load_suite(name) for name in SUITES}, reports.settings.data_docs)

    def look_at(self, number: int, names: Sequence[str]) -> Looked:
        paths, texts = self._reports.paths, self._reports.texts
        tables = {suite: _empty_table(suite) for suite in SUITES}
        known: dict[str, set[str]] = {}
        knows = _knowing(known, paths, self._reports.settings)
        seen: list[Seen] = []
        for at in range(0, len(names), _OPENED_AT_ONCE):
            opened = [open_folder(paths[name], texts.get(name)) for name in names[at : at + _OPENED_AT_ONCE]]
            known |= {folder.name: _ids(folder.rows["figures.csv"]) for folder in opened}
            for suite, table in tables.items():
                _add(opened, suite, table, knows)
            seen += map(_seen, opened)
        moment = self._reports.started + timedelta(microseconds=number)  # each batch has pages of its own
        return Looked(seen, self.validation.run(tables, moment))


#: Of a process that is one of several: what it is to do.
_own_work: list[_Work] = []


def _begin(reports: Reports) -> None:
    _own_work.append(_Work(reports))


def _look_at(number: int, names: Sequence[str]) -> tuple[Looked, bytes]:
    """The results of Great Expectations apart and pickled: a process that only hands them on need not import it."""
    looked = _own_work[0].look_at(number, names)
    results = pickle.dumps(looked.validated.results)
    return replace(looked, validated=replace(looked.validated, results=[])), results


def _build_docs(batches: Sequence[bytes]) -> None:
    _own_work[0].validation.build_docs(
        result
        for results in batches
        for result in pickle.loads(results)  # noqa: S301 - our own, of this run
    )


def _seen(folder: Folder) -> Seen:
    spoken_of = {report_of(member) for row in folder.rows["claims.csv"] for member in claim_members(row)}
    return Seen(folder.name, {file: len(folder.rows[file]) for file in FILES}, frozenset(spoken_of - {folder.name}))


def _asked(suite: str) -> list[str]:
    """The columns that the suite asks for."""
    return list(dict.fromkeys(column for expectation in load_suite(suite) for column in expectation.columns))


def _empty_table(suite: str) -> Table:
    """What the suite looks at: cells of the CSVs, evidence, and what names each row.

    As columns, and those only that the suite asks for: a dict a row takes several times the room and the time.
    """
    return {column: [] for column in (*_asked(suite), FOLDER, ROW, KEY)}


def _add(folders: Sequence[Folder], suite: str, table: Table, knows: Knows) -> None:
    """Put the rows of the folders at the end of what the suite looks at."""
    asked, key = _asked(suite), KEY_OF[FILE_OF[suite]]
    for folder in folders:
        rows = [folder.report] if suite == "report" else folder.rows[FILE_OF[suite]]
        answers = _evidence(suite, folder, knows)
        for column in asked:
            table[column] += answers[column] if column in answers else [row[column] for row in rows]
        table[FOLDER] += [folder.name] * len(rows)
        table[ROW] += range(len(rows))
        table[KEY] += [row[key] if key else "" for row in rows]


def _evidence(suite: str, folder: Folder, knows: Knows) -> dict[str, list[str]]:
    """The answers of the suite's checks by column."""
    match suite:
        case "report":
            return {check: [answer] for check, answer in report_evidence(folder).items()}
        case "figures":
            return figures_evidence(folder)
        case _:
            return claims_evidence(folder, knows)


def _knowing(known: dict[str, set[str]], paths: Mapping[str, Path], settings: Settings) -> Knows:
    """Does a figure exist: as a row of this run (`paths`), or of a report beside it that was accepted before? `known`
    has the figures of reports by name, and gets those that are asked for."""
    homes = {path.parent for path in paths.values()}

    def knows(figure: str) -> bool:
        report = report_of(figure)
        if report not in known:
            known[report] = (
                _ids(open_folder(paths[report], None).rows["figures.csv"])
                if report in paths
                else _accepted_before(report, homes, settings)
            )
        return figure in known[report]

    return knows


def _accepted_before(report_id: str, homes: Iterable[Path], settings: Settings) -> set[str]:
    """The figures of an earlier report, without those in quarantine."""
    if Path(report_id).name != report_id:
        return set()
    files = [home / report_id / "figures.csv" for home in homes]
    turned_away = settings.quarantine / report_id / "figures.csv"
    ids = {identifier for file in files if file.is_file() for identifier in _ids(row for _, row in csv_rows(file))}
    return ids - (_ids(row for _, row in csv_rows(turned_away)) if turned_away.is_file() else set())


def _ids(rows: Iterable[Row]) -> set[str]:
    return {row["figure_id"] for row in rows}
