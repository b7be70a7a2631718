"""Speed on one machine, as ratios of one run, beside the baseline that is kept in git: `make bench`.

    python benchmarks/bench.py                        # 1, 10 and 100 reports
    python benchmarks/bench.py --sizes 1000 10000     # larger cost curves, on request
    python benchmarks/bench.py --keep                 # make what is measured the baseline

Processor time is what is told, of a process and its children: a machine that others use stretches the clock, not that.
For the steps of a run the clock is told as well (two cores at work, or one and the other idle: what it is worth where
nobody else uses them), and the most memory that the step takes with the processes it starts; at two sizes, how the one
grows with the other.
Two floors make ratios of it: a bare regex over the bytes of the same reports, for what grows with them, and starting
Prefect, Great Expectations and dbt with nothing to do, for whole runs. Every part runs in a process of its own, so
that its memory is its own. `gain` and `loss` are against benchmarks/baseline.csv, from a fifth on.

Peers of the extraction are measured where they are installed: `make peers` puts each in a venv of its own under
PEERS, outside the project. One that is absent is said to be.
"""

import argparse
import csv
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import generate_reports
from peaks import watched

BASELINE = Path(__file__).with_name("baseline.csv")
COLUMNS = ("part", "reports", "floor", "ratio", "cpu_seconds", "clock_seconds", "peak_mb")
PEERS = Path(os.environ.get("PEERS") or Path.home() / ".cache" / "gongbao-peers")
TOLD = 0.2  # what is within a fifth of the baseline is no gain and no loss
#: Bytes that the floor of a byte is measured over.
FLOOR_BYTES = 20_000_000

#: What is installed for each peer (--peers), and how it is asked for all numerals of a text.
PEER_SCRIPTS = {
    "chinese2digits": (
        ["chinese2digits"],
        "from chinese2digits import takeNumberFromString\nread = takeNumberFromString",
    ),
    "jionlp": (
        ["jionlp", "setuptools<81"],
        "import jionlp\n"
        "def read(text):\n"
        "    for line in text.splitlines():\n"
        "        jionlp.ner.extract_money(line); jionlp.ner.extract_time(line)",
    ),
    "recognizers-text": (
        ["recognizers-text-number", "recognizers-text-number-with-unit", "emoji<2"],
        "from recognizers_number import recognize_number, Culture\n"
        "def read(text):\n"
        "    for line in text.splitlines():\n"
        "        recognize_number(line, Culture.Chinese)",
    ),
}
PEER = """
import json, sys, time
{asked}
texts = json.load(open(sys.argv[1], encoding="utf-8"))
read(texts[0])
began = time.process_time()
for text in texts:
    read(text)
print(json.dumps(time.process_time() - began))
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing measured."""

    part: str
    reports: int
    cpu: float
    peak_mb: float
    floor: str = "regex"  # or "start", "-"
    clock: float = 0  # not told where it is 0


def spent() -> float:
    """Seconds of processor of this process and of its children that have ended."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def peak_mb() -> float:
    """The most memory that this process, or one of its children, has taken."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def steps_of_a_run(home: Path, reports: int, said: str) -> Iterator[Line]:
    """A whole run without Prefect, step by step."""
    from flows.operations import Request, Steps, one_writer, run_steps
    from flows.settings import Settings

    lines: list[Line] = []

    def timed(name: str, step: Any, *given: Any) -> Any:
        began, at = spent(), time.monotonic()
        with watched() as peak:
            done = step(*given)
        lines.append(Line(f"{said}: {name}", reports, spent() - began, *peak, clock=time.monotonic() - at))
        return done

    settings = Settings(home=home)
    steps = Steps(**{step.name: partial(timed, step.name, getattr(Steps(), step.name)) for step in fields(Steps)})
    with one_writer(settings, wait_seconds=0):
        run_steps(settings, Request(), steps)
    yield from lines
    whole = sum(line.cpu for line in lines)
    clock = sum(line.clock for line in lines)
    yield Line(f"{said}: all steps", reports, whole, max(line.peak_mb for line in lines), clock=clock)
    validating = next(line.cpu for line in lines if line.part.endswith("validate"))
    print(f"    {said}, {reports} reports: {whole:.1f} s of processor, {reports / whole:.1f} reports a second of it;"
          f" the gate takes {100 * validating / whole:.0f} %", file=sys.stderr)  # fmt: skip


def extraction(home: Path, reports: int) -> Iterator[Line]:
    """read, find and place; and relate besides, as a run does."""
    from flows.analysis import read_report

    files = sorted(home.glob("reports/*/*.md"))
    for said, relates in (("extract", False), ("extract and relate", True)):
        read_report(files[0].read_bytes(), report_id="r", name=files[0].name, relates=relates)
        began = spent()
        for file in files:
            read_report(file.read_bytes(), report_id=file.stem, name=file.name, relates=relates)
        yield Line(said, reports, spent() - began, peak_mb())


