"""A whole, then some of its parts side by side, closed by 等: each is a part, and together they need not make it up.

接報案件3,240宗，涉及失竊812宗、毀損604宗等; 企業86家，分布在電子（28家）、食品（21家）等領域.
"""

import re

from flows.relate.averages import is_mean
from flows.relate.cues import worded
from flows.relate.fits import bounds, is_far_above, weighted
from flows.relate.levels import EARLIER, is_increment
from flows.relate.reading import Item, Passage, alike

#: 等 that closes a list: no 等級, and no number of those listed, which would close it for good (等三類).
_CLOSES = worded(r"^\)?[^，,;；。、()0-9]{0,6}?等(?!<open_list.no_end>|[0-9一二两三四五六七八九十])")
_JOINS = re.compile(r"\)?[、，,和及与以]*[^，,;；:：。、()0-9]{1,20}\(?")
#: Words between the whole and the first part that say that parts follow.
_LINKS = worded(r"<open_list.links>|<open_list.not_all>|<open_list.opens>|<subset.part_of>")
_LEAD = re.compile(r"[，,:：(]?[^;；。0-9]{0,30}")


def relate_open_lists(passage: Passage) -> None:
    """Each part of a list that 等 closes as a subset of the figure before it, and all of them together."""
    if "等" not in passage.text:
        return
    for last in passage.items[2:]:
        if _CLOSES.match(passage.between(last.end, last.end + 10)):
            _relate(passage, last)


def _relate(passage: Passage, last: Item) -> None:
    items = passage.items
    first = last.index
    while first and _is_beside(passage, items[first - 1], items[first]):
        first -= 1
    whole, parts = items[first - 1], items[first : last.index + 1]
    if not first or len(parts) < 2 or not _is_whole(whole, parts[0]):
        return
    lead = passage.between(whole.end, parts[0].start)
    if not _LEAD.fullmatch(lead) or any(is_far_above(part, whole) for part in parts):
        return
    total, ends = weighted(parts, [1] * len(parts)), bounds(whole)
    is_less = total[0] is not None and ends[1] is not None and total[0] <= ends[1]
    cue = passage.reading.cue(_LINKS, whole.end, parts[0].start)
    if cue is None and not is_less:
        return  # three clinics built, and twelve more repaired: no word says that these are of those
    reading = passage.reading
    for part in parts:
        reading.add("subset", whole, [part], [cue], rule="subset.open_list")
        reading.bound.add((whole.start, part.start))
        reading.taken.add(part.start)
    if all(part.low is None or ends[1] is None or part.low <= ends[1] for part in parts):
        reading.add("open_list", whole, parts, [cue], rule="open_list.closed_by_etc")


def _is_beside(passage: Passage, one: Item, other: Item) -> bool:
    """Whether both are of one list: joined by 、, or each in a bracket of its own behind its name."""
    if not alike(one, other) or one.depth != other.depth or one.group != other.group or is_increment(one):
        return False
    between = passage.between(one.end, other.start)
    if between.startswith(")") != between.endswith("("):
        return False
    return between.lstrip(")")[:1] in "、和及与" and _JOINS.fullmatch(between) is not None


def _is_whole(whole: Item, part: Item) -> bool:
    if not alike(whole, part) or whole.role != "quantity" or whole.depth > part.depth or whole.group != part.group:
        return False
    if not part.depth and not part.label:
        return False
    return not (is_increment(whole) or is_mean(whole) or EARLIER.search(whole.label))
