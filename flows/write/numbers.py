"""Exact numbers as text."""

from fractions import Fraction
from functools import lru_cache

#: Decimal places of `DECIMAL(38, 12)`, the type exact numbers have once loaded.
PLACES = 12
_SCALE = 10**PLACES


def decimal_text(value: Fraction | None) -> str:
    """`value` as a plain decimal of at most 12 places, without exponent or trailing zeros; empty for None.

    What 12 places cannot hold is rounded half-even: 1/3 becomes 0.333333333333.
    """
    if value is None:
        return ""
    above, below = value.as_integer_ratio()
    return str(above) if below == 1 else _decimal(above, below)


@lru_cache(maxsize=1 << 14)  # last places, and the ends of what rounding allows, come again and again
def _decimal(above: int, below: int) -> str:
    scaled, rest = divmod(above * _SCALE, below)
    if 2 * rest > below or (2 * rest == below and scaled % 2):
        scaled += 1
    return _plain(scaled, PLACES)


def exact_text(value: Fraction | None) -> str:
    """`value` without rounding: a plain decimal, or a fraction such as 1/3; empty for None."""
    if value is None:
        return ""
    above, below = value.as_integer_ratio()
    return str(above) if below == 1 else _exact(above, below)


@lru_cache(maxsize=1 << 14)  # the ends of what rounding allows come again and again
def _exact(above: int, below: int) -> str:
    twos, rest = _strip_factor(below, 2)
    fives, rest = _strip_factor(rest, 5)
    if rest != 1:
        return f"{above}/{below}"
    places = max(twos, fives)
    return _plain(above * (10**places // below), places)


def _plain(scaled: int, places: int) -> str:
    """`scaled / 10**places` as decimal text."""
    whole, part = divmod(abs(scaled), 10**places)
    digits = f"{part:0{places}d}".rstrip("0") if part else ""
    return ("-" if scaled < 0 else "") + str(whole) + ("." + digits if digits else "")


def _strip_factor(number: int, factor: int) -> tuple[int, int]:
    """How often `factor` divides `number`, and what is left."""
    count = 0
    while number % factor == 0:
        number //= factor
        count += 1
    return count, number
