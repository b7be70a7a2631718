"""What the suites cannot see in one cell: checks across columns, rows and files.

A check gives the reason why a row breaks it, and the empty text where all is well. Its function has the name
of the expectation and of the column that carries its answers to Great Expectations. Where another
expectation already says that a cell cannot be read, a check that needs the cell stays silent.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from expectations.folders import Folder
from flows.record import FIGURE_CLASSES, KINDS
from flows.record.script import fold, forms_of
from flows.record.vocabulary import vocabulary
from flows.write import Row, decimal_text

#: A span that could be read, None where its cells are no offsets.
Span = tuple[int, int] | None

#: Does this figure exist in an accepted report, in this batch or before it?
Knows = Callable[[str], bool]

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLAIM_ID = re.compile(r"![0-9a-f]{16}")
_DECIMAL = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?")
_OFFSET = re.compile(r"[0-9]{1,18}")
_LAST_PLACE = Fraction(1, 10**12)
#: Digits of either script, as folded; the same that the warehouse counts its coverage over.
_DIGITS = "0123456789〇零一二三四五六七八九十百千万萬亿億两兩"
_DIGIT = re.compile(f"[{_DIGITS}]")
_LISTS = ("operand_figures", "weights", "cue_spans")
_WITHOUT_RESULT = frozenset(kind for kind, meaning in KINDS.items() if "no result" in meaning)
_WITHOUT_OPERANDS = frozenset(kind for kind, meaning in KINDS.items() if "no operands" in meaning)


def report_evidence(folder: Folder) -> Row:
    """The answers of the report suite's checks."""
    return {
        "files_are_readable": "; ".join(folder.unreadable),
        "columns_are_exact": "; ".join(folder.wrong_columns),
        "folder_holds_one_report": _folder_holds_one_report(folder),
        "report_dates_are_real": _unreal_dates(folder.report, ("published_on",)),
        "text_has_its_length": _text_has_its_length(folder),
        "digits_are_covered": _digits_are_covered(folder),
    }


def figures_evidence(folder: Folder) -> dict[str, list[str]]:
    """The answers of the figures suite's checks by their names, one a figure."""
    rows = folder.rows["figures.csv"]
    spans = _spans(folder)
    overlaps = _overlaps(spans)
    spanned = list(zip(rows, spans, strict=True))
    return {
        "figure_belongs_to_its_report": _belong(folder, rows),
        "span_is_in_text": [_span_is_in_text(folder, span) for span in spans],
        "quote_is_the_slice": _quotes_are_slices(folder, spanned),
        "figure_id_names_its_start": [_figure_id_names_its_start(row) for row in rows],
        "numeral_ends_within_span": [_numeral_ends_within_span(row, span) for row, span in spanned],
        "spans_are_disjoint": [overlaps.get(index, "") for index in range(len(rows))],
        "interval_is_ordered": [_interval_is_ordered(row) for row in rows],
        "figure_has_a_number": [_figure_has_a_number(row) for row in rows],
        "unit_is_known": _units_are_known(rows, "unit"),
        "base_unit_is_known": _units_are_known(rows, "base_unit"),
        "base_value_follows_the_unit": [_base_value_follows_the_unit(row) for row in rows],
        "modifiers_are_known": [_modifiers_are_known(row["modifiers"]) for row in rows],
        "indicator_is_known": [_indicator_is_known(row["indicator"]) for row in rows],
        "figure_dates_are_real": [_figure_dates_are_real(row) for row in rows],
    }


def claims_evidence(folder: Folder, knows: Knows) -> dict[str, list[str]]:
    """The answers of the claims suite's checks by their names, one a claim."""
    rows = folder.rows["claims.csv"]
    parsed = [_parsed(row) for row in rows]
    read = [(row, cells) for row, (cells, _) in zip(rows, parsed, strict=True)]
    return {
        "claim_belongs_to_its_report": _belong(folder, rows),
        "claim_id_is_well_formed": [_claim_id_is_well_formed(row) for row in rows],
        "json_is_readable": [unreadable for _, unreadable in parsed],
        "members_fit_the_kind": [_members_fit_the_kind(row, cells) for row, cells in read],
        "weights_match_operands": [_weights_match_operands(cells) for _, cells in read],
        "cue_is_the_slice": [_cue_is_the_slice(folder, row, cells) for row, cells in read],
        "figures_exist": [_figures_exist(row, cells, knows) for row, cells in read],
    }


