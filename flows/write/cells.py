"""Cells of the warehouse to records: what the Python models of dbt fetch, in the order of its columns.

Exact numbers and days come as text, which is read once for all the cells that say the same; null text comes as empty.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from fractions import Fraction
from typing import Any

from flows.record import Claim, Figure
from flows.record.columns import EXTRACT
from flows.write.rows import to_day, to_number

Cells = Sequence[Any]

#: What a verdict depends on of a claim.
JUDGED_CLAIM = ("kind", "result_figure", "operand_figures", "weights", "parameters", "scope_doubt")
#: What a verdict depends on of a figure (`int_claim_inputs` hashes the same), and where it begins.
JUDGED_FIGURE = (
    "start",
    "numeral_end",
    "quote",
    "class",
    "value",
    "low",
    "high",
    "low_closed",
    "high_closed",
    "ulp",
    "unit",
    "base_value",
    "base_unit",
    "direction",
    "period_start",
    "period_end",
    "as_of",
)

_ONE = Fraction(1)
#: All that is known of a figure, in the order of its fields.
WHOLE_FIGURE = tuple("class" if each.name == "cls" else each.name for each in fields(Figure))
_NUMBERS_AT = tuple(at for at, column in enumerate(WHOLE_FIGURE) if EXTRACT[column].startswith("DECIMAL"))
_DAYS_AT = tuple(at for at, column in enumerate(WHOLE_FIGURE) if EXTRACT[column] == "DATE")


def claim_of(cells: Cells) -> Claim:
    """The claim of JUDGED_CLAIM cells. Raises ValueError for a list that is no JSON array of text."""
    kind, result, operands, weights, parameters, doubt = cells
    return Claim(
        kind,
        result,
        _texts(operands),
        [Fraction(weight) for weight in _texts(weights)] if weights != "[]" else [],
        parameters={str(key): str(value) for key, value in json.loads(parameters).items()}
        if parameters != "{}"
        else {},
        scope_doubt=doubt,
    )


def _texts(cell: str) -> list[str]:
    values = json.loads(cell)
    if not isinstance(values, list):
        raise ValueError(f"{cell!r} is no JSON array")  # noqa: TRY004 - a bad row
    return [str(value) for value in values]


def figure_of(cells: Cells, factors: Mapping[str, Fraction]) -> Figure:
    """The figure of WHOLE_FIGURE cells. Base values are rounded to 12 places in SQL; the rooms of Python reckon with
    exact ones, by `factors`."""
    values = list(cells)
    for at in _NUMBERS_AT:
        values[at] = to_number(values[at])
    for at in _DAYS_AT:
        values[at] = to_day(values[at])
    figure = Figure(*values)
    figure.base_value = _exact_base(figure.value, figure.unit, figure.base_value, factors)
    return figure


def figure_to_judge(cells: Cells, factors: Mapping[str, Fraction]) -> Figure:
    """The figure of JUDGED_FIGURE cells; what no verdict depends on is left empty."""
    (
        start, numeral_end, quote, cls, value, low, high, low_closed, high_closed, ulp, unit, base_value, base_unit,
        direction, period_start, period_end, as_of,
    ) = cells  # fmt: skip
    number = to_number(value)
    return Figure(
        start,
        numeral_end,
        numeral_end,
        quote,
        cls,
        number,
        number if low == value else to_number(low),
        number if high == value else to_number(high),
        low_closed,
        high_closed,
        to_number(ulp),
        unit,
        "",
        _exact_base(number, unit, to_number(base_value), factors),
        base_unit,
        direction,
        period_start=to_day(period_start),
        period_end=to_day(period_end),
        as_of=to_day(as_of),
    )


def _exact_base(
    value: Fraction | None, unit: str, rounded: Fraction | None, factors: Mapping[str, Fraction]
) -> Fraction | None:
    factor = factors.get(unit)
    if value is None or factor is None:
        return rounded
    return value if factor == _ONE else value * factor
