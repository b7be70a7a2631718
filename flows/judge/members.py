"""The figures of one claim, as intervals in comparable units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from flows.judge.interval import Interval
from flows.judge.say import ENGLISH, line
from flows.record import KINDS, Claim, Figure
from flows.record.vocabulary import vocabulary

_ONE = Fraction(1)


class CannotTellError(Exception):
    """A relation that cannot be judged; `why` says so in words for the reader of a report."""

    def __init__(self, key: str, **values: object) -> None:
        self.why = line(key, **values)
        super().__init__(self.why.text(ENGLISH))


#: kind: whether it has a result, and how many operands at least and at most (None: any number).
_SHAPES: dict[str, tuple[bool, int, int | None]] = {
    **dict.fromkeys(KINDS, (True, 1, None)),
    **dict.fromkeys(("difference", "growth", "growth_from_increment", "average_growth"), (True, 2, 2)),
    **dict.fromkeys(("share", "average", "multiple", "ratio"), (True, 2, 2)),
    "date_span": (True, 1, 2),
    **dict.fromkeys(("granularity", "unit_equal"), (True, 1, 1)),
    **dict.fromkeys(("order", "date_order"), (False, 2, 2)),
    "complement": (False, 2, None),
    "pp_change": (True, 2, 6),
    "range": (True, 0, 0),
}


def check_shape(claim: Claim) -> None:
    """Raises CannotTellError where the claim has not the figures its kind needs."""
    has_result, least, most = _SHAPES[claim.kind]
    if has_result and not claim.result:
        raise CannotTellError("no_result")
    given = len(claim.operands)
    if given < least or (most is not None and given > most):
        raise CannotTellError("no_operands", kind=claim.kind, count=least, given=given)
    if claim.weights and len(claim.weights) != given:
        raise CannotTellError("weights", operands=given, weights=len(claim.weights))


@dataclass(slots=True)
class Members:
    """A claim with its figures at hand: what every rule of `relations.RULES` is given.

    `result` is None where the kind has none. `r` and `o` are the intervals of the result and the operands, in
    the units printed or in base units as the kind asks (`aligned`).
    """

    claim: Claim
    result: Figure | None
    operands: list[Figure]
    r: Interval
    o: list[Interval]

    @property
    def weights(self) -> Sequence[Fraction]:
        return self.claim.weights or [_ONE] * len(self.o)

    def number(self, name: str, default: Fraction | int) -> Fraction:
        """An exact number among the parameters, such as "1/15"."""
        text = self.claim.parameters.get(name, "")
        return exact(name, text) if text else Fraction(default)

    def bound(self, name: str) -> Fraction | None:
        """An exact number among the parameters; None where there is none."""
        text = self.claim.parameters.get(name, "")
        return exact(name, text) if text else None

    def is_set(self, name: str, default: bool = False) -> bool:
        return self.claim.parameters.get(name, "true" if default else "false") == "true"


def exact(name: str, text: str) -> Fraction:
    """The number a parameter gives, which is text."""
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise CannotTellError("bad_number", name=name, text=text) from None


def interval_of(figure: Figure) -> Interval:
    """What the printed number can mean, in the unit of its value."""
    if figure.low is None and figure.high is None:
        if figure.value is None:
            raise CannotTellError("no_value", quote=figure.quote)
        return Interval(figure.value, figure.value)
    return Interval(figure.low, figure.high, figure.low_closed, figure.high_closed)


def is_rounded(figure: Figure) -> bool:
    """Whether the interval is that of plain rounding, half a last place to either side."""
    if figure.value is None or not figure.ulp or figure.low is None or figure.high is None:
        return False
    return figure.high - figure.value == figure.value - figure.low == figure.ulp / 2


def truncated(figure: Figure) -> Interval:
    """What the printed number can mean if its further digits were cut off instead of rounded."""
    if not is_rounded(figure):
        return interval_of(figure)
    value, ulp = figure.value or Fraction(0), figure.ulp or Fraction(0)
    if value > 0:
        return Interval(value, value + ulp, True, False)
    if value < 0:
        return Interval(value - ulp, value, False, True)
    return Interval(-ulp, ulp, False, False)


def is_fall(figure: Figure) -> bool:
    """Whether words give a decline to a number printed without a sign."""
    return figure.direction == "down" and figure.value is not None and figure.value > 0


def signed(interval: Interval, figure: Figure) -> Interval:
    return interval.times(-1) if is_fall(figure) else interval


def factor_to_base(figure: Figure) -> Fraction:
    """What one of the figure's unit is in its base unit; 1 where no base unit is known."""
    if not figure.base_unit or figure.base_unit == figure.unit:
        return _ONE
    if figure.value and figure.base_value is not None:
        return figure.base_value / figure.value
    for row in vocabulary("units"):
        if row["unit"] == figure.unit:
            return Fraction(row["factor"])
    raise CannotTellError("no_factor", unit=figure.unit, base=figure.base_unit)


@lru_cache(maxsize=1)
def _dimensions() -> Mapping[str, str]:
    """What each unit measures. Percentages and their points go together; counting words measure nothing."""
    return {
        row["unit"]: "percent" if row["kind"] == "percent" else row["dimension"]
        for row in vocabulary("units")
        if row["kind"] != "counter"
    }


def aligned(figures: Sequence[Figure], intervals: Sequence[Interval]) -> list[Interval]:
    """The intervals in one unit: as printed where all units are the same, in base units where they differ.

    Counting words may differ (675例 = 572人 + 103人) and a figure without a unit goes with any; units that
    measure different things cannot be compared.
    """
    units = {figure.unit for figure in figures if figure.unit}
    if len(units) < 2:
        return list(intervals)
    bases = {figure.base_unit or figure.unit for figure in figures if figure.unit}
    if len(bases) > 1 and len({_dimensions().get(base, "") for base in bases}) > 1:
        raise CannotTellError("units_differ", list=sorted(units))
    return based(figures, intervals)


def all_of(figures: Sequence[Figure]) -> int:
    """What shares that leave nothing out make, in the unit that `aligned` gives them: 10 where all are told in 成."""
    return 10 if {figure.unit for figure in figures} == {"成"} else 100


def based(figures: Sequence[Figure], intervals: Sequence[Interval]) -> list[Interval]:
    """The intervals in base units."""
    return [interval.times(factor_to_base(figure)) for figure, interval in zip(figures, intervals, strict=True)]
