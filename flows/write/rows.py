"""Records to CSV rows and back: dicts of text, keyed by the columns of `flows.record.columns`, in order."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from operator import attrgetter
from typing import Any

from flows.record import Claim, Figure, Report, Span
from flows.record.columns import EXTRACT, FIGURES, REPORT
from flows.write.numbers import decimal_text, exact_text

Row = dict[str, str]

_CUE_JOINT = " … "
_FIELDS_OF = attrgetter(*("cls" if column == "class" else column for column in EXTRACT))
#: Where the cells of a figure stand that are no text already.
_COUNTS_AT, _NUMBERS_AT, _FLAGS_AT, _DATES_AT = (
    tuple(at for at, of_column in enumerate(EXTRACT.values()) if of_column == kind)
    for kind in ("BIGINT", "DECIMAL(38, 12)", "BOOLEAN", "DATE")
)


def figure_id(report_id: str, start: int) -> str:
    """The name of the figure of `report_id` that starts at `start`."""
    return f"{report_id}#{start}"


def report_of(identifier: str) -> str:
    """The report that a figure_id belongs to."""
    return identifier.rpartition("#")[0]


def claim_home(claim: Claim) -> str:
    """The report a claim is written with: that of its result, or of its first operand where it has none."""
    return report_of(claim.result or claim.operands[0])


def claim_id(report_id: str, claim: Claim) -> str:
    """`<report_id>!<16 hex digits>`: the same relation of the same figures has one id, whoever found it."""
    weights = [exact_text(weight) for weight in claim.weights]
    return _claim_id(report_id, claim, _json(claim.operands), _json(weights), _json(claim.parameters))


def _claim_id(report_id: str, claim: Claim, operands: str, weights: str, parameters: str) -> str:
    key = f"[{_encode(claim.kind)}, {_encode(claim.result)}, {operands}, {weights}, {parameters}]"  # one array
    return f"{report_id}!{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def report_row(report: Report) -> Row:
    """The row of `report.csv`."""
    return {column: _cell(getattr(report, column)) for column in REPORT}


def figure_row(figure: Figure) -> Row:
    """The row that `gongbao extract` prints: columns EXTRACT.

    A row without a number has no ends either, so its `low_closed` and `high_closed` are empty.
    """
    return dict(zip(EXTRACT, _figure_cells(figure), strict=True))


def seed_cells(report_id: str, figure: Figure) -> list[str]:
    """The cells of the row of `figures.csv`, in the order of FIGURES: what is written by the hundred needs no names."""
    return [report_id, figure_id(report_id, figure.start), *_figure_cells(figure)]


def _figure_cells(figure: Figure) -> list[str]:
    cells: list[Any] = list(_FIELDS_OF(figure))
    for at in _COUNTS_AT:
        cells[at] = str(cells[at])
    has_ends = not (figure.value is None and figure.low is None and figure.high is None)
    for at in _FLAGS_AT:
        cells[at] = ("true" if cells[at] else "false") if has_ends else ""
    for at in _DATES_AT:
        cells[at] = cells[at].isoformat() if cells[at] else ""
    told: Fraction | None = None
    text = ""
    for at in _NUMBERS_AT:  # value, low, high and base value of an exact count are one number, put into words once
        number = cells[at]
        if number is not told:
            told, text = number, decimal_text(number)
        cells[at] = text
    return cells


def seed_row(report_id: str, figure: Figure) -> Row:
    """The row of `figures.csv`: columns FIGURES."""
    return dict(zip(FIGURES, seed_cells(report_id, figure), strict=True))


def claim_row(report_id: str, claim: Claim, text: str) -> Row:
    """The row of `claims.csv`; `text` is the report's, from which the cue words are cut."""
    operands, parameters = _json(claim.operands), _json(claim.parameters)
    weights = _json([exact_text(weight) for weight in claim.weights])
    return {
        "report_id": report_id,
        "claim_id": _claim_id(report_id, claim, operands, weights, parameters),
        "kind": claim.kind,
        "origin": claim.origin,
        "result_figure": claim.result,
        "operand_figures": operands,
        "weights": weights,
        "cue": cue_words(claim, text),
        "cue_spans": _json([[span.start, span.end] for span in claim.cues]),
        "parameters": parameters,
        "scope_doubt": claim.scope_doubt,
        "rule": claim.rule,
    }


