"""Averages, per-head figures, products and whole/part means; equal amounts in two units; comparisons."""

import re
from collections.abc import Sequence
from fractions import Fraction

from flows.record import Span
from flows.record.script import fold
from flows.relate.cues import counting_words, cues, worded
from flows.relate.fits import Bounds, are_near, bounds, is_slip_of, mean_bounds, meets, quotient
from flows.relate.levels import EARLIER, is_increment
from flows.relate.reading import Item, Passage, alike, base, is_count

#: Words of a mean, and of a price.
AVERAGE = worded(r"<average.mean>|[\u4e00-\u9fff](?<!平)(?!<average.no_mean>)均|每[\u4e00-\u9fff]{1,6}")
_PER_WORD = worded(
    r"(?:平均|均)?(?:每(?:一)?个?|单(?=<average.after_one>[^位价]))([\u4e00-\u9fff]{1,4})"
    r"|(<average.before_mean>)(?!<average.no_rate>)均|(亩)产"
)
_TOTAL = cues("average", "total")
_EQUALS = worded(
    r"^[^，,;；。0-9]{0,6}[，,(]?约?<unit_equal.is>(?:约|为|成|<unit_equal.currency>)?约?[^，,;；。0-9]{0,4}$"
)
_EQUAL_CUE = worded(r"<unit_equal.is>|\(")
_EQUAL_IN_ONE_UNIT = cues("unit_equal", "is_in_one_unit")
_ABOVE = cues("order", "above")
_BELOW = worded(r"(?!<order.no_comparison>)(?:<order.below>)")
_GOES_ON = worded(r"<order.goes_on>|超过$")
_STANDARD = cues("order", "standard")
_MEAN = worded(r"<between.scope>?平均|<between.overall>")
_NO_MEAN_OF_PARTS = cues("between", "no_mean_of_parts")
_NO_PARTS = cues("between", "no_parts")
#: 三區良好日數佔比分別為
_EACH_SHARE = worded(r"占比<sum.respectively>")
#: What every word that says 每 so many, or a price, has one of.
_PART_OF = cues("subset", "part_of")
#: The only total and the only count there are: what they make and what is printed are of a size.
_NEAR = Fraction(4, 3)
_EACH_OR_PRICE = re.compile(r"[每均单价]|亩产")
#: A mean over these need not be a share of what is counted.
_TIMES = frozenset({"天", "個月"})
_PER_HEAD = cues("average", "per_head")
_EACH_HEAD = cues("average", "each_head")


def relate_averages(passage: Passage) -> None:
    items = passage.items
    has_each = _EACH_OR_PRICE.search(passage.text) is not None
    for item in items:
        if item.index == 0:
            continue
        if item.role == "quantity":
            if AVERAGE.search(item.clause) and not _TOTAL.search(item.label):
                _average(passage, item)
            if has_each:
                _product(passage, item, told=bool(_TOTAL.search(item.label)))
            _unit_equal(passage, item)
        if item.role in ("rate", "quantity"):
            _order(passage, item)
            _between(passage, item)


def _per(words: str) -> frozenset[str]:
    """Units that 每… or …均 divides by."""
    noun, units = _noun(words), counting_words()
    for length in range(len(noun), 0, -1):
        if noun[:length] in units:
            return units[noun[:length]]
    for length in range(len(noun), 0, -1):
        if noun[-length:] in units:
            return units[noun[-length:]]
    return frozenset()


def _noun(words: str) -> str:
    """The noun that 每… or …均 divides by: 點位 of 每個點位."""
    matches = list(_PER_WORD.finditer(words))
    return next(group for group in matches[-1].groups() if group) if matches else ""


def is_mean(item: Item) -> bool:
    """Whether the words before it make the figure a mean: 每戶補助2,400元."""
    return AVERAGE.search(item.label) is not None


