"""Units and counters: the longest name of `units.csv` that begins at a place in folded text."""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from flows.record.script import fold
from flows.record.vocabulary import vocabulary, words


@dataclass(frozen=True, slots=True)
class Unit:
    """A row of `units.csv`: `name` in Traditional script, `factor` exact to `base`."""

    name: str
    kind: str  # counter, physical, money, percent, multiple
    base: str
    factor: Fraction


@lru_cache(maxsize=1)
def units() -> dict[str, Unit]:
    """Every printed form (folded) to its unit; the first row that claims a form keeps it."""
    forms: dict[str, Unit] = {}
    for row in vocabulary("units"):
        unit = Unit(row["unit"], row["kind"], row["base_unit"], Fraction(row["factor"]))
        for form in (row["unit_hans"], row["unit"], *words(row["aliases"])):
            forms.setdefault(fold(form), unit)
    return forms


@lru_cache(maxsize=1)
def longest() -> int:
    """Characters of the longest printed form."""
    return max(map(len, units()))


def unit_at(folded: str, start: int) -> tuple[Unit, int] | None:
    """The unit that begins at `start` and where it ends, or None."""
    forms = units()
    for length in range(min(longest(), len(folded) - start), 0, -1):
        form = folded[start : start + length]
        unit = forms.get(form)
        if unit is None:
            continue
        after = folded[start + length : start + length + 1]
        if form[-1].isascii() and form[-1].isalpha() and after.isascii() and after.isalnum():
            continue
        return unit, start + length
    return None