def cue_words(claim: Claim, text: str) -> str:
    """The words of `text` that state the claim."""
    return _CUE_JOINT.join(span.quote(text) for span in claim.cues)


def to_report(row: Mapping[str, str]) -> Report:
    """The report of a row. Raises ValueError naming the column and the value that cannot be read."""
    return Report(**_values(row, REPORT, _TYPED_REPORT))


def to_figure(row: Mapping[str, str]) -> Figure:
    """The figure of a row. Raises ValueError naming the column and the value that cannot be read."""
    values = _values(row, EXTRACT, _TYPED_EXTRACT)
    return Figure(cls=values.pop("class"), **values)


def to_claim(row: Mapping[str, str]) -> Claim:
    """The claim of a row. Raises ValueError naming the column and the value that cannot be read."""
    lists = {column: _list(column, row[column]) for column in ("operand_figures", "weights", "cue_spans")}
    parameters = json.loads(row["parameters"])
    if not isinstance(parameters, dict):
        raise ValueError(f"parameters: {row['parameters']!r} is no JSON object")  # noqa: TRY004 - a bad file
    return Claim(
        kind=row["kind"],
        result=row["result_figure"],
        operands=[str(operand) for operand in lists["operand_figures"]],
        weights=[_fraction(str(weight)) for weight in lists["weights"]],
        origin=row["origin"],
        cues=[Span(start, end) for start, end in lists["cue_spans"]],
        parameters={str(key): str(value) for key, value in parameters.items()},
        scope_doubt=row["scope_doubt"],
        rule=row["rule"],
    )


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    write = _WRITTEN.get(type(value))
    return write(value) if write else str(value)


_WRITTEN: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: lambda value: "true" if value else "false",
    Fraction: decimal_text,
    date: date.isoformat,
}


def _values(row: Mapping[str, str], columns: Mapping[str, str], typed: "_Typed") -> dict[str, Any]:
    """What the cells say, each of the type of its column; None for an empty number or date."""
    values: dict[str, Any] = {column: row[column] for column in columns}
    for column, read in typed:
        cell = values[column]
        try:
            values[column] = read(cell)
        except (ValueError, KeyError) as error:
            raise ValueError(f"{column}: {cell!r} is no {columns[column]}") from error
    return values


@lru_cache(maxsize=65_536)  # a number stands in several columns, and in as many models
def to_number(cell: str | None) -> Fraction | None:
    """The exact number that a cell says, None for an empty one. Raises ValueError for what is none."""
    if not cell:
        return None
    whole, point, places = cell.partition(".")
    if places.isdecimal() and whole.isdecimal():
        places = places.rstrip("0")
        return Fraction(int(whole + places), 10 ** len(places)) if places else Fraction(int(whole))
    return Fraction(int(whole)) if whole.isdecimal() and not point else _fraction(cell)


@lru_cache(maxsize=4_096)
def to_day(cell: str | None) -> date | None:
    """The day that a cell says, None for an empty one. Raises ValueError for what is none."""
    return date.fromisoformat(cell) if cell else None


#: By the type of a column: what its cells say. Those of other columns are text.
_READ: dict[str, Callable[[str], Any]] = {
    "BIGINT": int,
    "DECIMAL(38, 12)": to_number,
    "DATE": to_day,
    "BOOLEAN": {"true": True, "false": False, "": True}.__getitem__,
}
_Typed = Sequence[tuple[str, Callable[[str], Any]]]
_TYPED_REPORT, _TYPED_EXTRACT = (
    [(column, _READ[kind]) for column, kind in columns.items() if kind in _READ] for columns in (REPORT, EXTRACT)
)


def _fraction(cell: str) -> Fraction:
    try:
        return Fraction(cell)
    except ZeroDivisionError:
        raise ValueError(f"{cell!r} divides by zero") from None


def _list(column: str, cell: str) -> list[Any]:
    values = json.loads(cell)
    if not isinstance(values, list):
        raise ValueError(f"{column}: {cell!r} is no JSON array")  # noqa: TRY004 - a bad file
    return values


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _json(value: object) -> str:
    if not value and isinstance(value, list | dict):
        return "[]" if isinstance(value, list) else "{}"  # most claims have no weights and no parameters
    return _encode(value)
