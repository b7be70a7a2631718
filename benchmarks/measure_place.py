"""How well `place` names figures, against annotations: python benchmarks/measure_place.py TEXT ANNOTATION.csv
[-v]

The indicator counts where at least 60 % of the characters of the wanted phrase stand in ours; the period
where the wanted one (asof:, date:, month:, year:, since:, by:) is the one given; the entity where the names
agree when folded.
"""

import csv
import sys
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from flows.find import find_numerals
from flows.place import place_figures, report_date
from flows.read import read_document
from flows.record import Figure
from flows.record.script import fold


def wanted_period(words: str, published_on: date | None) -> tuple[date | None, date | None, date | None] | None:
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


def measure(text_path: Path, annotation: Path) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """Measure to (right, of), and a line for each miss."""
    doc = read_document(text_path.read_bytes(), name=text_path.name)
    numerals = find_numerals(doc)
    published_on, _ = report_date(doc, text_path.name, numerals)
    rows = place_figures(doc, numerals, published_on=published_on, place="")
    with annotation.open(encoding="utf-8-sig", newline="") as file:
        wanted = list(csv.DictReader(file))
    checks: list[tuple[str, bool, dict[str, str], list[Figure]]] = []
    for want in wanted:
        hits = [row for row in rows if row.start < int(want["end"]) and row.end > int(want["start"])]
        if hits and not any(word in want.get("notes", "") for word in ("OPTIONAL", "BORDERLINE")):
            checks += [(name, right, want, hits) for name, right in _checks(want, hits, published_on)]
    counts: dict[str, tuple[int, int]] = {}
    for name, right, _, _ in checks:
        before = counts.get(name, (0, 0))
        counts[name] = (before[0] + right, before[1] + 1)
    return counts, [_line(name, want, hits) for name, right, want, hits in checks if not right]


def _checks(want: dict[str, str], hits: list[Figure], published_on: date | None) -> Iterator[tuple[str, bool]]:
    period = wanted_period(want["period"], published_on) if want.get("period") else None
    if period:
        yield "period", any(_same_period(row, period) for row in hits)
    figures = [row for row in hits if row.is_figure]
    if want["class"] not in ("figure", "percent", "quantity") or not figures:
        return
    if want.get("indicator_zh"):
        characters = set(fold(want["indicator_zh"])) - set("的()，,")
        shares = [len(characters & set(fold(row.indicator_text))) / len(characters) for row in figures]
        yield "indicator", max(shares) >= 0.6
        yield "code", any(row.indicator for row in figures)
    if want.get("entity"):
        yield "entity", any(fold(row.entity) == fold(want["entity"]) for row in figures)
    if want.get("unit"):
        yield (
            "unit",
            any(want["unit"] in (row.unit, row.unit_text, row.base_unit, fold(row.unit)) for row in figures),
        )


def _line(name: str, want: dict[str, str], hits: list[Figure]) -> str:
    given = [(row.quote, row.indicator_text, row.unit, str(row.period_end), row.entity) for row in hits]
    fields = [want.get(key, "") for key in ("raw", "indicator_zh", "unit", "period", "entity")]
    return f"  {name}: wanted {fields}, given {given}"


def _same_period(row: Figure, wanted: tuple[date | None, date | None, date | None]) -> bool:
    if row.cls == "date":
        return (wanted[0] or wanted[1]) in (row.period_start, row.period_end)
    return row.period_start == wanted[0] and row.period_end == wanted[1]


def main(arguments: list[str]) -> None:
    """Prints one line a measure."""
    verbose = "-v" in arguments
    paths = [Path(argument) for argument in arguments if argument != "-v"]
    counts, misses = measure(paths[0], paths[1])
    for name, (right, total) in sorted(counts.items()):
        print(f"{name}: {right}/{total} = {100 * right / total:.1f} %")
    if verbose:
        print("\n".join(misses))


if __name__ == "__main__":
    main(sys.argv[1:])
