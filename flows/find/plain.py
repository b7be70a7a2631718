"""The shortest way for the numerals that reports are full of: case numbers, plain counts and amounts with a unit.

Whatever is not plainly one of these is left to the rules of `numerals`, which would read these the same.
"""

import re
from functools import lru_cache

from flows.find.context import DETERMINERS, DOWN, TWO_SENSES, UP, moved_by
from flows.find.hedges import hedge_before, hedge_words, interval
from flows.find.numbers import DIGITS, SCALES, TENS, read_number
from flows.find.units import PREFIX_ENDS, Unit, unit_at
from flows.record import Figure
from flows.record.wording import worded

_CASE_NUMBER = worded(
    r"(?m)(?:^|(?<=[，。、；;,:：\s\u3000—\-~和及与至到（(●•]))(?:无症状)?(?:<case.ill>|案例)(?P<number>\d{1,9})"
    r"(?=[，、。；—\n\r为在自均系]|$)(?!—\d)"
)
#: Digits, decimals, a scale word, and behind them nothing that could make another number of it; 08.08 is a day.
_PLAIN = re.compile(
    r"(?!0\d{1,8}\.)\d{1,9}(\.\d{1,6})?([万亿])?"
    r"(?=[^\d.,，:：/^+\-A-Za-z\s万亿千百十兆零〇一二两三四五六七八九多余来几有半年月日时点分号级折成块版期秒周天小季世学后])"
)


def case_numbers(folded: str) -> dict[int, int]:
    """Start to end of the numbers of 病例1—病例112 and their like, in one sweep."""
    if "例" not in folded and "者" not in folded:
        return {}
    return {match.start("number"): match.end() for match in _CASE_NUMBER.finditer(folded)}


#: Units whose number may be a label (田林4村, 新场村20组, 17车, 13支弄) or that have two senses (37度).
_LABELS = frozenset("村組隊社車支度")


@lru_cache(maxsize=1 << 14)
def _unit_of(window: str) -> tuple[Unit, int] | None:
    """The unit that begins `window` and its length; None where it is money or compound, or there is none."""
    found = _any_unit_of(window)
    return None if found is None or window[0] == "个" or found[0].kind in ("money", "multiple") else found


@lru_cache(maxsize=1 << 14)
def _any_unit_of(window: str) -> tuple[Unit, int] | None:
    """The same, money, multiples and 个 too where a mark ends them: what could follow is a part (五元六角) or 季度."""
    if "/" in window:
        return None
    found = unit_at(window, 0)
    if found is None or found.start != 0 or found.unit.name in _LABELS or found.unit.name in TWO_SENSES:
        return None
    following = window[found.end : found.end + 1]
    if (found.unit.kind in ("money", "multiple") or found.unit.name == "個") and following not in _MARKS:
        return None
    return None if following in _not_after() else (found.unit, found.end)


_WINDOW = 9
_MARKS = tuple("，。、；,;\n")


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


@lru_cache(maxsize=1)
def _barred() -> frozenset[str]:
    """Characters in front that may make something else of an amount than a hedge does: ranks, signs, currencies."""
    others = set("或第前负.-−+·的上零〕]】点分之又周期拜初位号 \u00a0\u2009\u202f\u3000") | DETERMINERS | PREFIX_ENDS
    return frozenset(others | set(DIGITS) | set(TENS) | set(SCALES))


def plain_figure(folded: str, place: int, text: str) -> Figure | None:
    """12例, 3590人, 75%, 12.5万亩: the figure at `place` where nothing around it can change its meaning; else None."""
    match = _PLAIN.match(folded, place)
    if match is None:
        return None
    before = folded[place - 1] if place else "\n"
    if before.isascii() and before.isalnum():
        return None
    if match.lastindex is None and before not in _not_before():
        row = _count(folded, place, text, match.end(), before)
        if row is not None:
            return row
    return None if before in _barred() else _amount(folded, place, text, match.end())


def _count(folded: str, place: int, text: str, numeral_end: int, before: str) -> Figure | None:
    """A whole number, its unit, and no word in front that says more than whether it rose."""
    found = _unit_of(folded[numeral_end : numeral_end + _WINDOW])
    if found is None:
        return None
    row = _figure(folded, place, text, numeral_end, found, "")
    if before == "(" and row.cls == "percent":
        lead = moved_by(folded, place)
        row.direction = "down" if lead in DOWN else "up" if lead in UP else ""
    if before in _DIRECTION_ENDS:
        lead = folded[max(0, place - 8) : place].rstrip("了")
        row.direction = "down" if lead.endswith(DOWN) else "up" if lead.endswith(UP) else ""
    return row


def _amount(folded: str, place: int, text: str, numeral_end: int) -> Figure | None:
    """A number with decimals or a scale word, or with a hedge in front, and its unit."""
    found = _any_unit_of(folded[numeral_end : numeral_end + _WINDOW])
    if found is None:
        return None
    row = _figure(folded, place, text, numeral_end, found, hedge_before(folded, place))
    row.direction = direction_at(folded, place)
    return row


def _figure(  # noqa: PLR0917 - where it stands and what it is of
    folded: str, place: int, text: str, numeral_end: int, found: tuple[Unit, int], hedge: str
) -> Figure:
    unit, length = found
    end = numeral_end + length
    number = read_number(folded[place:numeral_end])
    low, high, low_closed, high_closed = interval(number, hedge, unit.is_counted)
    return Figure(
        place,
        end,
        numeral_end,
        text[place:end],
        "percent" if unit.kind == "percent" else "quantity",
        number.value,
        low,
        high,
        low_closed,
        high_closed,
        number.ulp,
        unit.name,
        text[numeral_end:end],
        number.value * unit.factor if unit.base != unit.name else number.value,
        unit.base,
        hedge=hedge,
        rule="number",
    )


def direction_at(folded: str, start: int) -> str:
    """Whether the words before the number at `start` say that it fell or rose: down, up, or empty."""
    if folded[start - 1 : start] not in _MAY_MOVE:
        return ""
    before = folded[max(0, start - 8) : start].rstrip("了约近超逾过 ")
    if before.endswith(("或", "(")):
        before = moved_by(folded, start) or before
    if before.endswith(("至", "到")):
        return ""  # 降至9.0% tells a level, not a fall
    if before.endswith(("达", "为")) and before[-2:-1] not in ("幅", "速"):
        return ""  # 下降为9.0% too, but not 跌幅达9.0%
    before = before.rstrip("达为")
    return "down" if before.endswith(DOWN) else "up" if before.endswith(UP) else ""


_DIRECTION_ENDS = frozenset(word[-1] for word in (*DOWN, *UP)) | {"了"}
#: The last character before a number where a word of change stands before it, or one that may stand between.
_MAY_MOVE = _DIRECTION_ENDS | frozenset("约近超逾过 或(达为")
