"""Whole runs that cost seconds: forked from a process that has imported, parsed and read everything once.

What the kill harness and the fault tests share: the warm steps, a home with new work waiting, and what a run leaves.
"""

import hashlib
import json
import os
import shutil
import tempfile
import traceback
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

import flows.load.transform
from expectations import run_gate
from flows.analysis import read_report
from flows.load import invoke_dbt, run_dbt
from flows.load.parsed import kept_manifest, parsed_from
from flows.operations import Request, Steps, one_writer, run_steps
from flows.operations.steps import Transformed
from flows.publish import content_hash
from flows.pull import registered
from flows.settings import PROJECT, Settings
from flows.write import write_report

#: What dbt makes again in each run: reports, figures, claims and verdicts, versions of pages, quarantine. The other
#: marts are made once, by the first run of the home: what dbt spends on a node is most of a run.
FEW = ("+audit_reports", "+fct_check_operands", "+fct_version_changes", "+audit_quarantine", "+dim_publisher")


class TornError(AssertionError):
    """Something was lost or torn."""


@dataclass(frozen=True)
class Outcome:
    """What a run leaves that anybody sees: content hash, reports with their state, a hash of the pages."""

    content: str
    reports: list[list[str]]
    pages: str


def warm(folder: Path) -> None:
    """Do everything once that only prepares, so that no run pays for it: imports, dbt's parsing, the gate's caches.

    No DuckDB is opened here: it would start threads, and this process forks.
    """
    settings = Settings(home=folder / "warm", threads=1)
    settings.build_file.parent.mkdir(parents=True)
    sample = min((PROJECT / "seeds" / "reports" / "qinglan").glob("*.md"))
    origin = dict.fromkeys(("publisher", "place", "language", "content_type"), "")
    reading = read_report(
        sample.read_bytes(), report_id="w", name=sample.name, uri=sample.name, source_id="q", **origin
    )
    text = settings.texts / "w.txt"
    text.parent.mkdir()
    text.write_bytes(reading.document.text.encode())
    write_report(settings.pulled / "w", reading.report, reading.figures, reading.claims, reading.document.text)
    run_gate([settings.pulled / "w"], {"w": text}, settings)
    invoke_dbt(["parse", "--no-write-json"], settings)
    manifest = kept_manifest(parsed_from([]), settings)
    flows.load.transform.kept_manifest = lambda *_: manifest


def steps_of(models: Sequence[str]) -> Steps:
    """The steps as they are, but without dbt's tests and JSON, which take half of a build. `models` are those that are
    made, with what they need; all where there is none."""
    chosen = ["--select", *models, "--exclude", "resource_type:seed", "path:models/staging"] if models else []

    def transform(settings: Settings, full_refresh: bool) -> Transformed:
        build = ["build", "--no-write-json", "--exclude-resource-types", "unit_test", "test"]
        run_dbt([*build, "--full-refresh"] if full_refresh else [*build, *chosen], settings)
        return Transformed([])

    return replace(Steps(), transform=transform)


def prepare(folder: Path, steps: Steps) -> Settings:
    """A home with one published generation, and new work waiting: a new report, a changed one, one that is no text."""
    reports = folder / "reports"
    reports.mkdir(parents=True)
    samples = PROJECT / "seeds" / "reports" / "qinglan"
    first, *others = sorted(samples.glob("*.md"))
    shutil.copyfile(first, reports / first.name)
    (reports / "bulletin.txt").write_text("全市新增病例3例，累計病例95例。", encoding="utf-8")
    settings = Settings(home=folder / "home", threads=1)
    settings.home.mkdir()
    (settings.home / "sources.csv").write_text(
        f"id,kind,location,publisher,place\nq,folder,{reports}/*,青澜市卫生健康委员会,青澜市\n", encoding="utf-8"
    )
    alone(lambda: perform(settings, steps))
    for other in others:
        shutil.copyfile(other, reports / other.name)
    (reports / "bulletin.txt").write_text("全市新增病例5例，累計病例97例。", encoding="utf-8")
    (reports / "empty.txt").write_bytes(b"")
    for path in reports.iterdir():  # long ago, so that what is seen of a file once is remembered
        os.utime(path, (1_600_000_000, 1_600_000_000 + len(path.read_bytes())))
    shutil.copytree(settings.home, folder / "base", symlinks=True)
    return settings