def peers(home: Path, reports: int) -> Iterator[Line]:
    """The same reports by others, each in its own venv."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(home.glob("reports/*/*.md"))]
    for name, (_, asked) in PEER_SCRIPTS.items():
        python = PEERS / name / "bin" / "python"
        if not python.exists():
            print(f"    absent: {name} ({python}); `make peers` installs it", file=sys.stderr)
            continue
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            json.dump(texts, file, ensure_ascii=False)
            file.flush()
            done = subprocess.run(  # noqa: S603 - our own words
                [python, "-c", PEER.format(asked=asked), file.name], capture_output=True, text=True, check=False
            )
        if done.returncode:
            print(f"    {name} fails: {(done.stderr.splitlines() or ['?'])[-1]}", file=sys.stderr)
            continue
        yield Line(f"extract by {name}", reports, json.loads(done.stdout.splitlines()[-1]), peak_mb())


def judging(home: Path, reports: int) -> Iterator[Line]:
    """Twenty claims a report, of the frequent kinds, three in ten broken; without and with messages."""
    from measure_judge import random_claims

    from flows.judge import judge_claims

    claims, figures = random_claims(random.Random(4), 20 * reports)  # noqa: S311 - a fixed mix, no secret
    for said, explain in (("judge", False), ("judge and explain", True)):
        began = spent()
        judge_claims(claims, figures, explain=explain)
        yield Line(said, reports, spent() - began, peak_mb())


def first_load(home: Path, reports: int) -> Iterator[Line]:
    yield from steps_of_a_run(home, reports, "first load")


def one_more(home: Path, reports: int) -> Iterator[Line]:
    """On top of what `load` made, in a process of its own."""
    add_report(home, reports)
    yield from steps_of_a_run(home, 1, f"one more on {reports}")


def add_report(home: Path, number: int) -> None:
    """One more report in the folder of the first source."""
    *_, (_, _, name, text) = generate_reports.reports(number + 1)
    target = next(home.glob("reports/*")) / f"more-{number}-{name}"
    target.write_text(text, encoding="utf-8")


def command(home: Path, *words: str) -> tuple[float, float]:
    """Seconds of processor and peak MB of `gongbao <words>`, a process of its own."""
    script = (
        "import json, resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL,"
        "stderr=subprocess.DEVNULL); used = resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))"
    )
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", script, sys.executable, "-m", "flows.cli", *words],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "GONGBAO_HOME": str(home)},
    )
    cpu, peak = json.loads(done.stdout)
    return cpu, peak


def whole_runs(home: Path, reports: int) -> Iterator[Line]:
    """`gongbao run` with Prefect's server: cold, with one new report, with nothing new; `--help` and `extract`."""
    cold = command(home, "run")
    add_report(home, reports)
    command(home, "run")  # the first build on top compiles what the later ones need
    add_report(home, reports + 1)
    for said, (cpu, peak) in (
        ("gongbao run, cold", cold),
        ("gongbao run, one new report", command(home, "run")),
        ("gongbao run, nothing new", command(home, "run")),
        ("gongbao --help", command(home, "--help")),
        ("gongbao extract, one report", command(home, "extract", str(next(home.glob("reports/*/*.md"))))),
    ):
        yield Line(said, reports, cpu, peak, floor="start")


def starting(home: Path, reports: int) -> Iterator[Line]:
    """The floor of whole runs: the tools themselves, with nothing to do, twice (dbt parses its project once)."""
    bare = [sys.executable, str(Path(__file__).with_name("bare_start.py")), str(home)]
    subprocess.run(bare, check=True, capture_output=True)  # noqa: S603 - our own words
    began = spent()
    subprocess.run(bare, check=True, capture_output=True)  # noqa: S603
    yield Line("Prefect, Great Expectations and dbt, nothing to do", reports, spent() - began, peak_mb(), floor="-")


PARTS = {
    "extract": extraction,
    "peers": peers,
    "judge": judging,
    "load": first_load,
    "more": one_more,
    "runs": whole_runs,
    "start": starting,
}


def floor_of_a_byte() -> float:
    """Seconds of processor that a bare search for digits takes for a byte of the reports."""
    text = "".join(text for *_, text in generate_reports.reports(200))
    digits = re.compile(r"[0-9]+")
    size = len(text.encode())
    rounds = FLOOR_BYTES // size
    began = time.process_time()
    for _ in range(rounds):
        for _ in digits.finditer(text):
            pass
    return (time.process_time() - began) / (rounds * size)


