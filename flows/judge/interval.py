"""What a printed number can mean: an interval with exact rational ends, each open or closed, None for
unbounded.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

#: An end on the extended line: (-1, 0) is minus infinity, (1, 0) plus infinity, (0, x) the number x.
_End = tuple[int, Fraction]
_ZERO = Fraction(0)
_MINUS_INFINITY: _End = (-1, _ZERO)
_PLUS_INFINITY: _End = (1, _ZERO)


class Interval(NamedTuple):
    """A non-empty interval of rationals. `low` None is minus infinity, `high` None plus infinity.

    Every operation gives the exact image: nothing is rounded and nothing is widened.
    """

    low: Fraction | None
    high: Fraction | None
    low_closed: bool = True
    high_closed: bool = True

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and not (self.low_closed and self.high_closed))

    @property
    def is_point(self) -> bool:
        return self.low is not None and self.low == self.high

    def contains(self, value: Fraction) -> bool:
        return _reaches(value, True, self.low, self.low_closed) and _reaches(self.high, self.high_closed, value, True)

    def plus(self, other: "Interval") -> "Interval":
        """The sums. An end is closed only if both terms' ends are."""
        low = None if self.low is None or other.low is None else self.low + other.low
        high = None if self.high is None or other.high is None else self.high + other.high
        return Interval(low, high, self.low_closed and other.low_closed, self.high_closed and other.high_closed)

    def times(self, factor: Fraction | int) -> "Interval":
        """The multiples by one number. A negative factor swaps both ends and their flags; 0 gives the point
        0.
        """
        if factor == 0:
            return Interval(_ZERO, _ZERO)
        low = None if self.low is None else self.low * factor
        high = None if self.high is None else self.high * factor
        if factor > 0:
            return Interval(low, high, self.low_closed, self.high_closed)
        return Interval(high, low, self.high_closed, self.low_closed)

    def minus(self, other: "Interval") -> "Interval":
        return self.plus(other.times(-1))

    def shifted(self, step: Fraction | int) -> "Interval":
        low = None if self.low is None else self.low + step
        high = None if self.high is None else self.high + step
        return Interval(low, high, self.low_closed, self.high_closed)

    def multiplied(self, other: "Interval") -> "Interval":
        """The products, for ends of any sign."""
        if self.low is not None and other.low is not None and self.low > 0 and other.low > 0:  # most figures are
            high = None if self.high is None or other.high is None else self.high * other.high
            closed = self.low_closed and other.low_closed, high is not None and self.high_closed and other.high_closed
            return Interval(self.low * other.low, high, *closed)
        corners = [_product(x, y) for x in self._ends() for y in other._ends()]
        return _spanned(corners)

    def inverted(self) -> "Interval | None":
        """The reciprocals of the non-zero members; None where 0 lies inside or is all there is."""
        if self.low is not None and self.low >= 0 and self.high != 0:
            high = None if self.low == 0 else 1 / self.low
            if self.high is None:  # 1/x tends to 0 without arriving there
                return Interval(_ZERO, high, False, self.low_closed)
            return Interval(1 / self.high, high, self.high_closed, self.low_closed)
        if self.high is not None and self.high <= 0 and self.low != 0:
            mirrored = self.times(-1).inverted()
            return None if mirrored is None else mirrored.times(-1)
        return None

    def divided(self, other: "Interval") -> "Interval | None":
        """The quotients by the non-zero members of `other`; None where it may be 0 from both sides."""
        inverse = other.inverted()
        return None if inverse is None else self.multiplied(inverse)

    def power(self, exponent: int) -> "Interval":
        """The `exponent`-th powers, exponent at least 1."""
        if exponent < 1:
            raise ValueError(f"exponent is {exponent}: give a whole number of at least 1")
        if exponent % 2 == 0 and (self.low is None or self.low < 0):
            return self.absolute().power(exponent)
        low = None if self.low is None else self.low**exponent
        high = None if self.high is None else self.high**exponent
        return Interval(low, high, self.low_closed, self.high_closed)

    def absolute(self) -> "Interval":
        """The absolute values."""
        if self.low is not None and self.low >= 0:
            return self
        if self.high is not None and self.high <= 0:
            return self.times(-1)
        if self.low is None or self.high is None:
            return Interval(_ZERO, None)
        mirrored = -self.low
        top = max(mirrored, self.high)
        closed = (mirrored == top and self.low_closed) or (self.high == top and self.high_closed)
        return Interval(_ZERO, top, True, closed)

    def hull(self, other: "Interval") -> "Interval":
        """The smallest interval that holds both."""
        return _spanned([*self._ends(), *other._ends()])

    def intersected(self, other: "Interval") -> "Interval":
        """The common members, possibly empty: the tighter end wins, equal ends are closed if both are."""
        (low_a, low_a_closed), (high_a, high_a_closed) = self._ends()
        (low_b, low_b_closed), (high_b, high_b_closed) = other._ends()
        low = max(low_a, low_b)
        high = min(high_a, high_b)
        return Interval(
            None if low == _MINUS_INFINITY else low[1],
            None if high == _PLUS_INFINITY else high[1],
            (low_a != low or low_a_closed) and (low_b != low or low_b_closed),
            (high_a != high or high_a_closed) and (high_b != high or high_b_closed),
        )

    def meets(self, other: "Interval") -> bool:
        """Whether the two have a member in common."""
        return _reaches(self.high, self.high_closed, other.low, other.low_closed) and _reaches(
            other.high, other.high_closed, self.low, self.low_closed
        )

    def distance(self, other: "Interval") -> Fraction:
        """How far apart the two are: 0 where they touch or meet."""
        if self.high is not None and other.low is not None and self.high < other.low:
            return other.low - self.high
        if self.low is not None and other.high is not None and other.high < self.low:
            return self.low - other.high
        return _ZERO

    def closure(self) -> "Interval":
        return Interval(self.low, self.high)

    def interior(self) -> "Interval":
        """Both ends open; a point stays the point it is."""
        return self if self.is_point else Interval(self.low, self.high, False, False)

    def touches_only(self, other: "Interval") -> bool:
        """Whether closed and half-open ends disagree: the closures meet and the interiors do not."""
        return self.closure().meets(other.closure()) and not self.interior().meets(other.interior())

    def _ends(self) -> tuple[tuple[_End, bool], tuple[_End, bool]]:
        low = _MINUS_INFINITY if self.low is None else (0, self.low)
        high = _PLUS_INFINITY if self.high is None else (0, self.high)
        return (low, self.low_closed), (high, self.high_closed)


