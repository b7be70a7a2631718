"""The measures of reading, in one table: `python benchmarks/measure.py [FOLDER]`.

FOLDER (default ../shared) holds `cases/`, `reports/` and `tools/`. Each line is a measure, what is asked for and
what was got; what is absent says so. The suites of numerals are those of `measure_extract.py`, the annotations
those of `measure_place.py`; here are besides the twins of script, the coverage of codes and the speed of the chain.
"""

import contextlib
import csv
import io
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import measure_extract
import measure_place

from flows.find import find_numerals
from flows.place import place_figures, report_date
from flows.read import read_document
from flows.record import Figure
from flows.record.script import fold
from flows.relate import relate_catalogue, relate_text

KINDS = ("luoding", "annotated", "provincial", "shanghai_daily", "work_reports", "communique_html")
#: What no reading can be faster than: the runs of digits of a text, one after the other.
FLOOR = re.compile(r"[0-9]+")
#: Starts a command and tells its CPU seconds and peak MB; a small process, for a child counts its parent's memory too.
LAUNCHER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""
LINE = "{:<58} {:>14}  {}"


def rows_of(data: bytes, name: str, published_on: date | None = None) -> list[Figure]:
    """Every numeral of a text, placed."""
    doc = read_document(data, name=name)
    numerals = find_numerals(doc)
    dated = published_on or report_date(doc, name, numerals)[0]
    return place_figures(doc, numerals, published_on=dated, place="")


def reports(folder: Path, kind: str) -> Iterator[Path]:
    for path in sorted((folder / "reports" / kind).glob("*")):
        if path.suffix in (".txt", ".html") and "simplified" not in path.name:
            yield path


def all_but_words(row: Figure) -> tuple[object, ...]:
    """A row without the words as printed."""
    return (
        row.start, row.end, row.numeral_end, row.cls, row.value, row.low, row.high, row.low_closed, row.high_closed,
        row.ulp, row.unit, row.base_value, row.base_unit, row.direction, row.hedge, row.modifiers,
        row.indicator, fold(row.entity), row.period_start, row.period_end, row.as_of, row.rule,
    )  # fmt: skip


def twins(folder: Path, kind: str, convert: str) -> tuple[int, int]:
    """Rows that are the same in both scripts, of all; a twin of another length (phrases) is left out."""
    from opencc import OpenCC

    turn = OpenCC(convert).convert
    same = total = 0
    for path in reports(folder, kind):
        text = path.read_text(encoding="utf-8", errors="replace")
        turned = "".join(turn(char) for char in text)
        if len(turned) != len(text):
            continue
        ours, theirs = rows_of(text.encode(), path.name), rows_of(turned.encode(), path.name)
        total += max(len(ours), len(theirs))
        same += sum(all_but_words(a) == all_but_words(b) for a, b in zip(ours, theirs, strict=False))
    return same, total


def coded(folder: Path, kind: str) -> tuple[int, int]:
    """Figures with an indicator code, of all."""
    found = [row for path in reports(folder, kind) for row in rows_of(path.read_bytes(), path.name) if row.is_figure]
    return sum(bool(row.indicator) for row in found), len(found)


def joined(folder: Path, megabytes: int) -> bytes:
    """So many MB of the reports, one after the other, from the first again where they do not suffice."""
    paths = [path for kind in KINDS for path in reports(folder, kind) if path.suffix == ".txt"]
    text = "\n\n".join(path.read_text(encoding="utf-8", errors="replace") for path in paths)
    while len(text.encode()) < megabytes * 1_000_000:
        text += "\n\n" + text
    return text.encode()[: megabytes * 1_000_000].decode(errors="ignore").encode()


def speed(data: bytes) -> tuple[float, float]:
    """Seconds of process time of find, place and relate together, and of the bare search for digits."""
    doc = read_document(data, name="joined.txt")
    began = time.process_time()
    figures = place_figures(doc, find_numerals(doc), published_on=None, place="")
    claims = relate_text(doc, figures, "joined")
    relate_catalogue(figures, "joined", claims)
    chained = time.process_time()
    for _ in FLOOR.finditer(doc.folded):
        pass
    return chained - began, time.process_time() - chained


