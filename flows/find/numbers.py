"""A printed number to its exact value: Arabic, Chinese, mixed, positional, formal; fractions, signs, pairs.

Works on folded text (Simplified, half-width), so formal and Traditional numerals arrive as Simplified ones.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

DIGITS = {
    "零": 0, "〇": 0, "一": 1, "壹": 1, "幺": 1, "弌": 1, "二": 2, "贰": 2, "弍": 2, "两": 2, "俩": 2,
    "三": 3,
    "叁": 3, "参": 3, "仨": 3, "弎": 3, "四": 4, "肆": 4, "五": 5, "伍": 5, "六": 6, "陆": 6, "七": 7,
    "柒": 7,
    "八": 8, "捌": 8, "九": 9, "玖": 9,
}  # fmt: skip
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
SHORT_TENS = {"廿": 20, "卅": 30, "卌": 40}
SCALES = {"万": 10**4, "亿": 10**8, "兆": 10**12}
#: Western suffixes of a number: 100K, 1.2M.
SUFFIXES = {"k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9}
#: Digits that are everyday words when they stand alone: 陆 land, 伍 a surname, 参 to join, 拾 to pick up.
FORMAL = frozenset("陆伍参拾肆俩仨幺佰仟柒捌玖叁贰弌弍弎")
#: Two digits that name a span: 三四十 thirty to forty, 三五 three to five.
PAIRS = ("一二", "一两", "两三", "二三", "三四", "四五", "五六", "六七", "七八", "八九", "三五")

_SPACING = re.compile(r"[\s,，'’]+")
_PAIR = re.compile("|".join(PAIRS))
#: The numbers that reports are full of: digits, decimals, a scale word.
_PLAIN = re.compile(r"(\d[\d,]{0,20})(?:\.(\d{1,12}))?([万亿])?")
_POWER = re.compile(r"(.+?)(\^|[eE])([+-]?\d+)$")
#: More digits than any report prints; longer ones are identifiers and never evaluated.
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Number:
    """An exact value and how finely it was printed.

    `ulp` is the place value of the last printed digit (times its scale word), `leading` that of
    the last digit that is not zero (3200: 100); both positive. `is_plain` is true for a whole
    number printed to its last digit.
    `high` is the upper end where two digits name a span (三四十: 30 and 40), else None.
    """

    value: Fraction
    ulp: Fraction
    leading: Fraction
    is_plain: bool
    high: Fraction | None = None

    def times(self, factor: Fraction) -> "Number":
        """The same number in units `factor` times smaller."""
        if factor == 1:
            return self
        high = None if self.high is None else self.high * factor
        return Number(self.value * factor, self.ulp * factor, self.leading * factor, False, high)


def last_nonzero_place(value: Fraction, ulp: Fraction) -> Fraction:
    """The place of the last digit that is not zero, counted from `ulp` upward; `ulp` itself for zero."""
    units = abs(value / ulp)
    if units.denominator != 1 or units == 0:
        return ulp
    digits = str(units.numerator)
    return ulp * Fraction(10 ** (len(digits) - len(digits.rstrip("0"))))


@lru_cache(maxsize=1 << 16)
def read_number(surface: str) -> Number:
    """The number that `surface` (folded, without unit) prints.

    Accepts a sign, a decimal point of either kind (点 or .), fractions (三分之二, 2/3, 一又二分之一), powers
    (2^5, 1.2e3), suffixes (1.2M) and grouping marks. Raises ValueError where it holds no numeral.
    """
    text = surface.strip()
    if not text or len(text) > 4 * LONGEST:
        raise ValueError(f"{surface[:50]!r} is no numeral of a sensible length")
    if (plain := _PLAIN.fullmatch(text)) is not None:
        return _plain(plain)
    if text.startswith("零下"):
        text = "负" + text[2:]
    if text[0] in "负-−+":
        number = read_number(text[1:].lstrip("的 "))
        if text[0] == "+":
            return number
        if number.high is not None:  # 负三五: from minus five to minus three
            return Number(-number.high, number.ulp, number.leading, number.is_plain, -number.value)
        return Number(-number.value, number.ulp, number.leading, number.is_plain)
    if "/" in text:
        return _slashed(text)
    text = _SPACING.sub("", text)
    if "分之" in text:
        return _fraction(text)
    if text[-1] in SUFFIXES and len(text) > 1:
        return read_number(text[:-1]).times(Fraction(SUFFIXES[text[-1]]))
    if (power := _POWER.match(text)) is not None:
        return _power(power)
    if (pair := _PAIR.search(text)) is not None and _is_span(text, pair):
        return _span(text, pair)
    if "点" in text or ("." in text and text[0] in DIGITS | TENS):
        return _decimal(text)
    tokens = re.findall(r"\d+\.?\d*|\.\d+|.", text)
    value, ulp, is_plain = _whole(tokens)
    return Number(value, ulp, last_nonzero_place(value, ulp), is_plain)


def _plain(match: re.Match[str]) -> Number:
    """1,268, 98.2, 12.5万: read as a whole number of its last places."""
    whole, decimals, scale = match.groups()
    places = len(decimals) if decimals else 0
    count, above, below = int(whole.replace(",", "") + (decimals or "")), SCALES.get(scale, 1), 10**places
    ulp = _place(above, below)
    value = Fraction(count * above, below) if places else Fraction(count * above)
    digits = str(count)
    zeros = len(digits) - len(digits.rstrip("0")) if count else 0
    leading = _place(above * 10**zeros, below) if zeros else ulp
    return Number(value, ulp, leading, above == below or not (scale or places))


@lru_cache(maxsize=1024)
def _place(above: int, below: int) -> Fraction:
    """A place value; there are few of them."""
    return Fraction(above, below)


def _slashed(text: str) -> Number:
    above, _, below = text.partition("/")
    mixed = above.split()
    bottom = Fraction(below.strip())
    if bottom == 0:
        raise ValueError(f"{text!r} divides by zero")
    value = Fraction(mixed[-1]) / bottom + (Fraction(mixed[0]) if len(mixed) == 2 else 0)
    return Number(value, 1 / bottom, 1 / bottom, False)


def _fraction(text: str) -> Number:
    below, _, above = text.partition("分之")
    whole, _, below = below.rpartition("又")
    base, top = read_number(below), read_number(above)
    if base.value == 0:
        raise ValueError(f"{text!r} divides by zero")
    value = top.value / base.value + (read_number(whole).value if whole else 0)
    return Number(value, top.ulp / abs(base.value), top.leading / abs(base.value), False)


def _power(power: re.Match[str]) -> Number:
    base, exponent = read_number(power.group(1)), int(power.group(3))
    if abs(exponent) > LONGEST or (base.value == 0 and exponent < 0):
        raise ValueError(f"{power.group()!r} has no value of a sensible size")
    if power.group(2) != "^":
        return base.times(Fraction(10) ** exponent)
    value = Fraction(base.value.numerator ** abs(exponent), base.value.denominator ** abs(exponent))
    if exponent < 0:
        value = 1 / value
    return Number(value, Fraction(1) if value.denominator == 1 else abs(value), Fraction(1), value.denominator == 1)


def _is_span(text: str, pair: re.Match[str]) -> bool:
    """三四, 三四十, 四十五六, 一万六七 name a span; 二三五, 一九七八 are digits read one by one."""
    if "点" in text[: pair.start()] or "." in text[: pair.start()]:
        return False  # decimals
    rest = text[: pair.start()] + text[pair.end() :]
    return not any(char in DIGITS or char.isdigit() for char in text[pair.end() :][:1]) and not (
        rest and all(char in DIGITS or char in ".点" for char in rest)
    )


def _span(text: str, pair: re.Match[str]) -> Number:
    first, second = pair.group()[0], pair.group()[1]
    low = read_number(text[: pair.start()] + first + text[pair.end() :])
    high = read_number(text[: pair.start()] + second + text[pair.end() :])
    return Number(low.value, low.ulp, low.leading, low.is_plain, high.value)


def _decimal(text: str) -> Number:
    """十四点三, 四.四, 二.五万."""
    whole, _, rest = text.replace(".", "点").partition("点")
    digits = [str(DIGITS[char]) if char in DIGITS else char for char in rest if char in DIGITS or char.isdigit()]
    scale = Fraction(1)
    for char in rest:
        scale *= SCALES.get(char) or TENS.get(char) or 1
    ulp = Fraction(1, 10 ** len(digits))
    value = (read_number(whole).value + int("".join(digits) or "0") * ulp) * scale
    return Number(value, ulp * scale, last_nonzero_place(value, ulp * scale), False)


def _arabic(token: str) -> tuple[Fraction, Fraction]:
    """Value and place value of the last printed digit."""
    whole, point, decimals = token.partition(".")
    ulp = Fraction(1, 10 ** len(decimals)) if point else Fraction(1)
    return int((whole + decimals) or "0") * ulp, ulp


def _whole(tokens: list[str]) -> tuple[Fraction, Fraction, bool]:
    """Value, place value and plainness of a number without sign, fraction or 点."""
    if len(tokens) == 1 and tokens[0][-1].isdigit():
        value, ulp = _arabic(tokens[0])
        return value, ulp, "." not in tokens[0]
    if all(token in DIGITS for token in tokens):
        return Fraction(int("".join(str(DIGITS[token]) for token in tokens))), Fraction(1), True
    stack: list[Fraction] = []  # finished parts, each ended by a scale word
    section = Fraction(0)  # what has been read since the last scale word
    digit: Fraction | None = None  # a digit that waits for its 十 百 千
    is_arabic = has_scale = False
    shortened = Fraction(1)  # what a last digit counts where its word is left out: 一百五, 三万四
    ulp = Fraction(1)
    for token in tokens:
        if token in TENS:
            unit = Fraction(TENS[token])
            section += (Fraction(1) if digit is None else digit) * unit
            ulp = unit * ulp if is_arabic else unit
            has_scale = has_scale or is_arabic
            digit, is_arabic, shortened = None, False, unit / 10 if unit > 10 else Fraction(1)
        elif token in SHORT_TENS:
            section += SHORT_TENS[token]
            digit, shortened, ulp = None, Fraction(1), Fraction(10)
        elif token in SCALES:
            scale = Fraction(SCALES[token])
            part = section + (digit or 0) * (shortened if section and not is_arabic else 1)
            if part == 0 and digit is None and stack:  # 万亿, 万万
                stack[-1] *= scale
                ulp *= scale
            else:
                if part == 0 and digit is None:
                    part = Fraction(1)
                place = ulp if digit is None or is_arabic else Fraction(1)
                while stack and stack[-1] < scale:
                    part += stack.pop()
                stack.append(part * scale)
                ulp = place * scale
            section, digit, is_arabic, has_scale = Fraction(0), None, False, True
            shortened = scale / 10
        elif token == "零" or token == "〇":  # noqa: PLR1714, S105
            shortened = Fraction(1)
        elif token in DIGITS:
            digit, is_arabic = Fraction(DIGITS[token]), False
        else:
            digit, ulp = _arabic(token)
            is_arabic, shortened = True, Fraction(1)
    if digit is not None:
        section += digit * shortened
        ulp = ulp if is_arabic else shortened
    value = section + sum(stack)
    is_plain = value.denominator == 1 and (ulp == 1 or (not has_scale and ulp.denominator == 1))
    return value, Fraction(1) if is_plain else ulp, is_plain
