"""The vocabulary: words, units, places and indicators are data, in CSV files that dbt reads too."""

import csv
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

SEEDS = Path(__file__).resolve().parent.parent.parent / "seeds"
VOCABULARY = SEEDS / "vocabulary"


@lru_cache(maxsize=64)
def vocabulary(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `seeds/vocabulary/<name>.csv`, in file order, every field as text; of the indicators with those
    that this home was taught.
    """
    rows = _rows(VOCABULARY / f"{name}.csv")
    taught = taught_file() if name == "indicators" else None
    return with_taught(rows, _rows(taught)) if taught is not None and taught.exists() else rows


def taught_file() -> Path | None:
    """Where `catalogue accept` writes what a home of one's own was taught; None for the checkout's home, which is
    taught in `seeds/vocabulary`.
    """
    home = os.environ.get("GONGBAO_HOME")
    return Path(home) / "vocabulary" / "indicators.csv" if home else None


def with_taught(shipped: Iterable[dict[str, str]], taught: Iterable[dict[str, str]]) -> tuple[dict[str, str], ...]:
    """The shipped indicators with the taught ones: a row of the same code keeps the aliases of both."""
    own = {row["indicator"]: row for row in taught}
    merged = []
    for row in shipped:
        if (mine := own.pop(row["indicator"], None)) is not None:
            aliases = dict.fromkeys([*words(row["aliases"]), *words(mine["aliases"])])
            row = {**mine, "aliases": "|".join(aliases)}
        merged.append(row)
    return (*merged, *own.values())


def _rows(path: Path) -> tuple[dict[str, str], ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def words(field: str) -> list[str]:
    """The words of a field that holds several, separated by `|`."""
    return [word for word in field.split("|") if word]