@dataclass
class Ground:
    """A home in which new work waits, as it was before (`<folder>/base`), and what an undisturbed run makes of it."""

    settings: Settings
    steps: Steps
    before: str  # content hash
    after: Outcome | None = None

    @classmethod
    def lay(cls, folder: Path, models: Sequence[str] = FEW) -> "Ground":
        """Warm up and prepare; takes some 30 s of processor."""
        warm(folder)
        settings = prepare(folder, steps_of(()))
        return cls(settings, steps_of(models), in_child(settings, outcome).content)

    def beside(self, name: str) -> "Ground":
        """The same ground in a home of its own."""
        settings = self.settings.model_copy(update={"home": self.settings.home.with_name(name)})
        return replace(self, settings=settings)

    def reset(self) -> None:
        """The home as it was before the new work was taken up."""
        shutil.rmtree(self.settings.home, ignore_errors=True)
        shutil.copytree(self.settings.home.with_name("base"), self.settings.home, symlinks=True)

    def undisturbed(self, run: Callable[[], None]) -> None:
        """Let a run come to its end and remember what it leaves: that is what every other one must end with."""
        self.reset()
        alone(run)
        self.after = in_child(self.settings, outcome)

    def check_whole(self) -> None:
        """The published snapshot opens, holds what its manifest says, and is the one before or the one after."""
        alone(lambda: check_whole(self.settings, (self.before, self.after.content if self.after else "")))

    def check_rerun(self, request: Request | None = None) -> None:
        """A run left alone completes, and leaves what an undisturbed one leaves."""
        alone(lambda: perform(self.settings, self.steps, request))
        self.check_outcome()

    def check_outcome(self) -> None:
        """What a run left that came to its end is what an undisturbed one leaves."""
        if (now := in_child(self.settings, outcome)) != self.after:
            raise TornError(f"a run gives {now}, an undisturbed run {self.after}")


def perform(settings: Settings, steps: Steps, request: Request | None = None) -> None:
    """A run as `gongbao run --plain` makes it."""
    with one_writer(settings, wait_seconds=600):
        run_steps(settings, request or Request(), steps)


def check_whole(settings: Settings, allowed: Sequence[str]) -> None:
    """The published snapshot opens, holds what its manifest says, and is the one before or the one after."""
    file = settings.current / "warehouse.duckdb"
    with closing(duckdb.connect(file, read_only=True)) as con:
        found = content_hash(con)
    manifest = json.loads((settings.current / "manifest.json").read_text(encoding="utf-8"))
    if found != manifest["content_hash"]:
        raise TornError(f"{file.resolve()} holds {found}, its manifest says {manifest['content_hash']}")
    if found not in allowed:
        raise TornError(f"{file.resolve()} holds {found}, which is neither the old nor the new content")


def outcome(settings: Settings) -> Outcome:
    """What the home holds now. Raises TornError where the bytes of a report are gone."""
    for known in registered(settings.register):
        if not (settings.archive / known.item.sha256[:2] / known.item.sha256).is_file():
            raise TornError(f"the bytes of {known.item.report_id} are gone")
    reports = sorted([known.item.report_id, known.state] for known in registered(settings.register))
    pages = hashlib.sha256()
    for file in sorted(settings.site.rglob("*")):
        if file.is_file() and not file.name.startswith("."):  # what the site keeps for its next run is no page
            pages.update(f"{file.relative_to(settings.site)}\0".encode())
            pages.update(hashlib.sha256(file.read_bytes()).digest())
    with closing(duckdb.connect(settings.current / "warehouse.duckdb", read_only=True)) as con:
        return Outcome(content_hash(con), reports, pages.hexdigest())


def fork(action: Callable[[], None], *, silent: bool = True) -> int:
    """A child that does `action`; its exit code is 1 where that failed, and `said_by` has why."""
    child = os.fork()
    if child:
        return child
    try:
        if silent:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
        action()
    except BaseException:  # noqa: BLE001 - a child that fails says why and ends here
        _log_of(os.getpid()).write_text(traceback.format_exc(), encoding="utf-8")
        os._exit(1)
    os._exit(0)


def join(child: int) -> None:
    """Wait for a child. Raises TornError with its words where it failed."""
    _, status = os.waitpid(child, 0)
    if status:
        raise TornError(said_by(child) or f"a run left alone ended with {status}")


def said_by(child: int) -> str:
    """Why a child failed; empty where it said nothing."""
    log = _log_of(child)
    words = log.read_text(encoding="utf-8") if log.exists() else ""
    log.unlink(missing_ok=True)
    return words


def _log_of(pid: int) -> Path:
    return Path(tempfile.gettempdir()) / f"crash-{pid}.txt"


def alone(action: Callable[[], None]) -> None:
    """Do it in a child, so that this process, which forks, never starts a thread of DuckDB's."""
    join(fork(action))


def in_child(settings: Settings, ask: Callable[[Settings], Outcome]) -> Outcome:
    """The answer to a question that needs DuckDB."""
    answer = settings.home.with_suffix(".answer")
    alone(lambda: answer.write_text(json.dumps(vars(ask(settings))), encoding="utf-8") and None)
    return Outcome(**json.loads(answer.read_text(encoding="utf-8")))
