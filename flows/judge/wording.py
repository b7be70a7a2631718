"""Numbers as text: exact, shortened for a reader, and the way a figure prints them."""

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from flows.record import Figure

_NUMERAL = re.compile(r"([-+]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?([^0-9.,]*)$")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－＋", "0123456789.,-+")
_ONE = Fraction(1)
_SCALE_WORDS = {1: ("", ""), 10**4: ("萬", "万"), 10**8: ("億", "亿"), 10**12: ("萬億", "万亿")}


class Style(NamedTuple):
    """How a figure prints a number: what its digits are multiplied by, its decimals, separators and scale
    word.
    """

    multiplier: Fraction
    decimals: int
    is_grouped: bool
    scale_word: str


def exact_text(value: Fraction) -> str:
    """Plain decimal text where finite, a fraction such as 1/3 otherwise."""
    if value.denominator == 1:
        return str(value.numerator)
    places = _decimal_places(value)
    return f"{value.numerator}/{value.denominator}" if places is None else decimal_text(value, places)


def decimal_text(value: Fraction, places: int) -> str:
    """The value cut off (towards 0) after `places` decimals."""
    above, below = value.as_integer_ratio()
    if not places and below == 1:
        return str(above)
    digits = abs(above) * 10**places // below
    text = str(digits).rjust(places + 1, "0")
    sign = "-" if above < 0 and digits else ""
    return sign + (f"{text[:-places]}.{text[-places:]}" if places else text)


def short_text(value: Fraction, places: int) -> str:
    """The value with at most `places` decimals, and … where it goes on."""
    finite = _decimal_places(value)
    if finite is not None and finite <= places:
        return decimal_text(value, finite)
    return decimal_text(value, places) + "…"


def numeral_of(figure: Figure) -> str:
    """The printed numeral with its scale word, without the unit."""
    return figure.quote[: figure.numeral_end - figure.start]


def style_of(figure: Figure) -> Style:
    """How the figure prints numbers; plain digits where its numeral is not in digits."""
    return _style(numeral_of(figure), figure.value, figure.ulp)


@lru_cache(maxsize=4_096)  # a figure is the result of several claims, and small numbers come again and again
def _style(numeral: str, value: Fraction | None, ulp: Fraction | None) -> Style:
    if value and numeral.isdecimal() and numeral.isascii() and value == int(numeral):
        return Style(_ONE, 0, False, "")
    found = _NUMERAL.match(numeral.translate(_FULL_WIDTH))
    if found is None or not value:
        return Style(_ONE, _decimal_places(ulp or _ONE) or 0, False, "")
    sign, whole, decimals, word = found.groups()
    digits = Fraction(f"{sign}{whole.replace(',', '')}.{decimals or '0'}")
    multiplier = value / digits
    if multiplier not in _SCALE_WORDS and multiplier.denominator != 1:
        return Style(_ONE, _decimal_places(ulp or _ONE) or 0, False, "")
    return Style(multiplier, len(decimals or ""), "," in whole, word if multiplier != 1 else "")


def amount_text(value: Fraction, figure: Figure, extra: int = 2) -> str:
    """A value in the figure's style, with up to `extra` more decimals than it prints."""
    style = style_of(figure)
    if style.multiplier != 1:
        value /= style.multiplier
    return _grouped(short_text(value, style.decimals + extra), style) + style.scale_word


def printed_as(figure: Figure, other: Figure) -> str:
    """What would be printed in place of `figure` if it were `other`: its digits, decimals and scale word."""
    if other.cls == "date" or other.value is None:
        return other.period_start.isoformat() if other.period_start is not None else ""
    style = style_of(figure)
    if figure.ulp and other.ulp and other.ulp != figure.ulp:  # another scale word
        multiplier = style.multiplier * other.ulp / figure.ulp
        if multiplier not in _SCALE_WORDS:
            return exact_text(other.value)
        simplified = any(word in figure.quote for word in "万亿")
        word = _SCALE_WORDS[int(multiplier)][simplified]
        style = style._replace(multiplier=multiplier, scale_word=word)
    digits = other.value / style.multiplier
    places = _decimal_places(digits)
    if places is None:
        return exact_text(other.value)
    return _grouped(decimal_text(digits, max(places, style.decimals)), style) + style.scale_word


def other_scales(figure: Figure) -> list[Fraction]:
    """What another scale word (萬, 億, 萬億, or none) would multiply the figure by."""
    now = style_of(figure).multiplier
    if now not in _SCALE_WORDS:
        return []
    return [Fraction(other) / now for other in _SCALE_WORDS if other != now]


def _grouped(text: str, style: Style) -> str:
    if not style.is_grouped:
        return text
    whole, point, rest = text.partition(".")
    return re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", ",", whole) + point + rest


def _decimal_places(value: Fraction) -> int | None:
    """How many decimals write the value exactly; None where none do."""
    rest, twos, fives = value.denominator, 0, 0
    if rest == 1:
        return 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None
