"""Units and counters: the longest name of `units.csv` that begins at a place in folded text."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from flows.record.script import fold
from flows.record.vocabulary import vocabulary, words

#: Measures that are told by counting: nobody rounds 14天.
WHOLE = frozenset(("天", "個工作日"))


@dataclass(frozen=True, slots=True)
class Unit:
    """A row of `units.csv`: `name` in Traditional script, `factor` exact to `base`."""

    name: str
    kind: str  # counter, physical, money, percent, multiple
    base: str
    factor: Fraction

    @property
    def is_counted(self) -> bool:
        """Whether it counts whole things, so that a whole number of them is exact: 709家, 14天."""
        return self.kind == "counter" or self.name in WHOLE


@lru_cache(maxsize=1)
def units() -> dict[str, Unit]:
    """Every printed form (folded) to its unit; the first row that claims a form keeps it."""
    forms: dict[str, Unit] = {}
    for row in vocabulary("units"):
        unit = Unit(row["unit"], row["kind"], row["base_unit"], Fraction(row["factor"]))
        for form in (row["unit_hans"], row["unit"], *words(row["aliases"])):
            forms.setdefault(fold(form), unit)
    return forms


@lru_cache(maxsize=1)
def _lengths() -> dict[str, tuple[int, ...]]:
    """First character of a printed form to the lengths that occur, longest first."""
    found: dict[str, set[int]] = {}
    for form in units():
        found.setdefault(form[0], set()).add(len(form))
    return {char: tuple(sorted(lengths, reverse=True)) for char, lengths in found.items()}


#: 百分点 and 个百分点 with the blanks that justified print leaves in them.
_SPACED_POINT = re.compile(r"\s{0,3}个?\s{0,2}百\s?分\s?点")
_BLANKS = " \u00a0\u2009\u202f"
#: Words that begin like a unit of one character and are none: 三方面, 十分之, 五所谓.
_LOOKALIKES = frozenset(word for row in vocabulary("unit_lookalikes") for word in words(row["words"]))
#: What stands before an amount for its currency, to the name of the unit.
_CURRENCIES = {row["form"]: row["unit"] for row in vocabulary("currencies")}
#: 兑美元7.1: a rate of exchange is told in the other currency.
_RATE_OF = ("兑", "对")
PREFIX_ENDS = frozenset(form[-1] for form in _CURRENCIES)


@dataclass(frozen=True, slots=True)
class Found:
    """A unit in the text: the unit, and where its printed form begins and ends."""

    unit: Unit
    start: int
    end: int


def is_lookalike(folded: str, start: int) -> bool:
    """Whether a word begins at `start` that looks like a unit and is none: 家电 in 一家家电."""
    return folded[start : start + 2] in _LOOKALIKES


def unit_at(folded: str, start: int) -> Found | None:
    """The unit that begins at `start` (after at most two blanks), or None. 元/公斤 is one unit."""
    char = folded[start : start + 1]
    if not char:
        return None
    if char in _BLANKS:
        begin = start + 1
        while begin < start + 2 and folded[begin : begin + 1] in _BLANKS and folded[begin : begin + 1]:
            begin += 1
        spaced = _SPACED_POINT.match(folded, start)
        if spaced:
            return Found(units()["百分点"], start, spaced.end())
        found = _simple(folded, begin)
        if found is None:
            return None
        return _compound(folded, found)
    if char in "个百":
        spaced = _SPACED_POINT.match(folded, start)
        if spaced:
            return Found(units()["百分点"], start, spaced.end())
    found = _simple(folded, start)
    return None if found is None else _compound(folded, found)


def _simple(folded: str, start: int) -> Found | None:
    forms = units()
    for length in _lengths().get(folded[start : start + 1], ()):
        form = folded[start : start + length]
        unit = forms.get(form)
        if unit is None or len(form) < length:
            continue
        after = folded[start + length : start + length + 1]
        if form[-1].isascii() and form[-1].isalpha() and after.isascii() and after.isalpha():
            continue
        if form == "成" and after == "为" and folded[start + 2 : start + 3].isdigit():
            pass  # 首期四成為288.3萬元 is no 成為
        elif length == 1 and after and (form + after in _LOOKALIKES or (form == "两" and after in _lengths())):
            continue
        return Found(unit, start, start + length)
    return None


#: 公里每小时, 米每秒: what 每 makes a speed or a flow of, and the times it is told by.
_TOLD_BY_TIME = frozenset(("米", "公斤", "立方米", "字節", "比特"))
_TIMES = frozenset(("小時", "秒", "分鐘", "天"))
#: Letters that are times below a stroke only: 60km/h, 3m/s.
_TIME_LETTERS = {"h": "小时", "s": "秒", "d": "天"}


def _compound(folded: str, found: Found) -> Found:
    """元/公斤, 人/平方公里: a rate keeps the money or count as printed and names what it is per."""
    mark = folded[found.end : found.end + 1]
    if mark not in ("/", "每") or (mark == "每" and found.unit.base not in _TOLD_BY_TIME):
        return found
    many = _MANY_BELOW.match(folded, found.end + 1) if mark == "/" else None
    if many is not None:
        return _per_many(folded, found, many)
    below = _simple(folded, found.end + 1)
    if below is None and folded[found.end + 1 : found.end + 2] in _TIME_LETTERS:
        after = folded[found.end + 2 : found.end + 3]
        if not (after.isascii() and after.isalnum()):
            letter = folded[found.end + 1]
            below = Found(units()[_TIME_LETTERS[letter]], found.end + 1, found.end + 2)
    if below is None or (mark == "每" and below.unit.name not in _TIMES):
        return found
    unit = Unit(
        f"{found.unit.name}/{below.unit.name}",
        "physical" if found.unit.kind == "counter" else found.unit.kind,
        f"{found.unit.base}/{below.unit.base}",
        found.unit.factor / below.unit.factor,
    )
    return Found(unit, found.start, _also_by(folded, below.end))


#: 毫克/100毫升, 例/10万人, 元/500克: per so many.
_MANY_BELOW = re.compile(r"(10{1,5}|5000?|50)([万千])?")


def _per_many(folded: str, found: Found, many: re.Match[str]) -> Found:
    """A rate that is told per a round number of units; the unit found where nothing is counted below the stroke."""
    below = _simple(folded, many.end())
    if below is None or below.unit.kind not in ("counter", "physical"):
        return found
    number = int(many[1]) * {"万": 10_000, "千": 1000}.get(many[2], 1)
    unit = Unit(
        f"{found.unit.name}/{many.group().replace('万', '萬')}{below.unit.name}",
        "physical" if found.unit.kind == "counter" else found.unit.kind,
        f"{found.unit.base}/{below.unit.base}",
        found.unit.factor / (below.unit.factor * number),
    )
    return Found(unit, found.start, below.end)


def _also_by(folded: str, end: int) -> int:
    """Where a unit ends that is told by a second one as well, which is not reckoned with: 15.2GB/户·月, 8元/人·天."""
    if folded[end : end + 1] not in ("·", "•", "・"):
        return end
    second = _simple(folded, end + 1)
    return second.end if second is not None else end + 2 if folded[end + 1 : end + 2] in ("年", "月", "日") else end


def currency_before(folded: str, end: int, floor: int) -> Found | None:
    """The currency sign or name that ends at `end`: $20, 人民币3.14."""
    if end and folded[end - 1] == " ":
        end -= 1
    if end <= floor or folded[end - 1] not in PREFIX_ENDS:
        return None
    for length in (4, 3, 2, 1):
        start = end - length
        if start >= floor and (form := _CURRENCIES.get(folded[start:end])) is not None:
            if folded[start - 1 : start] in _RATE_OF:
                return None
            return Found(units()[fold(form)], start, end)
    return None