def measured(part: str, home: Path, reports: int) -> list[Line]:
    """The lines of a part, from a process of its own."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, __file__, "--alone", part, str(home), str(reports)],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"    {part}, {reports} reports: ended with {done.returncode}", file=sys.stderr)
        return []
    return [Line(**each) for each in json.loads(done.stdout.splitlines()[-1])]


@contextmanager
def home_of(reports: int) -> Iterator[tuple[Path, int]]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder), generate_reports.write_reports(Path(folder), reports)


def told(line: Line, floors: dict[str, float], baseline: dict[tuple[str, str], dict[str, str]]) -> dict[str, str]:
    """A row of the baseline file; printed on the way."""
    floor = floors.get(line.floor)
    ratio = f"{line.cpu / floor:.3g}" if floor else ""
    before = baseline.get((line.part, str(line.reports)), {}).get("ratio", "")
    change = ""
    if ratio and before:
        grown = float(ratio) / float(before)
        change = f"loss {grown:.2f} x" if grown > 1 + TOLD else f"gain {grown:.2f} x" if grown < 1 / (1 + TOLD) else "="
    clock = f"{line.clock:.2f}" if line.clock else ""
    figures = f"{line.part:<52}{line.reports:>7}{line.cpu:>10.2f}{clock:>10}{line.peak_mb:>8.0f}{ratio:>11}"
    print(f"{figures} x {line.floor:<6} {change}" if ratio else figures, flush=True)
    cells = (line.part, str(line.reports), line.floor, ratio, f"{line.cpu:.2f}", clock, f"{line.peak_mb:.0f}")
    return dict(zip(COLUMNS, cells, strict=True))


def tell_growth(kept: Iterable[dict[str, str]], asked: Sequence[int]) -> None:
    """How the memory of each step of a first load grows from the fewest reports that were asked for to the most; from
    the baseline's thousand where one size was asked for."""
    few, *_, many = sorted({*asked, 1000} if len(set(asked)) == 1 else set(asked)) * 2
    peaks = {(row["part"], int(row["reports"])): float(row["peak_mb"]) for row in kept}
    steps = [part for part, reports in peaks if reports == many and part.startswith("first load: ")]
    print(f"memory of {many} reports against {few}:")
    for step in steps:
        if before := peaks.get((step, few)):
            name, after = step.removeprefix("first load: "), peaks[step, many]
            print(f"    {name:<20}{before:>8.0f} MB{after:>8.0f} MB{after / before:>8.2f} x")


def install_peers() -> None:
    """Each peer in a venv of its own; one that does not install is said not to."""
    for name, (packages, _) in PEER_SCRIPTS.items():
        place = PEERS / name
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)  # noqa: S603 - our own words
        done = subprocess.run(  # noqa: S603
            [place / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages],
            check=False,
        )
        print(f"{name}: {'installed' if done.returncode == 0 else 'does not install here'} in {place}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--parts", nargs="+", default=list(PARTS), choices=list(PARTS))
    parser.add_argument("--keep", action="store_true", help="make what is measured the baseline; the rest stays")
    parser.add_argument("--install-peers", action="store_true")
    parser.add_argument("--alone", nargs=3, metavar=("PART", "HOME", "REPORTS"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.install_peers:
        install_peers()
        return
    if asked.alone:
        part, home, reports = asked.alone
        lines = PARTS[part](Path(home), int(reports))
        print(json.dumps([{each.name: getattr(line, each.name) for each in fields(Line)} for line in lines]))
        return
    baseline = {}
    if BASELINE.exists():
        with BASELINE.open(encoding="utf-8", newline="") as file:
            baseline = {(row["part"], row["reports"]): row for row in csv.DictReader(file)}
    kept = dict(baseline)
    print(f"{'':<52}{'reports':>7}{'CPU s':>10}{'clock s':>10}{'MB':>8}{'ratio':>11}")
    byte = floor_of_a_byte()
    started: dict[str, float] = {}
    if {"start", "runs"} & set(asked.parts):
        with home_of(1) as (home, _):
            for line in measured("start", home, 0):
                started["start"] = line.cpu
                kept[line.part, "0"] = told(line, {}, baseline)
    for reports in asked.sizes:
        with home_of(reports) as (home, size):
            floors = {"regex": byte * size, **started}
            for part in asked.parts:
                if part == "start" or (part == "runs" and reports != min(asked.sizes)):
                    continue
                folder = home
                if part == "runs":  # from nothing, beside what `load` has made
                    folder = home / "again"
                    generate_reports.write_reports(folder, reports)
                for line in measured(part, folder, reports):
                    own = floors if part != "more" else {**floors, "regex": byte * size / reports}
                    kept[line.part, str(line.reports)] = told(line, own, baseline)
                if asked.keep:
                    keep(kept.values())
    if "load" in asked.parts:
        tell_growth(kept.values(), asked.sizes)
    if asked.keep:
        print(f"the baseline is {BASELINE}")


def keep(rows: Iterable[dict[str, str]]) -> None:
    """Write the baseline; after each part, so that a bench that is stopped has kept what it measured."""
    with BASELINE.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


if __name__ == "__main__":
    main()