def of_extract(data: bytes) -> tuple[float, float]:
    """CPU seconds and peak MB of memory of `gongbao extract` as a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "joined.txt"
        file.write_bytes(data)
        command = [sys.executable, "-m", "flows.cli", "extract", str(file), "--format", "csv"]
        started = [sys.executable, "-c", LAUNCHER, *command]
        said = subprocess.run(started, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603
    seconds, peak = map(float, said.split())
    return seconds, peak


def print_speed(folder: Path) -> None:
    """The speed of the chain, its growth with the length of the text, and what `gongbao extract` takes."""
    taken: dict[int, float] = {}
    for megabytes in (1, 10):
        data = joined(folder, megabytes)
        runs = [speed(data) for _ in range(3)]
        taken[megabytes], floor = (statistics.median(column) for column in zip(*runs, strict=True))
        got = f"{megabytes / taken[megabytes]:.2f} MB/s, {taken[megabytes] / floor:.0f} x a bare regex"
        print(LINE.format(f"find + place + relate, {megabytes} MB", ">= 1 MB/s", got))
    growth = taken[10] / taken[1]
    print(LINE.format("find + place + relate: 10 MB over 1 MB", "<= 12", f"{growth:.1f} times the time"))
    for megabytes, asked in ((1, "-"), (10, "< 300 MB")):
        seconds, peak = of_extract(joined(folder, megabytes))
        print(LINE.format(f"gongbao extract, {megabytes} MB", asked, f"{peak:.0f} MB at most, {seconds:.1f} s of CPU"))


def placed(folder: Path) -> dict[str, tuple[int, int]]:
    """Measure of place to (right, of) over all annotated reports."""
    pairs = [(folder / "reports/luoding/report.txt", folder / "reports/luoding/annotation.csv")]
    pairs += [(path.with_suffix(".txt"), path) for path in sorted((folder / "reports/annotated").glob("*.csv"))]
    found: dict[str, tuple[int, int]] = {}
    for text, annotation in pairs:
        if text.exists() and annotation.exists():
            for name, (right, total) in measure_place.measure(text, annotation)[0].items():
                before = found.get(name, (0, 0))
                found[name] = (before[0] + right, before[1] + total)
    return found


def said_by_extract(folder: Path) -> str:
    """What `measure_extract.py` prints."""
    printed, arguments = io.StringIO(), sys.argv
    sys.argv = [arguments[0], str(folder)]
    try:
        with contextlib.redirect_stdout(printed):
            measure_extract.main()
    finally:
        sys.argv = arguments
    return printed.getvalue()


def share(counted: tuple[int, int]) -> str:
    right, total = counted
    return f"{100 * right / total:.1f} % ({right}/{total})" if total else "absent"


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[2] / "shared"
    if not folder.exists():
        sys.exit(f"The material folder {folder} is absent; nothing was measured. Give its path.")
    csv.field_size_limit(10_000_000)
    print(said_by_extract(folder), end="")
    print(LINE.format("measure", "asked", "got"))
    asked = {"indicator": ">= 92 %", "period": ">= 95 %"}
    for name, counted in sorted(placed(folder).items()):
        print(LINE.format(f"luoding + annotated: {name}", asked.get(name, "-"), share(counted)))
    for kind, convert in (("provincial", "s2t"), ("shanghai_daily", "s2t"), ("luoding", "t2s")):
        print(LINE.format(f"{kind}: same rows in the other script", "100 %", share(twins(folder, kind, convert))))
    for kind in KINDS:
        print(LINE.format(f"{kind}: figures with an indicator code", "-", share(coded(folder, kind))))
    print_speed(folder)


if __name__ == "__main__":
    main(sys.argv[1:])
