"""How well `place` names figures, against annotations: python benchmarks/measure_place.py TEXT ANNOTATION.csv
[-v]

The indicator counts where at least 60 % of the characters of the wanted phrase stand in ours; the period
where the wanted one (asof:, date:, month:, year:, since:, by:) is the one given; the entity where the names
agree when folded.
"""

import csv
import sys
from calendar import monthrange
from datetime import date
from pathlib import Path

from flows.find import find_numerals
from flows.place import place_figures, report_date
from flows.read import read_document
from flows.record import Figure
from flows.record.script import fold


def wanted_period(
    words: str, published_on: date | None
) -> tuple[date | None, date | None, date | None] | None:
    """(start, end, as of) of an annotation such as asof:2020-03-25; None where it names no calendar date."""
    kind, _, value = words.partition(":")
    if "(" in value:
        value = value.partition("(")[2].rstrip(")")
    parts = [int(part) for part in value.split("-")] if value[:4].isdigit() else []
    if not parts:
        return None
    year, month, day = parts[0], parts[1] if len(parts) > 1 else 0, parts[2] if len(parts) > 2 else 0
    first = date(year, month or 1, day or 1)
    last = date(year, month or 12, day or monthrange(year, month or 12)[1])
    match kind:
        case "asof":
            return None, last, last
        case "since":
            return first, published_on, published_on
        case "by":
            return None, last, None
        case _:
            return first, last, None


def measure(text_path: Path, annotation: Path, verbose: bool) -> dict[str, tuple[int, int]]:
    """Measure to (right, of)."""
    doc = read_document(text_path.read_bytes(), name=text_path.name)
    numerals = find_numerals(doc)
    published_on, _ = report_date(doc, text_path.name, numerals)
    rows = place_figures(doc, numerals, published_on=published_on, place="")
    with annotation.open(encoding="utf-8-sig", newline="") as file:
        wanted = list(csv.DictReader(file))
    counts = {"indicator": [0, 0], "period": [0, 0], "entity": [0, 0], "unit": [0, 0], "code": [0, 0]}
    for want in wanted:
        start, end = int(want["start"]), int(want["end"])
        notes = want.get("notes", "")
        hits = [row for row in rows if row.start < end and row.end > start]
        figures = [row for row in hits if row.is_figure]
        if "OPTIONAL" in notes or "BORDERLINE" in notes or not hits:
            continue
        if want.get("period"):
            period = wanted_period(want["period"], published_on)
            if period:
                _count(
                    counts["period"],
                    any(_same_period(row, period) for row in hits),
                    verbose,
                    "period",
                    want,
                    hits,
                )
        if want["class"] not in ("figure", "percent", "quantity") or not figures:
            continue
        if want.get("indicator_zh"):
            characters = set(fold(want["indicator_zh"])) - set("的()，,")
            best = max(len(characters & set(fold(row.indicator_text))) / len(characters) for row in figures)
            _count(counts["indicator"], best >= 0.6, verbose, "indicator", want, figures)
            counts["code"][0] += any(row.indicator for row in figures)
            counts["code"][1] += 1
        if want.get("entity"):
            right = any(fold(row.entity) == fold(want["entity"]) for row in figures)
            _count(counts["entity"], right, verbose, "entity", want, figures)
        if want.get("unit"):
            right = any(
                want["unit"] in (row.unit, row.unit_text, row.base_unit, fold(row.unit)) for row in figures
            )
            _count(counts["unit"], right, verbose, "unit", want, figures)
    return {name: (right, total) for name, (right, total) in counts.items()}


def _same_period(row: Figure, wanted: tuple[date | None, date | None, date | None]) -> bool:
    if row.cls == "date":
        return (wanted[0] or wanted[1]) in (row.period_start, row.period_end)
    return row.period_start == wanted[0] and row.period_end == wanted[1]


def _count(
    count: list[int], right: bool, verbose: bool, name: str, want: dict[str, str], rows: list[Figure]
) -> None:
    count[0] += right
    count[1] += 1
    if verbose and not right:
        given = [
            (row.quote, row.indicator_text, str(row.period_start), str(row.period_end), row.entity)
            for row in rows
        ]
        print(
            f"  {name}: {want['raw']} wanted {want.get('indicator_zh')} {want.get('period')} {want.get('entity')}: {given}"
        )


def main(arguments: list[str]) -> None:
    """Prints one line a measure."""
    verbose = "-v" in arguments
    paths = [Path(argument) for argument in arguments if argument != "-v"]
    for name, (right, total) in measure(paths[0], paths[1], verbose).items():
        print(f"{name}: {right}/{total}" + (f" = {100 * right / total:.1f} %" if total else ""))


if __name__ == "__main__":
    main(sys.argv[1:])
