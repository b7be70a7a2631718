"""Ratios whose name has a character of each side: 師生比1比13.2, 車樁比2.04; 出生性別比 of boys and girls.

The sides are the figures told with those characters, however many others stand between.
"""

import re
from collections.abc import Sequence

from flows.relate.averages import is_mean
from flows.relate.cues import worded
from flows.relate.levels import EARLIER, is_increment
from flows.relate.named_rates import is_plausible
from flows.relate.reading import Item, Passage, alike, counters

#: 師生比例為, 車樁比約; what stands in brackets behind the name explains it.
_NAME = worded(
    r"([\u4e00-\u9fff])([\u4e00-\u9fff])(?:数量|人数)?(?:之比|比例|比率|(?<!<ratio.none>)比)[为是达约至到]{0,3}$"
)
_SEX = re.compile(r"性别比[例]?[为是达约]{0,2}$")
_BRACKETS = re.compile(r"\([^()]*\)")
_ONE_TO = re.compile(r"1[比:：∶]")
_REACH = 48


def relate_named_ratios(passage: Passage) -> None:
    """Ratios without a unit, of the two figures that their names tell."""
    if "比" not in passage.text:
        return
    for ratio in passage.items[2:]:
        if ratio.role == "quantity" and not ratio.figure.unit and not ratio.figure.unit_text:
            _relate(passage, ratio)


def _relate(passage: Passage, ratio: Item) -> None:
    lead = _BRACKETS.sub("", passage.between(max(passage.span.start, ratio.start - _REACH), ratio.start))
    turned = lead.endswith(("1比", "1:", "1：", "1∶"))  # 師生比1比13.2: so many pupils to a teacher
    name = _NAME.search(lead[:-2] if turned else lead)
    sides = ("男", "女") if _SEX.search(lead) else name.groups() if name is not None else None
    if sides is None or _ONE_TO.match(passage.between(ratio.start, ratio.start + 2)):
        return
    told = [i for i in passage.items[: ratio.index] if _is_level(i)]
    one, other = (_told_with(side, told) for side in sides)
    if one is None or other is None or one is other or not _go_together(one, other):
        return
    top, bottom = (other, one) if turned else (one, other)
    scale = 100 if sides == ("男", "女") and is_plausible(ratio, top, bottom, 100) else 1
    if not is_plausible(ratio, top, bottom, scale):
        return
    cue = passage.reading.cue(re.compile("比"), ratio.start - _REACH, ratio.start)
    parameters = {"scale": "100"} if scale == 100 else {}
    passage.reading.add("ratio", ratio, [top, bottom], [cue], parameters=parameters, rule="ratio.by_name")


def _is_level(item: Item) -> bool:
    is_told = item.role == "quantity" and bool(item.figure.unit) and bool(item.figure.value)
    return is_told and not (is_increment(item) or is_mean(item) or EARLIER.search(item.label))


def _told_with(side: str, told: Sequence[Item]) -> Item | None:
    """The one level with the character before it; where its own words lack it, those of its clause."""
    own = [i for i in told if side in i.label]
    found = own or [i for i in told if side in i.clause]
    return found[0] if len(found) == 1 else None


def _go_together(one: Item, other: Item) -> bool:
    return alike(one, other) or {one.figure.unit, other.figure.unit} <= counters()
