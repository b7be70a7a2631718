"""What a printed number can mean: rounding by its last place, widened by its hedge (約, 超, 近, 多 …)."""

import re
from fractions import Fraction
from functools import lru_cache

from flows.find.numbers import Number
from flows.record.script import fold
from flows.record.vocabulary import vocabulary, words
from flows.record.wording import told

#: low, high, low_closed, high_closed; None is unbounded.
Interval = tuple[Fraction | None, Fraction | None, bool, bool]


def interval(number: Number, hedge: str, is_counted: bool) -> Interval:
    """The exact interval of a printed number.

    `hedge` is a code of `hedges.csv` or empty; `is_counted` says that the unit counts whole things. A whole
    number in a counting unit without scale word is exact; everything else is rounded to nearest.
    """
    value, place = number.value, number.leading
    if hedge == "about":
        return value - place, value + place, True, True
    if hedge == "over":
        return value, None, False, True
    if hedge == "at_least":
        return value, None, True, True
    if hedge == "under":
        return None, value, True, False
    if hedge == "at_most":
        return None, value, True, True
    if hedge == "some_more":
        return (value, value + place, False, False) if value >= 0 else (value - place, value, False, False)
    if number.is_plain and is_counted:
        return value, value, True, True
    (above, below), (ulp, of) = value.as_integer_ratio(), number.ulp.as_integer_ratio()
    middle, half, ends = 2 * above * of, ulp * below, 2 * below * of  # value ± ulp / 2, in whole numbers
    return Fraction(middle - half, ends), Fraction(middle + half, ends), True, True


#: The code of words that only end or begin with a hedge's character: 节约20%, 3项起草工作.
NONE = "none"


#: 过百, 过万, 过半: what 过 alone means "more than" before.
_PASSED = ("百", "千", "万", "亿", "兆", "半")


@lru_cache(maxsize=4)
def hedge_words(position: str) -> dict[str, str]:
    """Folded word to hedge code, for one position: before, after, inside, between."""
    table: dict[str, str] = {}
    for row in vocabulary("hedges"):
        if row["position"] == position:
            for word in words(row["words"]):
                table.setdefault(fold(word), row["hedge"])
    return table


def hedge_before(folded: str, start: int) -> str:
    """The code of the hedge that ends at `start` (a 达, 为 or 有 may stand between), or empty."""
    table, last = _before()
    end = start
    if end and folded[end - 1] in "达为有在至到 ":
        code = _ending(table, folded, end)
        if code:
            return code
        end -= 1
    return _ending(table, folded, end) if end and folded[end - 1] in last else ""


@lru_cache(maxsize=1)
def _before() -> tuple[dict[str, str], frozenset[str]]:
    table = hedge_words("before")
    return table, frozenset(word[-1] for word in table)


@lru_cache(maxsize=1)
def _after() -> tuple[dict[str, str], frozenset[str]]:
    table = hedge_words("after")
    return table, frozenset(word[0] for word in table)


def _ending(table: dict[str, str], folded: str, end: int) -> str:
    for length in (4, 3, 2, 1):
        code = table.get(folded[max(0, end - length) : end])
        if code and end >= length:
            if length == 1 and folded[end - 1] == "过" and folded[end : end + 1] not in _PASSED:
                return ""  # 接种过3剂: the verb's
            return "" if code == NONE else code
    return ""


def hedge_after(folded: str, end: int) -> tuple[str, int]:
    """The code of the hedge that begins at `end` and where it ends, or ("", end)."""
    table, first = _after()
    if folded[end : end + 1] not in first:
        return "", end
    for length in (4, 3, 2, 1):
        code = table.get(folded[end : end + length])
        if code == "some_more" and _MORE_THAN.match(folded, end):
            return "", end
        if code and end + length <= len(folded):
            return ("", end) if code == NONE else (code, end + length)
    return "", end


#: 比去年的396名多出32名: by how much it is more, no hedge.
_MORE_THAN = re.compile("多[出了达于0-9]")


def inner_hedge(folded: str, end: int) -> tuple[str, int]:
    """多, 余, 来, 几 or 有余 between the number and its unit: the code and where it ends, or ("", end)."""
    char = folded[end : end + 1]
    if char == "有" and folded.startswith("有余", end):
        return "some_more", end + 2
    if char and char in "多余来几" and not folded.startswith(_NO_HEDGE, end):
        return "some_more", end + 1
    return "", end


#: 来自, 来源 …: words that begin with a hedge character.
_NO_HEDGE = told("hedge", "no_hedge")
