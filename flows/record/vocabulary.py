"""The vocabulary: words, units, places and indicators are data, in CSV files that dbt reads too."""

import csv
from functools import lru_cache
from pathlib import Path

SEEDS = Path(__file__).resolve().parent.parent.parent / "seeds"
VOCABULARY = SEEDS / "vocabulary"


@lru_cache(maxsize=64)
def vocabulary(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `seeds/vocabulary/<name>.csv`, in file order, every field as text."""
    with (VOCABULARY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def words(field: str) -> list[str]:
    """The words of a field that holds several, separated by `|`."""
    return [word for word in field.split("|") if word]
