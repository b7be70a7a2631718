"""The shortest way for the numerals that reports are full of: case numbers and plain counts with a unit.

Whatever is not plainly one of these two is left to the rules of `numerals`, which would read these the same.
"""

import re
from fractions import Fraction
from functools import lru_cache

from flows.find.context import DETERMINERS, DOWN, UP, moved_by
from flows.find.hedges import hedge_words
from flows.find.numbers import DIGITS, SCALES, TENS, read_number
from flows.find.units import Unit, unit_at
from flows.record import Figure

_CASE_NUMBER = re.compile(
    r"(?:^|(?<=[，。、；;,:：\s\u3000—\-~和及与至到（(●•]))(?:无症状)?(?:病例|感染者|患者|案例)(?P<number>\d{1,9})"
    r"(?=[，、。；—\n\r为在自均系]|$)(?!—\d)",
    re.MULTILINE,
)
_COUNT = re.compile(
    r"\d{1,9}(?=[^\d.,，:：/^+\-A-Za-z\s万亿千百十兆零〇一二两三四五六七八九多余来几有半年月日时点分号级折成个块版期秒周天小季世])"
)


def case_numbers(folded: str) -> dict[int, int]:
    """Start to end of the numbers of 病例1—病例112 and their like, in one sweep."""
    return {match.start("number"): match.end() for match in _CASE_NUMBER.finditer(folded)}


#: Units whose number may be a label (田林4村, 新场村20组, 17车, 13支弄) or that have two senses (37度).
_LABELS = frozenset("村組隊社車支度")


@lru_cache(maxsize=1 << 14)
def _unit_of(window: str) -> tuple[Unit, int] | None:
    """The unit that begins `window` and its length; None where it is money or compound, or there is none."""
    if "/" in window:
        return None
    found = unit_at(window, 0)
    if found is None or found.start != 0 or found.unit.kind in ("money", "multiple") or found.unit.name in _LABELS:
        return None
    following = window[found.end : found.end + 1]
    return None if following in _not_after() else (found.unit, found.end)


_WINDOW = 9


@lru_cache(maxsize=1)
def _not_after() -> frozenset[str]:
    """Characters behind a unit that may belong to the measure: hedges, spans, halves, smaller units."""
    hedges = {word[0] for word in hedge_words("after")}
    spans = {word[0] for word in hedge_words("between")} | set("−")
    digits = set(DIGITS) | set(TENS) | set(SCALES) | set("0123456789")
    return frozenset(hedges | spans | digits | set("半又/ \u00a0\u2009\u202f"))


@lru_cache(maxsize=1)
def _not_before() -> frozenset[str]:
    """Characters in front of a number that may change it: hedges, signs, ranks, currencies, letters."""
    hedges = {word[-1] for word in hedge_words("before")}
    others = (
        set("或第前负.-−+·达为有在至到 \u00a0\u2009\u202f\u3000币金元的上零￥¥$£€〕]】点分之又周期拜初") | DETERMINERS
    )
    return frozenset(hedges | others | set(DIGITS) | set(TENS) | set(SCALES))


@lru_cache(maxsize=1 << 16)
def _read(digits: str) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """Value, last place and the ends of what rounding allows; the same numbers come again, so they are kept."""
    number = read_number(digits)
    half = number.ulp / 2
    return number.value, number.ulp, number.value - half, number.value + half


def plain_count(folded: str, place: int, text: str) -> Figure | None:
    """12例, 3590人, 75%: the figure at `place` where nothing around it can change its meaning; else None."""
    match = _COUNT.match(folded, place)
    if match is None:
        return None
    before = folded[place - 1] if place else "\n"
    if before in _not_before() or (before.isascii() and before.isalnum()):
        return None
    numeral_end = match.end()
    found = _unit_of(folded[numeral_end : numeral_end + _WINDOW])
    if found is None:
        return None
    unit, length = found
    end = numeral_end + length
    value, ulp, low, high = _read(match.group())
    base_value = value * unit.factor if unit.base != unit.name else value
    if unit.is_counted:
        low = high = value
    row = Figure(
        place,
        end,
        numeral_end,
        text[place:end],
        "percent" if unit.kind == "percent" else "quantity",
        value,
        low,
        high,
        True,
        True,
        ulp,
        unit.name,
        text[numeral_end:end],
        base_value,
        unit.base,
        rule="number",
    )
    if before == "(" and unit.kind == "percent":
        lead = moved_by(folded, place)
        row.direction = "down" if lead in DOWN else "up" if lead in UP else ""
    if before in _DIRECTION_ENDS:
        lead = folded[max(0, place - 8) : place].rstrip("了")
        row.direction = "down" if lead.endswith(DOWN) else "up" if lead.endswith(UP) else ""
    return row


_DIRECTION_ENDS = frozenset(word[-1] for word in (*DOWN, *UP)) | {"了"}