def claim_members(row: Row) -> list[str]:
    """The figures a claim points at; empty where its operands cannot be read."""
    operands = _list_of_text(row["operand_figures"]) or ()
    return [member for member in (row["result_figure"], *operands) if member]


def _list_of_text(cell: str) -> tuple[str, ...] | None:
    """The texts of a JSON array; None where the cell is none."""
    value = _loaded(cell)
    return tuple(value) if _is_list_of_text(value) else None


@lru_cache(maxsize=32768)  # asked for the evidence, and again for what a claim speaks of; most are [] and {}
def _loaded(cell: str) -> Any:
    """What a JSON cell says, to be read only; None where it is none."""
    try:
        return json.loads(cell)
    except ValueError:
        return None


def _folder_holds_one_report(folder: Folder) -> str:
    rows = folder.rows["report.csv"]
    if any(problem.startswith("report.csv") for problem in folder.unreadable + folder.wrong_columns):
        return ""
    if len(rows) != 1:
        return f"report.csv has {len(rows)} rows"
    found = rows[0]["report_id"]
    return "" if found == folder.name else f"report.csv is of {found!r}, the folder is {folder.name!r}"


def _text_has_its_length(folder: Folder) -> str:
    if folder.text is None:
        return "the text is not there"
    found = folder.report["char_count"]
    return "" if found == str(len(folder.text)) else f"char_count is {found!r}, the text has {len(folder.text)}"


def _digits_are_covered(folder: Folder) -> str:
    """A digit outside every row is a number lost."""
    spans = [span for span in _spans(folder) if span]
    if folder.text is None or len(spans) < len(folder.rows["figures.csv"]):
        return ""
    if _digit_forms().isdisjoint(_between(folder.text, spans)):
        return ""
    covered = bytearray(len(folder.text))
    for start, end in spans:
        covered[start:end] = b"\1" * len(covered[start:end])
    lost = [match.start() for match in _DIGIT.finditer(fold(folder.text)) if not covered[match.start()]]
    if not lost:
        return ""
    around = folder.text[max(0, lost[0] - 8) : lost[0] + 8]
    return f"{len(lost)} digits outside every row, the first at {lost[0]} in {around!r}"


@lru_cache(maxsize=1)
def _digit_forms() -> frozenset[str]:
    """The digits before they are folded."""
    return forms_of(_DIGITS)


