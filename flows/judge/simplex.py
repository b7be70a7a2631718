"""Whether linear constraints over the rationals can all hold: an exact simplex, open ends and all.

The general simplex of Dutertre and de Moura: every constraint is a row whose value has bounds; a row outside
its bounds is exchanged with a column that has room; Bland's rule (the least index first) makes it end. A
strict bound is the number plus or minus an infinitesimal, so no tolerance is ever needed.
"""

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from flows.judge.interval import Interval

#: x + k·d for an infinitesimal d > 0: compared as pairs.
_Near = tuple[Fraction, Fraction]
_ZERO: _Near = (Fraction(0), Fraction(0))


class Constraint(NamedTuple):
    """A weighted sum of variables that must lie in an interval. `origin` names what asks for it."""

    origin: Hashable
    coefficients: Mapping[str, Fraction]
    bounds: Interval


def conflict(constraints: Sequence[Constraint]) -> frozenset[Hashable]:
    """The origins of constraints that cannot hold together; empty where all can."""
    return _Tableau(constraints).solve()


class _Tableau:
    def __init__(self, constraints: Sequence[Constraint]) -> None:
        names = sorted({name for constraint in constraints for name in constraint.coefficients})
        self.columns = {name: i for i, name in enumerate(names)}
        count = len(names)
        self.origins: dict[int, Hashable] = {}
        self.low: dict[int, _Near] = {}
        self.high: dict[int, _Near] = {}
        self.rows: dict[int, dict[int, Fraction]] = {}
        for row, constraint in enumerate(constraints, start=count):
            self.origins[row] = constraint.origin
            self.rows[row] = {self.columns[name]: value for name, value in constraint.coefficients.items() if value}
            bounds = constraint.bounds
            if bounds.low is not None:
                self.low[row] = (bounds.low, Fraction(0 if bounds.low_closed else 1))
            if bounds.high is not None:
                self.high[row] = (bounds.high, Fraction(0 if bounds.high_closed else -1))
        self.values: list[_Near] = [_ZERO] * (count + len(constraints))

    def solve(self) -> frozenset[Hashable]:
        for row, high in self.high.items():
            if row in self.low and self.low[row] > high:
                return frozenset({self.origins[row]})
        while True:
            broken = min((row for row in self.rows if self._is_outside(row)), default=None)
            if broken is None:
                return frozenset()
            is_low = broken in self.low and self.values[broken] < self.low[broken]
            entering = self._column_with_room(broken, is_low)
            if entering is None:
                return self._reasons(broken, is_low)
            self._exchange(broken, entering, self.low[broken] if is_low else self.high[broken])

    def _is_outside(self, index: int) -> bool:
        value = self.values[index]
        return (index in self.low and value < self.low[index]) or (index in self.high and value > self.high[index])

    def _has_room(self, column: int, upward: bool) -> bool:
        if upward:
            return column not in self.high or self.values[column] < self.high[column]
        return column not in self.low or self.values[column] > self.low[column]

    def _column_with_room(self, row: int, is_low: bool) -> int | None:
        """The first column whose move brings the row back; None where every one is at its bound."""
        return min(
            (c for c, factor in self.rows[row].items() if self._has_room(c, (factor > 0) == is_low)),
            default=None,
        )

    def _reasons(self, row: int, is_low: bool) -> frozenset[Hashable]:
        """The bounds that hold the row and its columns where they are."""
        indexes = {row, *self.rows[row]}
        return frozenset(self.origins[index] for index in indexes if index in self.origins)

    def _exchange(self, row: int, column: int, target: _Near) -> None:
        """Makes the row a column at its bound, and the column a row."""
        equation = self.rows.pop(row)
        factor = equation.pop(column)
        step = tuple((t - v) / factor for t, v in zip(target, self.values[row], strict=True))
        self.values[row] = target
        self.values[column] = _moved(self.values[column], step, Fraction(1))
        for other, coefficients in self.rows.items():
            if column in coefficients:
                self.values[other] = _moved(self.values[other], step, coefficients[column])
        solved = {index: -value / factor for index, value in equation.items()}
        solved[row] = 1 / factor
        for coefficients in self.rows.values():
            share = coefficients.pop(column, None)
            if share is None:
                continue
            for index, value in solved.items():
                changed = coefficients.get(index, 0) + share * value
                if changed:
                    coefficients[index] = changed
                else:
                    coefficients.pop(index, None)
        self.rows[column] = solved


def _moved(value: _Near, step: tuple[Fraction, ...], factor: Fraction) -> _Near:
    return value[0] + step[0] * factor, value[1] + step[1] * factor
