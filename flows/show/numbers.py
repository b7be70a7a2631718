"""Numbers as a reader likes them, from exact text; nothing is rounded without a mark."""

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

#: A decimal without a sign.
_DECIMAL = re.compile(r"([0-9]+)\.([0-9]+)")


@lru_cache(maxsize=65_536)
def exact(text: str) -> Fraction | None:
    """`text` (decimal or fraction) as an exact number, None where it is empty."""
    return Fraction(text) if text else None


def plain(value: object) -> str:
    """A warehouse number as plain text: no exponent, no trailing zeros; empty for NULL.

    Fractions such as 1/3 stay as they are.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, int):  # most are counts
        return str(value)
    if isinstance(value, str) and "/" in value:
        return value
    text = format(value if isinstance(value, Decimal) else Decimal(str(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=65_536)
def grouped(text: str, places: int = 6) -> str:
    """`text` with thousands separators; a fraction or a long decimal is cut to `places` and marked with ≈."""
    if text.isascii() and text.isdigit():  # most numbers are, and a report may hold very many
        return f"{int(text):,}"
    if (plain_decimal := _DECIMAL.fullmatch(text)) and len(plain_decimal[2]) <= places:  # most others need no rounding
        decimals = plain_decimal[2].rstrip("0")
        return f"{int(plain_decimal[1]):,}{'.' if decimals else ''}{decimals}"
    number = exact(text)
    if number is None:
        return ""
    scaled = round(abs(number) * 10**places)  # half even, on whole numbers
    whole, rest = divmod(scaled, 10**places)
    decimals = f"{rest:0{places}d}".rstrip("0")
    mark = "" if Fraction(scaled, 10**places) == abs(number) else "≈ "
    sign = "−" if number < 0 else ""
    return f"{mark}{sign}{whole:,}{'.' if decimals else ''}{decimals}"


def interval(low: str, high: str, low_closed: bool = True, high_closed: bool = True) -> str:
    """`[98.15, 98.25]`, `(3,200, 3,300)`, `≥ 9`, or the one value where both ends are the same."""
    if not low and not high:
        return ""
    if low and low == high:
        return grouped(low)
    if not low:
        return f"{'≤' if high_closed else '<'} {grouped(high)}"
    if not high:
        return f"{'≥' if low_closed else '>'} {grouped(low)}"
    return f"{'[' if low_closed else '('}{grouped(low)}, {grouped(high)}{']' if high_closed else ')'}"