def _between(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The characters of the text that no span covers, put together."""
    pieces, position = [], 0
    for start, end in sorted(spans):
        pieces.append(text[position : max(position, min(start, end))])
        position = max(position, end if start < end else position)
    return "".join([*pieces, text[position:]])


def _belong(folder: Folder, rows: Sequence[Row]) -> list[str]:
    name = folder.name
    return ["" if row["report_id"] == name else f"the row is of {row['report_id']!r}, not {name!r}" for row in rows]


def _span_is_in_text(folder: Folder, span: Span) -> str:
    if span is None or folder.text is None or 0 <= span[0] < span[1] <= len(folder.text):
        return ""
    return f"the span {span[0]} to {span[1]} is not within the text of {len(folder.text)} characters"


def _quotes_are_slices(folder: Folder, spanned: Sequence[tuple[Row, Span]]) -> list[str]:
    text = folder.text
    if text is None:
        return [""] * len(spanned)
    return [
        "" if span is None or row["quote"] == text[span[0] : span[1]] else _another_slice(row, text[span[0] : span[1]])
        for row, span in spanned
    ]


def _another_slice(row: Row, there: str) -> str:
    return f"the quote is {row['quote']!r}, the text there {there!r}"


def _figure_id_names_its_start(row: Row) -> str:
    named = f"{row['report_id']}#{row['start']}"
    return "" if row["figure_id"] == named else f"figure_id is {row['figure_id']!r}, not {named!r}"


def _numeral_ends_within_span(row: Row, span: Span) -> str:
    numeral_end = row["numeral_end"]
    if span is None or not _OFFSET.fullmatch(numeral_end) or span[0] < int(numeral_end) <= span[1]:
        return ""
    return f"numeral_end is {numeral_end}, the span {span[0]} to {span[1]}"


def _overlaps(spans: Sequence[Span]) -> dict[int, str]:
    """The rows that begin before an earlier row's end; equal starts are told by another expectation."""
    found: dict[int, str] = {}
    reach, last = 0, -1
    for start, end, index in sorted((*span, index) for index, span in enumerate(spans) if span):
        if last < start < reach:
            found[index] = f"the row begins at {start}, an earlier one ends at {reach}"
        reach, last = max(reach, end), start
    return found


def _interval_is_ordered(row: Row) -> str:
    low, value, high = row["low"], row["value"], row["high"]
    if not low == value == high:  # most numbers are exact: three times the same text
        known = [number for number in map(_comparable, (low, value, high)) if number is not None]
        if known != sorted(known):
            return f"low {low!r}, value {value!r}, high {high!r}"
    is_point = low != "" and low == high
    if is_point and "false" in (row["low_closed"], row["high_closed"]):
        return f"low and high are both {row['low']}, yet an end is open"
    return ""


def _figure_has_a_number(row: Row) -> str:
    if row["class"] in FIGURE_CLASSES and not (row["value"] or row["low"] or row["high"]):
        return f"class {row['class']} without value, low and high"
    return ""


def _units_are_known(rows: Sequence[Row], column: str) -> list[str]:
    known = _names("units", column)
    return ["" if not (unit := row[column]) or unit in known else _unknown_unit(unit) for row in rows]


def _unknown_unit(name: str) -> str:
    """What of a rate's two sides, or of another unit, the vocabulary does not have."""
    sides = name.split("/")
    unknown = sides if len(sides) != 2 else [side for side in sides if side not in _names("units", "unit")]
    return f"{name!r}: no unit {', '.join(map(repr, unknown))}" if unknown else ""


def _base_value_follows_the_unit(row: Row) -> str:
    told = _factors().get(row["unit"])
    if told is None:
        return ""
    factor, base_unit = told
    if row["base_value"] == row["value"] and row["base_unit"] == base_unit and factor == 1:
        return ""
    value, base_value = _number(row["value"]), _number(row["base_value"])
    if value is None or (base_value is None and not row["base_unit"]):
        return ""
    expected = value * factor
    # Most are exact; both cells may be rounded in their last place.
    is_near = base_value is not None and (
        base_value == expected or abs(base_value - expected) <= (factor + 1) * _LAST_PLACE
    )
    if is_near and row["base_unit"] == base_unit:
        return ""
    said = f"{row['base_value']} {row['base_unit']}"
    return f"{row['value']} {row['unit']} is {decimal_text(expected)} {base_unit}, not {said}"


@lru_cache(maxsize=4096)
def _modifiers_are_known(modifiers: str) -> str:
    known = _names("modifiers", "modifier")
    unknown = [modifier for modifier in modifiers.split(";") if modifier not in known] if modifiers else []
    return f"unknown: {', '.join(unknown)}" if unknown else ""


def _indicator_is_known(indicator: str) -> str:
    """A check of ours: Great Expectations copies a set of a thousand values dozens of times."""
    return "" if not indicator or indicator in _names("indicators", "indicator") else f"indicator is {indicator!r}"


def _figure_dates_are_real(row: Row) -> str:
    start, end = row["period_start"], row["period_end"]
    if not (_is_date_or_empty(start) and _is_date_or_empty(end) and _is_date_or_empty(row["as_of"])):
        return _unreal_dates(row, ("period_start", "period_end", "as_of"))
    return f"the period runs from {start} to {end}" if start and end and end < start else ""


def _unreal_dates(row: Row, columns: tuple[str, ...]) -> str:
    return "; ".join(f"{column} is {row[column]!r}" for column in columns if not _is_date_or_empty(row[column]))


@lru_cache(maxsize=65536)
def _is_date_or_empty(cell: str) -> bool:
    try:
        return not cell or (bool(_ISO.fullmatch(cell)) and bool(date.fromisoformat(cell)))
    except ValueError:
        return False


def _claim_id_is_well_formed(row: Row) -> str:
    head, tail = row["claim_id"][:-17], row["claim_id"][-17:]
    if head == row["report_id"] and _CLAIM_ID.fullmatch(tail):
        return ""
    return f"claim_id is {row['claim_id']!r}"


def _parsed(row: Row) -> tuple[dict[str, list[Any]], str]:
    """The JSON cells that can be read and have their shape, and what is wrong with the others."""
    cells: dict[str, list[Any]] = {}
    wrong = []
    for column in (*_LISTS, "parameters"):
        value = _loaded(row[column])
        if not _SHAPES[column](value):
            wrong.append(f"{column} is {row[column]!r}")
        elif column in _LISTS:
            cells[column] = value
    return cells, "; ".join(wrong)


def _members_fit_the_kind(row: Row, cells: Mapping[str, list[Any]]) -> str:
    if row["kind"] not in KINDS:
        return ""
    if row["kind"] not in _WITHOUT_RESULT and not row["result_figure"]:
        return f"{row['kind']} needs a result"
    if row["kind"] not in _WITHOUT_OPERANDS and cells.get("operand_figures") == []:
        return f"{row['kind']} needs operands"
    return ""


def _weights_match_operands(cells: Mapping[str, list[Any]]) -> str:
    operands, weights = cells.get("operand_figures"), cells.get("weights")
    if operands is None or not weights or len(weights) == len(operands):
        return ""
    return f"{len(weights)} weights for {len(operands)} operands"


def _cue_is_the_slice(folder: Folder, row: Row, cells: Mapping[str, list[Any]]) -> str:
    spans = cells.get("cue_spans")
    if spans is None or folder.text is None:
        return ""
    there = " … ".join(folder.text[start:end] for start, end in spans)
    return "" if row["cue"] == there else f"the cue is {row['cue']!r}, the text there {there!r}"


def _figures_exist(row: Row, cells: Mapping[str, list[Any]], knows: Knows) -> str:
    members = [row["result_figure"], *cells.get("operand_figures", ())]
    unknown = [member for member in members if member and not knows(member)]
    return f"no row: {', '.join(unknown)}" if unknown else ""


def _spans(folder: Folder) -> list[Span]:
    """The spans of the figures, read once; None where the cells are no offsets."""
    if folder.spans is None:
        folder.spans = [_span(row["start"], row["end"]) for row in folder.rows["figures.csv"]]
    return folder.spans


def _span(start: str, end: str) -> Span:
    return (int(start), int(end)) if _OFFSET.fullmatch(start) and _OFFSET.fullmatch(end) else None


@lru_cache(maxsize=65536)
def _number(cell: str) -> Fraction | None:
    try:
        return Fraction(cell) if cell else None
    except (ValueError, ZeroDivisionError):
        return None


@lru_cache(maxsize=65536)
def _comparable(cell: str) -> Decimal | Fraction | None:
    """The number for comparing, which decimals do exactly and several times as fast."""
    return Decimal(cell) if _DECIMAL.fullmatch(cell) else _number(cell)


@lru_cache(maxsize=8)
def _names(table: str, column: str) -> frozenset[str]:
    """A column of a vocabulary as a set: asked for every row, so made once."""
    return frozenset(entry[column] for entry in vocabulary(table))


@lru_cache(maxsize=1)
def _factors() -> dict[str, tuple[Fraction, str]]:
    """unit -> its factor and base unit."""
    return {row["unit"]: (Fraction(row["factor"]), row["base_unit"]) for row in vocabulary("units")}


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_list_of_numbers(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and _number(item) is not None for item in value)


def _is_list_of_spans(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, list) and len(item) == 2 and all(isinstance(offset, int) and offset >= 0 for offset in item)
        for item in value
    )


def _is_object_of_text(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())


_SHAPES: dict[str, Callable[[object], bool]] = {
    "operand_figures": _is_list_of_text,
    "weights": _is_list_of_numbers,
    "cue_spans": _is_list_of_spans,
    "parameters": _is_object_of_text,
}
