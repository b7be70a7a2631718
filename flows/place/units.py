"""Units that are not printed: taken from the list, the bracket, the noun counted, or the line that says
单位:亿元.
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from flows.place.clauses import Slot
from flows.place.frames import Reading
from flows.place.words import any_of, unit_kind, unit_rows
from flows.record import Figure
from flows.record.vocabulary import vocabulary, words

_DECLARED = re.compile(r"(?:计量)?单位[:：]\s*([^\s,，;；、()|]{1,12})")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Folded name or alias to the canonical unit."""
    names: dict[str, str] = {}
    for row in vocabulary("units"):
        for name in (row["unit_hans"], row["unit"], *words(row["aliases"])):
            names.setdefault(name, row["unit"])
    return names


@lru_cache(maxsize=1)
def _person() -> re.Pattern[str]:
    return re.compile(rf"\w{{0,8}}?(?:{any_of('person')})")


def give_unit(figure: Figure, unit: str) -> None:
    """Sets a carried unit and the base value; the printed value stays."""
    row = unit_rows().get(unit)
    if row is None or figure.value is None:
        return
    figure.unit = unit
    figure.base_unit = row["base_unit"]
    figure.base_value = figure.value * Fraction(row["factor"])


def declared_unit(line: str) -> tuple[str, Fraction] | None:
    """The unit and scale that a folded line declares for the table below it: 单位:亿元 is (元, 10^8)."""
    match = _DECLARED.search(line)
    return unit_and_scale(match[1]) if match else None


def unit_and_scale(name: str) -> tuple[str, Fraction] | None:
    """A printed unit with its scale word: 亿元 is (元, 10^8); None where the vocabulary does not know it."""
    scale = Fraction(1)
    while name and name not in _names():
        power = {"万": 4, "亿": 8, "千": 3, "百": 2, "十": 1}.get(name[0])
        if power is None:
            return None
        name, scale = name[1:], scale * 10**power
    return (_names()[name], scale) if name else None


def carry_units(slots: Sequence[Slot], readings: Sequence[Reading]) -> None:
    """Gives the figures of a paragraph that print no unit that of their list, their bracket or their noun."""
    topic_unit: dict[int, str] = {}
    for index, slot in enumerate(slots):
        figure, reading = slot.figure, readings[index]
        if figure.unit:
            topic_unit[slot.level] = figure.unit
            continue
        if figure.cls != "quantity" or figure.value is None:
            continue
        listed = "" if reading.right_text else _from_next(slots, index)
        unit = _from_noun(reading) or listed or _from_before(slot, reading, topic_unit)
        if unit:
            give_unit(figure, unit)
            topic_unit[slot.level] = unit


def unit_from_noun(figure: Figure, reading: Reading) -> None:
    """Gives a figure that prints no unit the one of what it counts (病例: 例; 人员: 人)."""
    if figure.unit or figure.cls != "quantity":
        return
    match = re.search(r"病例|感染者", reading.phrase.text)
    if match:
        give_unit(figure, "例")
    elif _person().search(reading.phrase.text):
        give_unit(figure, "人")


def _from_noun(reading: Reading) -> str:
    """约3万工作人员: a noun that counts people is counted in 人, cases in 例."""
    if reading.phrase.text.endswith("病例"):
        return "例"
    return "人" if reading.right_text and _person().match(reading.right_text) else ""


def _from_next(slots: Sequence[Slot], index: int) -> str:
    """5、6和7例; 新增病例1292(含…858例): the next figure of the list, or of the bracket that opens here,
    prints it.
    """
    for after in slots[index + 1 : index + 40]:
        opens_here = after.owner is slots[index]
        if not opens_here and (after.sentence != slots[index].sentence or after.opener not in "、=,，)("):
            return ""
        if after.figure.unit:
            return after.figure.unit if unit_kind(after.figure.unit) == "counter" else ""
    return ""


def _from_before(slot: Slot, reading: Reading, topic_unit: dict[int, str]) -> str:
    """鄭州市4、開封市2: items of a list of places take the unit of its topic."""
    if not reading.is_item:
        return ""
    unit = topic_unit.get(slot.level, "") or topic_unit.get(slot.level - 1, "")
    return unit if unit_kind(unit) == "counter" else ""
