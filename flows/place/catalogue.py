"""Indicator phrases to the codes of the catalogue, and ranked suggestions for those it does not know."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from flows.place.units import unit_rows
from flows.place.words import alternation
from flows.record.script import fold
from flows.record.vocabulary import vocabulary, words

#: The kinds of unit a catalogue's `unit_kind` accepts, by the dimension or kind in units.csv.
_COUNTED = ("counter",)


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator: its code, the kind and base of its unit, and its rank in the file (the earlier wins a tie)."""

    code: str
    unit_kind: str
    base_unit: str
    rank: int


@lru_cache(maxsize=1)
def _aliases() -> dict[str, tuple[Entry, ...]]:
    """Folded alias to the indicators it may mean, told apart by their units."""
    found: dict[str, tuple[Entry, ...]] = {}
    for rank, row in enumerate(vocabulary("indicators")):
        entry = Entry(row["indicator"], row["unit_kind"], row["base_unit"], rank)
        for name in dict.fromkeys(fold(word) for word in [row["name_hans"], *words(row["aliases"])]):
            found[name] = (*found.get(name, ()), entry)
    return found


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    return re.compile(f"(?=({alternation(_aliases())}))")


@lru_cache(maxsize=1)
def _quiet() -> re.Pattern[str]:
    return re.compile(r"[的“”\"‘’'()（）《》\s]|新型冠状病毒感染的?|新型冠状病毒|新冠")


def plain(phrase: str) -> str:
    """The folded phrase without 的, quotes and brackets, as aliases are matched."""
    return _quiet().sub("", phrase)


def _kind(unit: str) -> str:
    row = unit_rows().get(unit)
    if row is None:
        return ""
    if row["kind"] == "counter":
        return "count"
    return row["dimension"] if row["kind"] == "physical" else row["kind"]


def _fits(entry: Entry, unit: str, base_unit: str) -> int:
    """2 where the base unit is the very one, 1 where the kind agrees, 0 where it cannot be this indicator."""
    if entry.base_unit and entry.base_unit == base_unit:
        return 2
    kind = _kind(unit)
    if not kind:
        return 0
    if entry.unit_kind == kind:
        return 0 if kind == "money" or entry.base_unit == "人" or base_unit == "人" else 1
    return 0


@lru_cache(maxsize=16384)
def indicator_of(phrase: str, unit: str, base_unit: str, direction: str = "") -> str:
    """The code whose longest alias the phrase (folded) holds, of a fitting unit; empty where none does.

    Of aliases as long as each other the one nearest to the end of the phrase wins: the head stands last.
    """
    del direction
    text = plain(phrase)
    best: tuple[int, int, int, int] | None = None
    code = ""
    for match in _pattern().finditer(text):
        alias = match[1]
        for entry in _aliases()[alias]:
            fit = _fits(entry, unit, base_unit)
            if fit:
                score = (len(alias), fit, match.start() + len(alias), -entry.rank)
                if best is None or score > best:
                    best, code = score, entry.code
    return code if best is not None and 2 * best[0] >= min(len(text), 8) else ""


def suggest(indicator_text: str, unit_kind: str, n: int = 5) -> list[tuple[str, float]]:
    """The `n` indicators most like a phrase, best first: (code, score in 0..1).

    `unit_kind` is that of units.csv or of indicators.csv, empty for any. The score is the share of character pairs
    that the phrase and the nearest name have in common.
    """
    wanted = _pairs(plain(fold(indicator_text)))
    scores: dict[str, float] = {}
    for alias, entries in _aliases().items():
        pairs = _pairs(alias)
        common = len(wanted & pairs)
        if not common:
            continue
        score = 2 * common / (len(wanted) + len(pairs))
        for entry in entries:
            if _same_kind(unit_kind, entry.unit_kind) and score > scores.get(entry.code, 0.0):
                scores[entry.code] = score
    ranked: Iterable[tuple[str, float]] = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return [(code, round(score, 3)) for code, score in ranked][:n]


def _same_kind(asked: str, entry_kind: str) -> bool:
    if not asked or asked == entry_kind:
        return True
    if asked == "counter":
        return entry_kind == "count"
    return asked == "physical" and entry_kind in {row["dimension"] for row in unit_rows().values() if row["kind"] == "physical"}


@lru_cache(maxsize=8192)
def _pairs(text: str) -> frozenset[str]:
    return frozenset([text[i : i + 2] for i in range(len(text) - 1)] or ([text] if text else []))
