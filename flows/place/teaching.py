"""How a person teaches the catalogue: what it does not know, and the vocabulary with a name added to it.

Everything here works on the bytes of `indicators.csv`, so that a change is validated before a byte is written,
and the same change made twice leaves the same bytes.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from flows.place.catalogue import EXACT, kind_of_unit, plain, suggest
from flows.record.script import fold
from flows.record.vocabulary import vocabulary, words

INDICATOR_FIELDS = (
    "indicator", "name_hant", "name_hans", "name_en", "subject",
    "unit_kind", "base_unit", "aggregation", "aliases", "description",
)  # fmt: skip
_CODE = re.compile(r"[a-z_]+\.[a-z0-9_]+")
_YEAR = re.compile(r"\((?:19|20)\d{2}年\)\Z")


class TeachingError(Exception):
    """What was asked for would make the vocabulary unsound; the text names the file, the value and the mend."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """An indicator text that the catalogue does not know: how often, in which unit, where first, and what is near."""

    text: str
    unit: str
    count: int
    report: str
    quote: str
    suggestions: tuple[tuple[str, float], ...]


def unknown_texts(figures: Iterable[tuple[str, str, str, str]], n: int = 3) -> list[Unknown]:
    """(report, indicator text, unit, quote) of figures without a code, by frequency, the most frequent first.

    Texts that differ in script, or only in the year in brackets that tells two figures of one sentence apart,
    count as one.
    """
    counts: dict[tuple[str, str], int] = {}
    first: dict[tuple[str, str], tuple[str, str, str]] = {}
    for report, text, unit, quote in figures:
        shown = _YEAR.sub("", text)
        key = (fold(shown), unit)
        counts[key] = counts.get(key, 0) + 1
        first.setdefault(key, (shown, report, quote))
    found = []
    for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if key[0]:
            text, report, quote = first[key]
            ranked = tuple(suggest(key[0], kind_of_unit(key[1]), n))
            found.append(Unknown(text, key[1], count, report, quote, ranked))
    return found


def with_alias(data: bytes, text: str, code: str, *, file: str) -> bytes:
    """The vocabulary with `text` as a name of `code`; the same bytes where it is one already."""
    rows = _rows(data, file)
    alias = _alias(text)
    row = next((row for row in rows if row["indicator"] == code), None)
    if row is None:
        near = ", ".join(name for name, _ in suggest(text, "", 3)) or "none is near"
        raise TeachingError(f"{file}: no indicator {code!r}; the nearest to {text!r}: {near}. Use one, or --new {code}")
    if any(plain(name) == plain(alias) for name in words(row["aliases"])):
        return data
    _refuse_conflict(rows, alias, row["unit_kind"], row["base_unit"], file)
    row["aliases"] = "|".join([*words(row["aliases"]), alias])
    return _bytes(rows)


def with_indicator(data: bytes, text: str, code: str, *, unit: str, subject: str, name_en: str, file: str) -> bytes:
    """The vocabulary with a new indicator called `text`; the same bytes where it is there already so."""
    rows = _rows(data, file)
    alias = _alias(text)
    if not _CODE.fullmatch(code) or code.partition(".")[0] != subject:
        raise TeachingError(f"{file}: {code!r} is no code of subject {subject!r}; write {subject}.some_name")
    if subject not in {row["subject"] for row in vocabulary("subjects")}:
        known = ", ".join(row["subject"] for row in vocabulary("subjects"))
        raise TeachingError(f"subjects.csv: no subject {subject!r}; use one of {known}")
    row = next((row for row in vocabulary("units") if unit in (row["unit"], row["unit_hans"])), None)
    if row is None:
        raise TeachingError(f"units.csv: no unit {unit!r}; use a unit of that file, such as 人, 元 or %")
    kind, base = kind_of_unit(row["unit"]), row["base_unit"]
    there = next((row for row in rows if row["indicator"] == code), None)
    if there is not None:
        if alias in words(there["aliases"]) and (there["unit_kind"], there["base_unit"]) == (kind, base):
            return data
        raise TeachingError(f"{file}: {code!r} is there already, as {there['name_hans']}; accept without --new")
    _refuse_conflict(rows, alias, kind, base, file)
    new = dict.fromkeys(INDICATOR_FIELDS, "")
    new.update(
        indicator=code,
        name_hant=text if fold(text) == alias else alias,
        name_hans=alias,
        name_en=name_en,
        subject=subject,
        unit_kind=kind,
        base_unit=base,
        aggregation="none" if kind in ("percent", "ratio") else "last",
        aliases=alias,
        description=f"{name_en}.",
    )
    return _bytes([*rows, new])


def catalogue_bytes(rows: Iterable[dict[str, str]]) -> bytes:
    """Rows of the catalogue as the bytes of a vocabulary file."""
    return _bytes(list(rows))


def only_taught(after: bytes, shipped: bytes, *, file: str) -> bytes:
    """The rows of `after` that `shipped` has not, or not so: what a home of its own keeps."""
    known = {row["indicator"]: row for row in _rows(shipped, file)}
    return _bytes([row for row in _rows(after, file) if known.get(row["indicator"]) != row])


def refuse_unit(code: str, unit: str, *, file: str) -> None:
    """Raises where figures counted in `unit` cannot be of the indicator `code`."""
    row = next((row for row in vocabulary("indicators") if row["indicator"] == code), None)
    if row is not None and unit and kind_of_unit(unit) != row["unit_kind"]:
        raise TeachingError(
            f"{file}: {code!r} is told in {row['unit_kind']} ({row['base_unit']}), not in {unit!r}; "
            "choose an indicator of that unit, or make one with --new"
        )


def _alias(text: str) -> str:
    alias = fold(text).strip()
    if not plain(alias).removeprefix(EXACT) or "|" in alias or "\n" in alias:
        raise TeachingError(f"{text!r} is no name: write the words that reports use, without | and line breaks")
    return alias


def _refuse_conflict(rows: list[dict[str, str]], alias: str, kind: str, base: str, file: str) -> None:
    for line, row in enumerate(rows, start=2):
        same_unit = row["unit_kind"] == kind and row["base_unit"] == base
        if same_unit and any(plain(name) == plain(alias) for name in words(row["aliases"])):
            raise TeachingError(
                f"{file}, line {line}: {alias!r} is already a name of {row['indicator']!r}, told in the same unit; "
                "accept it for that code, or take it away there first"
            )


def _rows(data: bytes, file: str) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
    if tuple(reader.fieldnames or ()) != INDICATOR_FIELDS:
        raise TeachingError(f"{file}, line 1: the columns are {reader.fieldnames}; they must be {INDICATOR_FIELDS}")
    rows = list(reader)
    for line, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise TeachingError(f"{file}, line {line}: {row.get('indicator')!r} has not {len(INDICATOR_FIELDS)} fields")
    return rows


def _bytes(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, INDICATOR_FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")