def counted(items: Sequence[Item], words: str) -> list[Item]:
    """The figures that count what 每… divides by: by their unit, or by the noun after it (60個班級, 每班)."""
    units, noun = _per(words), _noun(words)
    found = [i for i in items if i.figure.unit in units or base(i) in units or _is_unit(i, noun)]
    if found or not noun:
        return found
    heads = {noun[:2], noun[:1]} if len(noun) == 1 else {noun[:2]}
    return [i for i in items if is_count(i) and any(i.tail.startswith(head) for head in heads)]


def _is_unit(item: Item, noun: str) -> bool:
    """Whether the noun after 每 is the unit itself: 每箱 and 350箱, 每月 and 12個月."""
    unit = fold(item.figure.unit)
    return (
        bool(unit and noun)
        and unit not in ("人", "个")
        and (noun.startswith(unit) or noun.endswith(unit) or unit.endswith(noun))
    )


def _average(passage: Passage, mean: Item) -> None:
    reading = passage.reading
    cue = reading.cue(AVERAGE, mean.start - len(mean.clause), mean.start)
    units = _per(mean.clause)
    #: per head needs the average population, which a text seldom prints: only what agrees is taken
    #: but of those who work somewhere (醫生人均接診) the text has the number
    per_head = bool(_PER_HEAD.search(mean.clause)) and not _EACH_HEAD.search(mean.clause)
    staff = re.search(r"([\u4e00-\u9fff]{2})人均", mean.clause)
    if staff and any(staff.group(1) in i.words for i in passage.items[: mean.index] if is_count(i)):
        per_head = False
    before = [i for i in passage.items[: mean.index] if i.role == "quantity" and i.group == mean.group]
    counts = counted(before, mean.clause)
    counts = [i for i in counts if not is_increment(i)] or counts  # 漁船1,420艘，比上年減少36艘
    after = passage.items[mean.index + 1 : mean.index + 2]
    if not counts and re.search(r"按|以", after[0].label if after else ""):
        counts = counted(after, mean.clause)  # 日均50件，全年按365天計
    if not counts and after and before and base(before[-1]) == base(mean):
        counts = [  # 受理4,368件，人均辦案28件，法官156名
            i for i in counted(after, mean.clause) if meets(mean_bounds(mean), quotient(before[-1], i))
        ]  # fmt: skip
    totals = [i for i in before if base(i) == base(mean) and i not in counts and not AVERAGE.search(i.clause)]
    if not (counts and totals) and not staff and _across(passage, mean, cue):
        return
    if not counts:
        _mean_of_noun(passage, mean, before, cue)
        return
    if not totals and after and "均" in mean.label and base(after[0]) == base(mean) and _TOTAL.search(after[0].label):
        totals = list(after)
    if per_head and not totals:
        return
    if not totals:
        if (
            len(before) == 1
            and is_count(counts[0])
            and units.isdisjoint(_TIMES)
            and mean.figure.unit in ("人", "個", "名", "次", "件")
        ):
            reading.add("granularity", mean, [counts[0]], [cue], parameters={"scale": "1"}, rule="granularity.average")
        return
    count, total = _whole_of(counts), totals[-1]
    is_of_list = len(totals) > 1 and total.gap[:1] in "、和及与"  # 三年分別為86萬冊、92萬冊、104萬冊，年均94萬冊
    if (per_head or is_of_list) and not meets(mean_bounds(mean), quotient(total, count)):
        return
    scale = count.factor if base(count) != count.figure.unit else 1
    parameters = {"scale": str(scale)} if scale != 1 else {}
    reading.add("average", mean, [total, count], [cue], parameters=parameters, rule="average")


def _whole_of(counts: Sequence[Item]) -> Item:
    """The last of the counts, or the whole it is a part of: 公路868.3公里，其中新建213.6公里."""
    first = next((k for k, count in enumerate(counts) if k and _PART_OF.search(count.gap)), 0)
    whole = counts[first - 1] if first else counts[-1]
    return whole if whole.amount > counts[-1].amount else counts[-1]


