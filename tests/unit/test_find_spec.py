"""The tables tests/spec/find_*.tsv: a text in our own words, and every row that must be read from it."""

import csv
from pathlib import Path

import pytest

from flows.find import find_numerals
from flows.record import Document, Figure
from flows.record.script import fold, script_of

SPEC = Path(__file__).resolve().parent.parent / "spec"


def document(text: str) -> Document:
    return Document(text, fold(text), "utf-8", "text/plain", script_of(text), [], [], [])


def cases() -> list[tuple[str, str, str]]:
    found = []
    for path in sorted(SPEC.glob("find_*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                found.append((path.stem, row["text"].replace("\\n", "\n"), row["rows"]))
    return found


def shown(row: Figure) -> str:
    """quote class value unit [low,high] hedge direction; the interval only where it is no single point."""
    parts = [row.quote.replace("\n", "\\n"), row.cls]
    if row.value is not None and row.cls != "date":
        parts.append(str(row.value))
    if row.unit:
        parts.append(row.unit)
    if row.is_figure and row.low != row.high:
        left, right = "[" if row.low_closed else "(", "]" if row.high_closed else ")"
        low = "-∞" if row.low is None else str(row.low)
        high = "∞" if row.high is None else str(row.high)
        parts.append(f"{left}{low},{high}{right}")
    if row.direction:
        parts.append(row.direction)
    if row.period_start:
        parts.append(f"{row.period_start}..{row.period_end}")
    return " ".join(parts)


@pytest.mark.parametrize(("table", "text", "rows"), cases(), ids=lambda value: str(value)[:24])
def test_every_row_of_the_table(table: str, text: str, rows: str) -> None:
    assert " | ".join(shown(row) for row in find_numerals(document(text))) == rows


@pytest.mark.parametrize(("table", "text", "rows"), cases(), ids=lambda value: str(value)[:24])
def test_the_other_script_gives_the_same_rows(table: str, text: str, rows: str) -> None:
    def told(words: str) -> list[tuple[object, ...]]:
        found = find_numerals(document(words))
        return [(r.start, r.end, r.cls, r.value, r.low, r.high, r.unit, r.hedge, r.direction) for r in found]

    simplified = "".join(fold(char) if "\u3400" < char < "\uff00" else char for char in text)
    assert told(simplified) == told(text)
