"""Hostile reports through whole runs: `python -m tests.hostile.whole`, or `make crash`.

Each ends loaded, or kept out with its reason. Nothing in them is obeyed: not by the terminal, a spreadsheet, a browser,
SQL, or the file system. `--material FOLDER` mutates the reports of that folder besides the samples.
"""

import argparse
import csv
import io
import os
import random
import tempfile
from collections import Counter
from contextlib import closing, redirect_stdout
from dataclasses import replace
from pathlib import Path

import duckdb

from flows.cli.terminal import plain
from flows.operations import Request, look, one_writer, quarantined, run_steps
from flows.publish.export import export
from flows.pull import registered
from flows.pull.ledger import unreached
from flows.pull.register import marks, opened
from flows.settings import Settings
from flows.show import print_summary
from tests.crash.warm import Ground, TornError, alone
from tests.hostile.mutants import SAMPLES, hostile_files, write_all

_AT_ONCE = 500
_AS_TEXT = (".txt", ".md", ".html")
_OURS = ("home", "faults", "hostile", "tally-")  # what kills and faults, which go on beside this, write there
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


def hostile(ground: Ground, count: int, seed: int, material: Path | None = None) -> Counter[str]:
    """`count` hostile reports, 500 a run, after one another into one home. Returns what became of them."""
    chance = random.Random(seed)  # noqa: S311 - reproducible on purpose
    on = ground.beside("hostile")
    on.reset()
    folder = on.settings.home.with_name("hostile-reports")
    (on.settings.home / "sources.csv").write_text(f"id,kind,location\nh,folder,{folder}/*\n", encoding="utf-8")
    stray = set(on.settings.home.parent.iterdir())
    samples = (
        (*SAMPLES, *sorted(path for path in material.rglob("*") if path.suffix in _AS_TEXT)) if material else SAMPLES
    )
    files = write_all(folder, hostile_files(chance, count, samples))
    for file in files:  # long ago, so that what is seen of a file once is remembered
        os.utime(file, (1_600_000_000, 1_600_000_000))
    for start in range(0, count, _AT_ONCE):
        for file in files[start + _AT_ONCE :]:  # they come later
            file.rename(file.with_name(f".{file.name}"))
        alone(lambda: _run(on))
        for file in files[start + _AT_ONCE :]:
            file.with_name(f".{file.name}").rename(file)
        print(f"{min(start + _AT_ONCE, count)} hostile reports: the run came to its end", flush=True)
    alone(lambda: _nothing_is_left(on))
    found = Counter({"loaded": 0, "kept out": 0})
    reasons = {row["report_id"]: row["reason"] for row in quarantined(on.settings)}
    for known in registered(on.settings.register):
        if known.item.source_id != "h":
            continue
        if known.state not in ("accepted", "quarantined"):
            raise TornError(f"{known.item.report_id} is {known.state} after the run")
        if known.state == "quarantined" and not (known.reason and reasons.get(known.item.report_id)):
            raise TornError(f"{known.item.report_id} is kept out without a reason")
        if known.reason.startswith(("rule_failed", "crashed")):
            raise TornError(f"{known.item.report_id}: {known.reason}")
        found["loaded" if known.state == "accepted" else "kept out"] += 1
    if unreached(on.settings.register):
        raise TornError(f"not pulled: {unreached(on.settings.register)[:3]}")
    with opened(on.settings.register) as register:
        seen = marks(register, "h")
    if len(seen) != count:
        raise TornError(f"of {count} files {len(seen)} were seen")
    found["archives refused, or members of them"] = sum(bool(mark.problem) for mark in seen.values())
    alone(lambda: _nothing_was_obeyed(on.settings, found["loaded"]))
    written = {path for path in {*on.settings.home.parent.iterdir()} - stray if not path.name.startswith(_OURS)}
    if written:
        raise TornError(f"something was written beside the home: {written}")
    return found


def _run(ground: Ground) -> None:
    with one_writer(ground.settings):
        summary = run_steps(ground.settings, Request(), ground.steps)
    if summary is None:
        raise TornError("the run says that nothing is new")
    said = io.StringIO()
    with redirect_stdout(said):
        print_summary(replace(summary, seconds=1.0), most=10_000)
    if any(character in said.getvalue() for character in "\x1b\x9b\u202e\x07"):
        raise TornError("the summary commands the terminal")


def _nothing_is_left(ground: Ground) -> None:
    """What was refused is remembered, so that the next run has nothing to do."""
    if (found := look(ground.settings)).has_work:
        raise TornError(f"after the last run there is still work: {found.reasons}, {found.items[:3]}")


def _nothing_was_obeyed(settings: Settings, loaded: int) -> None:
    for row in quarantined(settings):
        if any(ord(character) < 32 and character not in "\n\t" for character in plain(row["reason"] + row["uri"])):
            raise TornError(f"a reason commands the terminal: {row}")
    with closing(duckdb.connect(settings.build_file, read_only=True)) as con:
        (rows,) = con.execute("select count(*) from raw.reports where source_id = 'h'").fetchone() or (0,)
        if rows != loaded:
            raise TornError(f"{loaded} reports are accepted, {rows} are in raw.reports")
    for page in settings.site.rglob("*.html"):
        words = page.read_text(encoding="utf-8")
        if "<script>alert" in words or "<img src=x" in words:
            raise TornError(f"{page} has a script of a report")
    marts = ["dim_report", "fct_checks", "audit_quarantine"]
    for file in export(settings, marts, form="csv", to=settings.home / "out")[: len(marts)]:
        with file.open(encoding="utf-8", newline="") as lines:
            for cells in csv.reader(lines):
                if bad := [cell for cell in cells if cell.startswith(_FORMULAS) and not _is_number(cell)]:
                    raise TornError(f"{file} has {bad[0]!r}, which a spreadsheet runs")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=5000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--material", type=Path, help="a folder of reports to mutate besides the samples")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        print(dict(hostile(Ground.lay(Path(folder)), given.count, given.seed, given.material)))


if __name__ == "__main__":
    main()
