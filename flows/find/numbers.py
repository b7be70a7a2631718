"""A printed number to its exact value: Arabic, Chinese, mixed, positional, formal; fractions and signs.

Works on folded text (Simplified, half-width), so formal and Traditional numerals arrive as their Simplified twins.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

DIGITS = {
    "零": 0, "〇": 0, "一": 1, "壹": 1, "幺": 1, "弌": 1, "二": 2, "贰": 2, "弍": 2, "两": 2, "俩": 2, "三": 3, "叁": 3,
    "参": 3, "仨": 3, "弎": 3, "四": 4, "肆": 4, "五": 5, "伍": 5, "六": 6, "陆": 6, "七": 7, "柒": 7, "八": 8, "捌": 8,
    "九": 9, "玖": 9,
}  # fmt: skip
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
SHORT_TENS = {"廿": 20, "卅": 30, "卌": 40}
SCALES = {"万": 10**4, "亿": 10**8, "兆": 10**12}
#: Western suffixes of a number: 100K, 1.2M.
SUFFIXES = {"k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9}

CHINESE = "".join(DIGITS) + "".join(TENS) + "".join(SHORT_TENS) + "".join(SCALES)
#: Digits that are everyday words when they stand alone: 陆 land, 伍 a surname, 参 to join, 拾 to pick up.
FORMAL = frozenset("陆伍参拾肆俩仨幺佰仟柒捌玖叁贰")


@dataclass(frozen=True, slots=True)
class Number:
    """An exact value and how finely it was printed.

    `ulp` is the place value of the last printed digit (times its scale word), `leading` that of the last digit that
    is not zero (3200: 100); both positive. `is_plain` is true for a whole number without scale word or decimal point.
    """

    value: Fraction
    ulp: Fraction
    leading: Fraction
    is_plain: bool


def _split(surface: str) -> list[str]:
    """Tokens: one per run of Arabic digits (with grouping and point), one per Chinese character."""
    tokens: list[str] = []
    run = ""
    for char in surface:
        if char.isascii() and (char.isdigit() or char == "."):
            run += char
            continue
        if char in ",，'’ \u00a0\u2009\u202f\u3000\t":
            continue
        if run:
            tokens.append(run)
            run = ""
        tokens.append(char)
    if run:
        tokens.append(run)
    return tokens


def _arabic(token: str) -> tuple[Fraction, Fraction]:
    """Value and place value of the last printed digit."""
    whole, point, decimals = token.partition(".")
    ulp = Fraction(1, 10 ** len(decimals)) if point else Fraction(1)
    return Fraction(int((whole + decimals) or "0")) * ulp, ulp


def last_nonzero_place(value: Fraction, ulp: Fraction) -> Fraction:
    """The place of the last digit that is not zero, counted from `ulp` upward; `ulp` itself for zero."""
    units = abs(value / ulp)
    if units.denominator != 1 or units == 0:
        return ulp
    digits = str(units.numerator)
    return ulp * 10 ** (len(digits) - len(digits.rstrip("0")))


def _whole(tokens: list[str]) -> tuple[Fraction, Fraction, bool]:
    """Value, place value and plainness of a number without point, fraction or sign."""
    if len(tokens) == 1 and tokens[0][0].isascii():
        value, ulp = _arabic(tokens[0])
        return value, ulp, "." not in tokens[0]
    if len(tokens) > 1 and all(token in DIGITS or token.isdigit() for token in tokens):
        text = "".join(token if token.isdigit() else str(DIGITS[token]) for token in tokens)
        return Fraction(int(text)), Fraction(1), True
    stack: list[Fraction] = []  # finished parts, each ended by a scale word
    section = Fraction(0)  # what has been read since the last scale word
    digit: Fraction | None = None
    scale = Fraction(1)  # of the last token, for the digit that leaves its scale out: 一百五, 三万四
    shortened = Fraction(1)
    ulp = Fraction(1)
    has_scale = False
    arabic = False
    for token in tokens:
        if token in TENS:
            unit = Fraction(TENS[token])
            section += (Fraction(1) if digit is None else digit) * unit
            ulp = unit * (ulp if arabic else 1)
            digit, shortened = None, unit / 10 if unit > 10 else Fraction(1)
            has_scale = has_scale or arabic
            arabic = False
        elif token in SHORT_TENS:
            section += SHORT_TENS[token]
            digit, shortened, ulp = None, Fraction(1), Fraction(10)
        elif token in SCALES:
            scale = Fraction(SCALES[token])
            part = section + (digit or 0)
            if part == 0 and digit is None and stack:
                stack[-1] *= scale
                ulp *= scale
            else:
                if part == 0 and digit is None:
                    part = Fraction(1)
                while stack and stack[-1] < scale:
                    part += stack.pop()
                stack.append(part * scale)
                ulp = (ulp if digit is None or arabic else Fraction(1)) * scale
            section, digit, shortened, arabic = Fraction(0), None, scale / 10, False
            has_scale = True
        elif token in ("零", "〇") and digit is None:
            digit, shortened, arabic = Fraction(0), Fraction(1), False
        elif token in DIGITS:
            digit = digit * 10 + DIGITS[token] if digit else Fraction(DIGITS[token])
            arabic = False
        else:
            digit, ulp = _arabic(token)
            arabic = True
            shortened = Fraction(1)
    if digit is not None:
        last = digit * shortened
        section += last
        if last and not arabic:
            ulp = shortened
    value = section + sum(stack)
    return value, ulp, not has_scale and ulp.denominator == 1 and value % 1 == 0


@lru_cache(maxsize=1 << 16)
def read_number(surface: str) -> Number:
    """The number that `surface` (folded, without unit) prints.

    Accepts a sign, a decimal point of either kind (点 or .), fractions (三分之二, 2/3, 一又二分之一), percents in
    words (百分之三: 3) and grouping marks. Raises ValueError where it holds no numeral.
    """
    text = surface.strip()
    sign = 1
    if text[:1] in "负-−+":
        sign = 1 if text[0] == "+" else -1
        text = text[1:].lstrip("的 ")
    if "分之" in text:
        below, _, above = text.partition("分之")
        whole, _, below_only = below.rpartition("又")
        base = read_number(below_only)
        top = read_number(above)
        if base.value == 0:
            raise ValueError(f"{surface!r} divides by zero")
        value = top.value / base.value
        if whole:
            value += read_number(whole).value
        return Number(sign * value, top.ulp / base.value, top.leading / base.value, False)
    if "/" in text:
        above, _, below = text.partition("/")
        mixed = above.strip().rsplit(" ", 1)
        bottom = Fraction(int(below.strip()))
        if bottom == 0:
            raise ValueError(f"{surface!r} divides by zero")
        value = Fraction(int(mixed[-1])) / bottom
        if len(mixed) == 2:
            value += int(mixed[0])
        return Number(sign * value, 1 / bottom, 1 / bottom, False)
    factor = Fraction(1)
    if text[-1:] in SUFFIXES and len(text) > 1:
        factor = Fraction(SUFFIXES[text[-1]])
        text = text[:-1]
    if "点" in text or "．" in text or "·" in text:
        text = text.replace("．", "点").replace("·", "点")
        whole, _, rest = text.partition("点")
        scale_at = next((i for i, char in enumerate(rest) if char in SCALES or char in TENS), len(rest))
        digits = [char if char.isascii() else str(DIGITS[char]) for char in rest[:scale_at] if not char.isspace()]
        scale = Fraction(1)
        for char in rest[scale_at:]:
            scale *= SCALES.get(char) or TENS.get(char) or 1
        ulp = Fraction(1, 10 ** len(digits))
        value = (_whole(_split(whole))[0] + int("".join(digits) or "0") * ulp) * scale
        ulp *= scale
        return Number(sign * value, ulp, last_nonzero_place(value, ulp), False)
    tokens = _split(text)
    if not tokens:
        raise ValueError(f"{surface!r} holds no numeral")
    value, ulp, is_plain = _whole(tokens)
    value, ulp = value * factor, ulp * factor
    return Number(sign * value, ulp, last_nonzero_place(value, ulp), is_plain and factor == 1)