def _across(passage: Passage, mean: Item, cue: Span | None) -> bool:
    """播種面積214.7萬畝，…；總產量91.35萬噸，平均畝產425公斤: the rest of the sentence, where all but a slip agrees."""
    before = [
        i for i in passage.items[: mean.index]
        if i.role == "quantity" and not AVERAGE.search(i.clause)
        and not is_increment(i) and not EARLIER.search(i.label)
    ]  # fmt: skip
    counts = counted(before, mean.clause)
    pairs = [(t, c) for c in reversed(counts) for t in reversed(before) if t not in counts and _is_same(t, mean)]
    chosen = next((p for p in pairs if meets(mean_bounds(mean), _mean_of(*p))), None) if mean.digits > 1 else None
    if chosen is None and len(pairs) == 1 and mean.digits > 2:
        low, high = _mean_of(*pairs[0])
        middle = (low + high) / 2 if low is not None and high is not None else Fraction(0)
        chosen = pairs[0] if are_near(middle, mean.amount, _NEAR) or is_slip_of(mean, middle) else None
    if chosen is None:
        return False
    scale = chosen[1].factor if base(chosen[1]) != chosen[1].figure.unit else 1
    parameters = {"scale": str(scale)} if scale != 1 else {}
    return passage.reading.add("average", mean, list(chosen), [cue], parameters=parameters, rule="average.across")


def _is_same(total: Item, mean: Item) -> bool:
    """Whether the mean is one of the total; 平均每架次137人 is one of 人次."""
    return base(total) == base(mean) or (base(total), base(mean)) == ("人次", "人")


def _mean_of(total: Item, count: Item) -> Bounds:
    low, high = quotient(total, count)
    own = count.factor
    return (None if low is None else low * own, None if high is None else high * own)


_MEAN_OF = re.compile(r"平均([\u4e00-\u9fff]{2})[\u4e00-\u9fff]{0,4}$")


def _mean_of_noun(passage: Passage, mean: Item, before: Sequence[Item], cue: Span | None) -> None:
    """268萬個住戶，住戶人口733萬人，平均住戶人數2.73人: what the mean is of is named, and counted; where it agrees."""
    noun = _MEAN_OF.search(mean.label)
    if noun is None:
        return
    counts = [i for i in before if i.tail.startswith(noun.group(1)) or i.label.endswith(noun.group(1) + "数")]
    totals = [i for i in before if base(i) == base(mean) and i not in counts]
    if len(counts) != 1 or not totals:
        return
    low, high = quotient(totals[-1], counts[0])
    slipped = mean.digits > 2 and low is not None and high is not None and is_slip_of(mean, (low + high) / 2)
    if slipped or meets(mean_bounds(mean), (low, high)):
        passage.reading.add("average", mean, [totals[-1], counts[0]], [cue], rule="average.noun")


def _product(passage: Passage, total: Item, *, told: bool) -> None:
    """每戶補助2400元，1250戶共300萬元; where no word adds up, only what agrees or nearly does."""
    before = [i for i in passage.items[: total.index] if i.role == "quantity" and i.group == total.group]
    each = [i for i in before if _PER_WORD.search(i.label) and base(i) == base(total)]
    if len(each) != 1:
        return
    counts = counted([i for i in before if i is not each[0]], each[0].label)
    if len(counts) != 1:
        return
    per_head = "人均" in each[0].label  # told of the average population, which is seldom the one printed
    if (not told or per_head) and not _multiplies(total, each[0], counts[0], per_head=per_head):
        return
    cue = passage.reading.cue(_PER_WORD, each[0].start - len(each[0].clause), each[0].start)
    # 每畝 times 畝: what is told of one unit goes with the number printed, not with square metres
    parameters = {"scale": str(1 / counts[0].factor)} if counts[0].factor != 1 else {}
    passage.reading.add("product", total, [each[0], counts[0]], [cue], parameters=parameters, rule="product")


