"""How a number comes to be misprinted: its neighbours one slip away."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

#: How often each slip happens, relative to the others: judgements, on which only the ranking of suspects depends.
#: Each is shared among the ways that it can happen to a number of so many digits: of 25146 any of four pairs may have
#: been swapped, of 21 only one. A digit one off (8 for 9) is likelier than another wrong digit; a key that was struck
#: twice (586 as 5886) likelier than another digit too many; a 0 too many or too few at the end likelier than elsewhere.
#: A result can also be miscalculated, which leaves no pattern of digits.
TRANSPOSITION, DIGIT_ONE_OFF, DIGIT, DOUBLED_DIGIT, EXTRA_DIGIT, DROPPED_DIGIT, TENFOLD, SCALE_WORD = (
    100, 60, 90, 60, 10, 50, 20, 60,
)  # fmt: skip
MISCALCULATED, OTHER = 4, Fraction(1, 10)
#: A short number offers fewer places to slip in, and slips less often: so much is added to the count of its ways.
SHARED = 2


class Slip(NamedTuple):
    """A number that may have been meant: `meant` in units of the last printed place, `kind` and `weight` of
    the slip.
    """

    meant: int
    kind: str
    weight: Fraction


def slips(printed: int) -> Iterator[Slip]:
    """Every number that is one slip away from `printed` (not negative), likeliest kinds first; none twice."""
    digits = str(printed)
    seen = {printed}
    for slip in (*_transposed(digits), *_replaced(digits), *_shortened(digits), *_lengthened(digits)):
        if slip.meant not in seen:
            seen.add(slip.meant)
            yield slip


def _transposed(digits: str) -> Iterator[Slip]:
    for i in range(len(digits) - 1):
        swapped = digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
        if swapped[0] != "0":
            yield Slip(int(swapped), "transposition", Fraction(TRANSPOSITION, len(digits) - 1 + SHARED))


def _replaced(digits: str) -> Iterator[Slip]:
    for step_is_one in (True, False):
        for i, digit in enumerate(digits):
            for other in "0123456789":
                if other == digit or (abs(int(other) - int(digit)) == 1) != step_is_one:
                    continue
                if other != "0" or i or len(digits) == 1:
                    meant = int(digits[:i] + other + digits[i + 1 :])
                    weight = Fraction(DIGIT_ONE_OFF, 2) if step_is_one else Fraction(DIGIT, 7)
                    yield Slip(meant, "digit", weight / (len(digits) + SHARED))


def _shortened(digits: str) -> Iterator[Slip]:
    """The numbers meant if one printed digit is too many."""
    for i in range(len(digits)):
        rest = digits[:i] + digits[i + 1 :]
        if rest and (rest[0] != "0" or rest == "0"):
            is_doubled = digits[i] in (digits[i - 1 : i], digits[i + 1 : i + 2])
            is_tenth = i == len(digits) - 1 and digits[i] == "0"
            weight = DOUBLED_DIGIT if is_doubled else TENFOLD if is_tenth else EXTRA_DIGIT
            yield Slip(int(rest), "extra_digit", Fraction(weight, len(rest) + SHARED))


def _lengthened(digits: str) -> Iterator[Slip]:
    """The numbers meant if one digit was dropped."""
    yield Slip(int(digits + "0"), "dropped_digit", Fraction(TENFOLD + DROPPED_DIGIT, len(digits) + 1 + SHARED))
    for i in range(len(digits) + 1):
        for digit in "0123456789":
            if i or digit != "0":
                yield Slip(
                    int(digits[:i] + digit + digits[i:]),
                    "dropped_digit",
                    Fraction(DROPPED_DIGIT, len(digits) + 1 + SHARED),
                )
