"""Names of people that hold a numeral: 记者李一凡, 联系人：陈三喜, 丁一市长."""

import re

from flows.find.units import unit_at
from flows.record.wording import told, worded

_SURNAMES = "".join(told("person", "surname"))
_GIVEN = "[\u4e00-\u9fff]"
_NUMERAL = "[一二三四五六七八九十百千万]"
#: Who is named next: 记者 王三省, 联系人：陈一鸣.
_ROLE = r"<person.role>[:： \u3000/]{0,2}"
_LIST = rf"(?:[{_SURNAMES}]{_GIVEN}{{1,2}}[、 \u3000,，]{{1,2}}){{0,4}}"
#: The text before a numeral in a name: a role, perhaps other names, the surname, perhaps the first given character.
_BEFORE_NAME = worded(rf"{_ROLE}{_LIST}(?P<surname>[{_SURNAMES}]){_GIVEN}?$")
#: What ends a name.
_NAME_END = worded(rf"{_NUMERAL}{_GIVEN}?(?=[，。、；：,;:()（）\s/”」】]|<person.after_name>|$)")
_TITLED_BEFORE = re.compile(rf"(?:^|[，。、；：,;:\s“「和与])(?P<surname>[{_SURNAMES}]){_GIVEN}?$")
_TITLED = worded(rf"{_NUMERAL}{_GIVEN}??(?:<person.title>|代表(?!团|队))")
#: The furthest that a name's role stands before its numeral.
_REACH = 28


def is_in_name(folded: str, place: int) -> bool:
    """Whether the single Chinese numeral at `place` is part of someone's name."""
    before = folded[max(0, place - 2) : place]
    if not before or not (before[-1] in _SURNAMES or before[0] in _SURNAMES):
        return False
    role = _BEFORE_NAME.search(folded, max(0, place - _REACH), place)
    if role is not None:
        end = _NAME_END.match(folded, place)
        return end is not None and not _counts(folded, place, place - role.start("surname"))
    titled = _TITLED_BEFORE.search(folded, max(0, place - 3), place)
    return (
        titled is not None
        and _TITLED.match(folded, place) is not None
        and not _counts(folded, place, place - titled.start("surname"))
    )


#: Surnames that are everyday words before a count: 主任万三名 is no name, 白三天, 包三个.
_EVERYDAY = frozenset("万包白段项单古左容商司盖季程路游施金田江")


def _counts(folded: str, place: int, distance: int) -> bool:
    """Whether a unit makes a count of the numeral behind an everyday word, or behind two characters: 记者王强三人."""
    unit = unit_at(folded, place + 1)
    if unit is None:
        return False
    return distance > 1 or folded[place - 1] in _EVERYDAY
