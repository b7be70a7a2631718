"""Differences of what is named or dated: 甲較乙多2,562票, 較二〇〇〇年減少一萬三千人, a balance of two sentences."""

import re

from flows.record import Span
from flows.relate.cues import cues, worded
from flows.relate.fits import adds_up, nearly_adds_up
from flows.relate.levels import EARLIER, cue_before, is_increment
from flows.relate.reading import Item, Passage, alike

_BALANCE = cues("difference", "balance")
_DOWN = cues("difference", "fall")
_THAN_YEAR = worded(
    r"[比较]((?:19|20)\d\d|[一二][九〇零][〇零一二三四五六七八九]{2})年[^，,;；。0-9]{0,4}<difference.than_year>了?$"
)


def against_year(passage: Passage, change: Item) -> bool:
    """二〇〇〇年41.6萬人，…；二〇一〇年40.3萬人，較二〇〇〇年減少1.3萬人: the level of the year that is named."""
    told = _THAN_YEAR.search(change.label)
    if told is None or not change.index:
        return False
    new, year = passage.items[change.index - 1], told.group(1) + "年"
    levels = [i for i in passage.items[: change.index - 1] if alike(i, new) and not is_increment(i)]
    olds = [i for i in levels if year in i.label]
    if len(olds) != 1 or not alike(new, change) or year in new.label or is_increment(new):
        return False
    down = _DOWN.search(change.label) is not None
    larger, smaller = (olds[0], new) if down else (new, olds[0])
    if not (adds_up(larger, [smaller, change], [1, 1]) or nearly_adds_up(larger, [smaller, change], [1, 1])):
        return False
    cue = Span(change.start - len(change.label), change.start)
    return passage.reading.add("difference", change, [larger, smaller], [cue], rule="difference.against_year")


_STANDARD = worded(
    r"[，,]?[^，,;；。0-9]{0,4}(?:(<order.above>)|(<order.below>)|(?<![同环])[比较])[^，,;；。0-9（(]{0,16}[（(]?"
)
#: What stands between the level compared with and by how much: ）, 的水平, 的12.1度低.
_BY_SO_MUCH = worded(r"[)）]?(?:的[^，,;；。0-9]{0,4})?(?:[高低多少]|<difference.moves>)?[出了约近]*")
_HIGHER, _LOWER = re.compile("[高多增升]"), worded(r"[低少]|<difference.fall>")


def against_standard(passage: Passage, change: Item) -> bool:
    """5.3%，高於全國平均水平（4.6%）0.7個百分點: a rate beside one that it is compared with, and by how much."""
    if change.index < 2:
        return False
    new, standard = passage.items[change.index - 2 : change.index]
    if new.role != "rate" or standard.role != "rate" or new.figure.unit != standard.figure.unit:
        return False
    lead = _STANDARD.fullmatch(passage.between(new.end, standard.start))
    words = passage.between(standard.end, change.start)
    if lead is None or _BY_SO_MUCH.fullmatch(words) is None or new.depth != change.depth:
        return False
    above, below = lead.groups()
    if not (above or below):
        above, below = _HIGHER.search(words), _LOWER.search(words)
    if bool(above) == bool(below):
        return False
    return passage.reading.add(
        "pp_change", change, [new, standard], [Span(new.end, standard.start)],
        parameters={"sign": "-1" if below else "1"}, rule="points.standard",
    )  # fmt: skip


_MORE_THAN = re.compile(r"([\u4e00-\u9fff]{1,8}?)[比较]([\u4e00-\u9fff]{1,8}?)(多|高|少|低)[出了]?")
#: Words of time and place that name no figure: 比去年, 較全國.
_NO_ONE = cues("difference", "no_name")
_MOVED_NOUN = worded(r"<difference.of_noun>了?([\u4e00-\u9fff]{2,8})$")
_OF_TRADE = cues("difference", "of_trade")


def moved_noun(passage: Passage, change: Item) -> bool:
    """截至去年底網點38個、設備246台；截至六月底網點36個、設備219台，撤併網點2個: the two levels of the noun."""
    told = _MOVED_NOUN.search(change.label)
    if told is None:
        return False
    levels = [
        i for i in passage.items[: change.index]
        if alike(i, change) and i.label.endswith(told.group(1)[-2:]) and not is_increment(i) and i.depth == change.depth
    ]  # fmt: skip
    if len(levels) != 2 or levels[0].group == levels[1].group or change.group != levels[1].group:
        return False
    larger, smaller = sorted(levels, key=lambda i: i.amount, reverse=True)
    cue = Span(change.start - len(change.label), change.start)
    return passage.reading.add("difference", change, [larger, smaller], [cue], rule="difference.noun")


def relate_named_difference(passage: Passage) -> None:
    """The one figure of a sentence, where it compares two of the sentence before."""
    if passage.items[0].role == "quantity" and _MORE_THAN.fullmatch(passage.items[0].label):
        named_pair(passage, passage.items[0])


def named_pair(passage: Passage, change: Item) -> bool:
    """甲得12,438票，乙得9,876票。甲較乙多2,562票: the two that are named, here or in the sentence before."""
    told = _MORE_THAN.fullmatch(change.label)
    if told is None or any(_NO_ONE.search(name) for name in told.groups()):
        return False
    before = [i for i in passage.items[: change.index] if alike(i, change)]
    if not before and (previous := passage.beside(-1)) is not None:
        before = [i for i in previous.items if alike(i, change)]
    one, other = told.group(1), told.group(2)
    first = [i for i in before if one in i.label and other not in i.label]
    second = [i for i in before if other in i.label and one not in i.label]
    if len(first) != 1 or len(second) != 1 or any(is_increment(i) for i in (*first, *second)):
        return False
    pair = [*first, *second] if told.group(3) in "多高" else [*second, *first]
    cue = Span(change.start - len(change.label), change.start)
    return passage.reading.add("difference", change, pair, [cue], rule="difference.named")


def balance_across(passage: Passage, change: Item, near: Item) -> bool:
    """出口3,824億元，…。進口4,108億元，…，逆差284億元: the other side of a balance stands in the sentence before."""
    previous = passage.beside(-1)
    if previous is None or not _OF_TRADE.search(change.label):
        return False
    here = _side(near)
    sides = [
        i for i in previous.items
        if alike(i, change) and not i.depth and {_side(i), here} == {"出口", "进口"} and _same_period(i, near)
    ]  # fmt: skip
    if len(sides) != 1 or is_increment(near):
        return False
    pair = [near, sides[0]] if (here == "出口") == ("顺差" in change.label) else [sides[0], near]
    cue = cue_before(passage, _BALANCE, change)
    return passage.reading.add("difference", change, pair, [cue], rule="difference.balance_across")


_TIMES = re.compile(r"[0-9一二三四五六七八九十上下去前]+(?:季度|半年|[年月])")


def _same_period(one: Item, other: Item) -> bool:
    a, b = one.figure, other.figure
    told, told_before = (_TIMES.findall(i.clause) for i in (other, one))
    return (a.period_start, a.period_end) == (b.period_start, b.period_end) and (not told or told == told_before)


_SIDE = re.compile(r"(?<!进)(出口|进口)(?:货[值品物])?(?:总?[值额])?[为达共计约]*$")


def _side(item: Item) -> str:
    """Whether the level is of exports or of imports, as a whole."""
    told = _SIDE.search(item.label)
    return told.group(1) if told and not EARLIER.search(item.label) and not is_increment(item) else ""