EVERYTHING = Interval(None, None)


def point(value: Fraction | int) -> Interval:
    exact = Fraction(value)
    return Interval(exact, exact)


def total(terms: Iterable[Interval]) -> Interval:
    """The sums of one member of each; the point 0 for none."""
    result = point(0)
    for term in terms:
        result = result.plus(term)
    return result


def _reaches(high: Fraction | None, high_closed: bool, low: Fraction | None, low_closed: bool) -> bool:
    """Whether an upper end is not below a lower one; where they are equal, both must be closed."""
    if high is None or low is None:
        return True
    if high is low:  # a count: its value and both its ends are one number
        return high_closed and low_closed
    return high > low or (high == low and high_closed and low_closed)


def _product(x: tuple[_End, bool], y: tuple[_End, bool]) -> tuple[_End, bool]:
    """The product of two ends. A closed 0 gives a closed 0 whatever it is multiplied by."""
    (x_infinite, x_value), x_closed = x
    (y_infinite, y_value), y_closed = y
    x_sign = x_infinite or (x_value > 0) - (x_value < 0)
    y_sign = y_infinite or (y_value > 0) - (y_value < 0)
    if x_sign == 0 or y_sign == 0:
        return (0, _ZERO), (x_sign == 0 and x_closed) or (y_sign == 0 and y_closed)
    if x_infinite or y_infinite:
        return (x_sign * y_sign, _ZERO), False
    return (0, x_value * y_value), x_closed and y_closed


def _spanned(ends: list[tuple[_End, bool]]) -> Interval:
    """The interval from the least to the greatest end; of equal ends a closed one wins."""
    low = min(end for end, _ in ends)
    high = max(end for end, _ in ends)
    return Interval(
        None if low == _MINUS_INFINITY else low[1],
        None if high == _PLUS_INFINITY else high[1],
        any(closed for end, closed in ends if end == low),
        any(closed for end, closed in ends if end == high),
    )
