"""Cells of the warehouse to records: what the Python models of dbt fetch, in the order of its columns.

Exact numbers and days come as text, which is read once for all the cells that say the same; null text comes as empty.
"""

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from flows.record import Claim, Figure
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
#: What a relation between reports depends on of a figure.
SERIES_FIGURE = (
    "start",
    "end",
    "class",
    "value",
    "unit",
    "base_value",
    "base_unit",
    "modifiers",
    "indicator_text",
    "indicator",
    "entity",
    "period_start",
    "period_end",
    "as_of",
)


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


def figure_of_series(cells: Cells, factors: Mapping[str, Fraction]) -> Figure:
    """The figure of SERIES_FIGURE cells; what no relation between reports depends on is left empty."""
    (
        start, end, cls, value, unit, base_value, base_unit, modifiers, indicator_text, indicator, entity, period_start,
        period_end, as_of,
    ) = cells  # fmt: skip
    number = to_number(value)
    return Figure(
        start,
        end,
        end,
        "",
        cls,
        number,
        unit=unit,
        base_value=_exact_base(number, unit, base_value, factors),
        base_unit=base_unit,
        modifiers=modifiers,
        indicator_text=indicator_text,
        indicator=indicator,
        entity=entity,
        period_start=to_day(period_start),
        period_end=to_day(period_end),
        as_of=to_day(as_of),
    )


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
        _exact_base(number, unit, base_value, factors),
        base_unit,
        direction,
        period_start=to_day(period_start),
        period_end=to_day(period_end),
        as_of=to_day(as_of),
    )


def _exact_base(
    value: Fraction | None, unit: str, rounded: str | None, factors: Mapping[str, Fraction]
) -> Fraction | None:
    """Base values are rounded to 12 places in SQL; the rooms of Python reckon with exact ones, by `factors`."""
    factor = factors.get(unit)
    if value is None or factor is None:
        return to_number(rounded)
    return value if factor == _ONE else value * factor