def _multiplies(total: Item, each: Item, count: Item, *, per_head: bool) -> bool:
    if total.figure.value is None or each.figure.value is None or count.figure.value is None:
        return False
    product = each.figure.value * each.factor * count.figure.value
    printed = total.figure.value * total.factor
    if meets(bounds(total), (product, product)):
        return True
    return printed >= 1000 and not per_head and is_slip_of(total, product)


def _unit_equal(passage: Passage, other: Item) -> None:
    """The same amount in two units: 178453萬畝，折合118969千公頃; 69541萬噸（13908.2億斤）."""
    one = passage.items[other.index - 1]
    if one.role != "quantity" or one.group != other.group:
        return
    between = passage.between(one.end, other.start)
    if not _same_measure(passage, one, other):
        return
    bracket = (
        between == "(" and passage.between(other.end, other.end + 1) == ")" and one.figure.unit != other.figure.unit
    )
    words = _EQUALS.match(between)
    if not bracket and not words:
        return
    if one.figure.unit == other.figure.unit and not _EQUAL_IN_ONE_UNIT.search(between):
        return
    if is_count(one) and is_count(other) and not bracket and one.figure.unit == other.figure.unit:
        return
    factor = one.factor / other.factor
    cue = passage.reading.cue(_EQUAL_CUE, one.end, other.start)
    passage.reading.add("unit_equal", other, [one], [cue], parameters={"factor": str(factor)}, rule="unit_equal")


def _same_measure(passage: Passage, one: Item, other: Item) -> bool:
    if not one.figure.unit or not other.figure.unit:
        return False
    if base(one) == base(other):
        return True
    # In Taiwan 元 is 新臺幣.
    pair = {base(one), base(other)}
    return (
        passage.reading.doc.script == "Hant"
        and "元" in pair
        and bool(pair & {"新臺幣", "新台幣", "新臺幣元", "新台幣元"})
    )


def _order(passage: Passage, other: Item) -> None:
    """97.6%，高於全國平均的95.9%."""
    one = passage.items[other.index - 1]
    if not alike(one, other) or one.figure.unit != other.figure.unit:
        return
    words = passage.between(one.end, other.start)
    above, below = _ABOVE.search(words), _BELOW.search(words)
    if bool(above) == bool(below) or re.search(r"[;；。]", words) or re.search(r"个百分点|[,，].*[,，]", words):
        return
    match = above or below
    if match is None or len(words) - match.end() > 12 or other.figure.hedge:
        return
    if match.end() == len(words) or _GOES_ON.search(words[match.end() :]):
        return  # 超過100家 bounds a number and compares nothing
    if other.figure.unit == "%" and not words.endswith("的") and not _STANDARD.search(words):
        return
    cue = Span(one.end + match.start(), one.end + match.end())
    pair = [one, other] if above else [other, one]
    passage.reading.add("order", None, pair, [cue], rule="order")


def _between(passage: Passage, mean: Item) -> None:
    """The overall figure lies between those of the parts."""
    if mean.role != "rate" or not _MEAN.search(mean.label) or _NO_MEAN_OF_PARTS.search(mean.clause):
        return
    parts: list[Item] = []
    for item in reversed(passage.items[: mean.index]):
        if not parts and item.role == "quantity" and item.digits < 2 and not item.figure.quote[0].isdecimal():
            continue  # 三區平均
        if item.role != "rate" or item.figure.unit != mean.figure.unit or item.depth != mean.depth:
            break
        listed = _NO_PARTS.sub("", item.clause) if _EACH_SHARE.search(item.clause) else item.clause
        if item.group != mean.group or _NO_PARTS.search(listed):
            break
        parts.append(item)
    if len(parts) >= 3:
        cue = passage.reading.cue(_MEAN, mean.start - len(mean.label), mean.start)
        passage.reading.add("between", mean, list(reversed(parts)), [cue], rule="between")
