"""Shares and rates: 佔, 佔比, …率, A中的B; granularity, range."""

import re
from collections.abc import Sequence
from fractions import Fraction

from flows.relate.cues import cues, worded
from flows.relate.fits import RATE_SCALES, Bounds, is_within_a_slip, meets, printed, quotient
from flows.relate.granularity import relate_granularity, relate_share_of_asked
from flows.relate.named_rates import is_plausible, part_and_whole
from flows.relate.reading import Item, Passage, alike, similarity

_SHARE = cues("share", "share")
_RATE = worded(r"([\u4e00-\u9fff]{1,12}?)率<rate.came_to>?[^\u4e00-\u9fff0-9]*$")
_FIRST_RATE = re.compile(r"率")
_RATE_WORD = re.compile(r"率|比|系数")
#: Rates that are no share of the things counted beside them.
_OTHER_RATE = worded(r"<rate.no_share>|增长率?$|<rate.no_share_at_end>$")
_NO_LIMIT = worded(r"<rate.no_limit>|<rate.no_limit_at_end>$")
_OF = worded(r"<share.among>(?:的|有|已有|已)?")
_WHOLE = worded(r"<share.whole>|计$")
_SURVEYED = cues("granularity", "surveyed")
_OF_CUE = re.compile("的")
_OF_NAMED = worded(r"<share.is>([^，,;；。0-9]{2,14})的$")
_GROWS = cues("share", "changes")
_EARLIER = cues("time", "year_compared")


def relate_shares(passage: Passage) -> None:
    rates = [item for item in passage.items if item.role in ("rate", "times")]
    for times in [item for item in rates if item.role == "times"]:
        rates.remove(times)
        known = part_and_whole(passage, times)
        if known is not None:
            cue = passage.reading.cue(_RATE_WORD, times.start - len(times.clause), times.start)
            passage.reading.add("ratio", times, known, [cue], rule="ratio.named")
    last_whole: Item | None = None
    for rate in rates:
        _range(passage, rate)
        whole = _share(passage, rate, last_whole)
        if whole is not None:
            last_whole = whole


def _range(passage: Passage, rate: Item) -> None:
    stem = _RATE.search(rate.clause)
    if stem is None or rate.figure.unit not in ("%", "‰") or _NO_LIMIT.search(stem.group(1)):
        return
    if rate.figure.unit == "‰":
        return
    cue = passage.reading.cue(_FIRST_RATE, rate.start - len(rate.clause), rate.start)
    passage.reading.add("range", rate, [], [cue], parameters={"low": "0", "high": "100"}, rule="range.rate")


def _scale(rate: Item) -> int:
    return RATE_SCALES.get(rate.figure.unit, 1)  # 三分之二


def _fits(rate: Item, top: Item, bottom: Item) -> bool:
    image: Bounds = quotient(top, bottom, _scale(rate))
    return image != (None, None) and meets(printed(rate), image)


def _share(passage: Passage, rate: Item, last_whole: Item | None) -> Item | None:
    """Claims the share that the rate is, if the text gives its parts; returns the whole."""
    pair = _of_in_brackets(passage, rate)
    if pair is not None:
        return _claim(passage, rate, *pair, cue=_OF)
    clause = rate.clause
    known = part_and_whole(passage, rate)
    if known is not None:
        return _claim(passage, rate, *known, cue=_RATE_WORD)
    named = _OF_NAMED.search(clause)
    if named is not None:
        return _of_named(passage, rate, named.group(1))
    is_share = bool(_SHARE.search(clause)) and not re.search(r"占[用地领道]", clause)
    stem = _RATE.search(clause)
    is_rate = stem is not None and not _OTHER_RATE.search(stem.group(1)) and not _GROWS.search(clause[stem.end(1) :])
    before = [i for i in passage.items[: rate.index] if i.role == "quantity" and i.group == rate.group]
    if not (is_share or is_rate):
        planned = _of_plan(passage, rate, before) or _done(passage, rate, before)
        if planned is not None:
            return _claim(passage, rate, *planned, cue=_OF_CUE)
        if stem is not None:
            _of_any(passage, rate)
        relate_share_of_asked(passage, rate, _scale(rate))
        return None
    after = [i for i in passage.items[rate.index + 1 :] if i.role == "quantity" and i.group == rate.group]
    if rate.label == "的" and len(before) > 1 and before[-1].index == rate.index - 1:
        tops = [i for i in before[:-1] if alike(i, before[-1])]
        if tops and re.search(r"占|为|相当于", before[-1].label):  # 佔應出席1,180人的95.4%
            return _claim(passage, rate, tops[-1], before[-1], cue=_SHARE)
    stemmed = _by_stem(passage, rate, before)
    if stemmed is not None:
        return _claim(passage, rate, *stemmed, cue=_SHARE if is_share else _FIRST_RATE)
    top = _numerator(passage, rate, before, after, is_share=is_share)
    subject = _SUBJECT.search(rate.label)
    if subject and top is not None and not _names(subject.group(1), top.words):
        own = [i for i in before if i.label.endswith(subject.group(1)) and alike(i, top)]
        own = own or [i for i in before if _names(subject.group(1), i.label) and alike(i, top)]
        top = own[0] if len(own) == 1 else top  # A級18處、B級96處，其中A級佔5.8%
    if subject and (top is None or not _names(subject.group(1), top.words)):
        told = _told_before(passage, rate, subject.group(1))
        if told is not None:
            return _claim(passage, rate, *told, cue=_SHARE)
    if top is None:
        relate_granularity(passage, rate, before, is_share=is_share)
        return None
    if stem is not None and _is_denied(rate, top) and not is_share:
        return None  # 不及格38人，及格率97.0%
    wholes = _wholes(passage, rate, top, before, after, last_whole=last_whole, is_share=is_share)
    if not wholes:
        if not any(alike(i, top) for i in passage.items if i is not top):
            relate_granularity(passage, rate, before, is_share=is_share)
        return None
    whole = next((w for w in wholes if _fits(rate, top, w)), wholes[0])
    if (
        subject
        and top.start < rate.start
        and not _fits(rate, top, whole)
        and not similarity(subject.group(1), top.words)
    ):
        return None  # 男兵1,965人，女兵175人，大學生佔比86%: the share of others
    if not _fits(rate, top, whole):
        if _of_what_is_not_told(passage, rate):
            return None
        other = _agreeing(rate, before)
        of_others = _is_of_the_rest(rate, top, whole) or _is_of_several(rate, top, before)
        if other is None and not is_share and of_others:
            return None  # 破損14箱，完好率97.5%; 調解147件、撤訴85件，調撤率44.8%
        if other is not None:
            top, whole = other  # 摘帽17個，僅1個未摘帽，摘帽比例94.4%: the last figure is not the part
        elif not _larger(whole, top) or (not is_share and _is_unnamed(rate, top, whole)):
            return None
    return _claim(passage, rate, top, whole, cue=_SHARE if is_share else _FIRST_RATE)


def _names(name: str, words: str) -> bool:
    """Whether the words hold the name, and not its opposite: 非稅收入 is no 稅收."""
    return re.search(f"(?<![不未非无]){re.escape(name)}", words) is not None


def _of_what_is_not_told(passage: Passage, rate: Item) -> bool:
    """Whether a bare 佔 follows one whose whole is named and not printed: 佔年度銷售額的23.8%；其中…，佔7.9%."""
    if not _BARE_SHARE.fullmatch(rate.label):
        return False
    shares = [i for i in passage.items[: rate.index] if i.role == "rate" and _SHARE.search(i.clause)]
    return bool(shares) and shares[-1].start not in passage.reading.results and bool(_OF_SOME.search(shares[-1].clause))


_BARE_SHARE = re.compile(r"[占比]{1,2}[为达约近]{0,2}")
_OF_SOME = re.compile(r"占[^，,;；。0-9]{2,14}$")


def _is_of_the_rest(rate: Item, top: Item, whole: Item) -> bool:
    """Whether the rate is that of all but the figure, which its own word does not name."""
    low, high = quotient(top, whole, _scale(rate))
    noun = _NOUN_OF_RATE.search(rate.label)
    if low is None or high is None or noun is None or noun.group(1) in top.words:
        return False
    return meets(printed(rate), (_scale(rate) - high, _scale(rate) - low))


def _is_of_several(rate: Item, top: Item, before: Sequence[Item]) -> bool:
    """Whether the rate is that of the last two or three figures together, of one before them."""
    low, high = printed(rate)
    same = [i for i in before if i.start <= top.start and alike(i, top)]
    values = [i.amount for i in same]
    if low is None or high is None:
        return False
    for count in (2, 3):
        part = sum(values[-count:], Fraction(0))
        if any(whole > part and low <= _scale(rate) * part / whole <= high for whole in values[:-count]):
            return True
    return False


def _is_unnamed(rate: Item, top: Item, whole: Item) -> bool:
    """Whether neither figure is told with a character of the rate's word, nor a slip explains it."""
    stem = _STEM_OF_RATE.search(rate.label)
    if stem is None or any(char in top.words + whole.words for char in stem.group(1)):
        return False
    return rate.digits < 3 or not is_within_a_slip(rate, top, whole, _scale(rate))


def _is_denied(rate: Item, top: Item) -> bool:
    """Whether the figure counts those that are not what the rate is of."""
    noun = _NOUN_OF_RATE.search(rate.label)
    if noun is None:
        return False
    denied = re.compile(f"[不未非无]{noun.group(1)}")
    return denied.search(top.words) is not None and denied.search(rate.label) is None


def _told_before(passage: Passage, rate: Item, name: str) -> tuple[Item, Item] | None:
    """其中技術人員684人、…。技術人員佔18.4%: the part and its whole, which the sentence before tells."""
    previous = passage.beside(-1)
    bound = passage.reading.bound
    for items in (passage.items[: rate.index], previous.items if previous is not None else []):
        tops = [
            i
            for i in items
            if i.role == "quantity" and i.start in bound.parts and _names(name, i.label[-len(name) - 4 :])
        ]
        if len(tops) != 1:
            continue
        wholes = [i for i in _around(passage, tops[0]) if (i.start, tops[0].start) in bound]
        named = _OF_WHOLE.search(rate.clause)
        if named and not any(_named(named.group(1), whole) >= Fraction(1, 3) for whole in wholes):
            return None  # 管理費用佔總支出的4.0%, and no such total is printed
        if len(wholes) == 1 and wholes[0].start not in passage.reading.flowing:
            return tops[0], wholes[0]
    return None


_PLAN = worded(r"(?:<share.is>|达)[^，,;；。0-9]{0,8}<share.plan>[^，,;；。0-9]{0,4}$")


def _of_plan(passage: Passage, rate: Item, before: Sequence[Item]) -> tuple[Item, Item] | None:
    """新增5.63萬人，完成年度目標5萬人的112.6%: what was done, of what was planned, more or less than it."""
    if rate.label != "的" or len(before) < 2 or before[-1].index != rate.index - 1:
        return None
    plan = before[-1]
    if not _PLAN.search(plan.label):
        return None
    done = [i for i in before[:-1] if alike(i, plan)]
    fitting = [i for i in done if _fits(rate, i, plan)]
    if fitting:
        return fitting[-1], plan
    return (done[0], plan) if len(done) == 1 else None


_DONE = re.compile(r"(?:已|共|累计)?完成了?(?:任务|计划)?(?:的)?")
_TO_DO = cues("share", "to_do")


def _done(passage: Passage, rate: Item, before: Sequence[Item]) -> tuple[Item, Item] | None:
    """任務24.6萬劑，已接種19.8萬劑，完成80.5%."""
    if len(before) < 2 or before[-1].index != rate.index - 1 or not _DONE.fullmatch(rate.label):
        return None
    wholes = [i for i in before if _TO_DO.search(i.label)]
    top = before[-1]
    if len(wholes) != 1 or wholes[0] is top or not alike(wholes[0], top):
        return None
    good = _fits(rate, top, wholes[0]) or is_within_a_slip(rate, top, wholes[0], _scale(rate))
    return (top, wholes[0]) if good else None


def _agreeing(rate: Item, before: Sequence[Item]) -> tuple[Item, Item] | None:
    """Two of the figures before a rate of three digits or more whose share it is."""
    if rate.digits < 3:
        return None
    near = before[-_NEAREST:]
    pairs = [(a, b) for a in reversed(near) for b in near if a is not b and alike(a, b) and _larger(b, a)]
    return next((pair for pair in pairs if _fits(rate, *pair)), None)


_NEAREST = 5
_SUBJECT = worded(
    r"^(?:其中)?([\u4e00-\u9fffA-Za-z]{2,6}?)<share.number>?"
    r"(?:<share.of_whole>(?:比[重例率])?[为是达约近整]{0,3}|占[^，,;；。0-9]{1,10})$"
)
_OF_WHOLE = re.compile(r"占([^，,;；。0-9]{2,14})的$")
_LAST_OF_RATE = re.compile(r"(?<![不未非无])([\u4e00-\u9fff]{2})率[为是达约]{0,2}$")
_STEM_OF_RATE = re.compile(r"([\u4e00-\u9fff]{2,6})率[为是达约]{0,2}$")
_NOUN_OF_RATE = re.compile(r"([\u4e00-\u9fff]{2})[\u4e00-\u9fff]{0,4}?(?:率|比重|占比)[为是达约]{0,2}$")


def _by_stem(passage: Passage, rate: Item, before: Sequence[Item]) -> tuple[Item, Item] | None:
    """The part that shares the rate's own word, of the whole it is taken from: 水田比重 is 水田 of 耕地."""
    noun = _NOUN_OF_RATE.search(rate.label)
    if noun is None:
        return None
    akin = _by_akin(rate, before, noun.group(1))
    if akin is not None:
        return akin
    tops = [i for i in before if noun.group(1) in i.label and not _is_denied(rate, i)]
    if not tops and (last := _LAST_OF_RATE.search(rate.label)) is not None:  # 總體合格率 is of those 合格
        tops = [i for i in before if re.search(f"(?<![不未非无]){last.group(1)}", i.label)]
    if len(tops) != 1 or not before or tops[0] is before[0]:
        return None
    top = tops[0]
    if top is before[-1] and not any(i.role == "rate" for i in passage.items[top.index + 1 : rate.index]):
        return None
    wholes = [i for i in before if i is not top and alike(i, top) and _larger(i, top)]
    fitting = next((w for w in wholes if _fits(rate, top, w)), None)
    whole = fitting or next((w for w in wholes if w.start < top.start), None)
    return None if whole is None else (top, whole)


_TOO_COMMON = frozenset("合成完达通有人数总年已未不")


def _by_akin(rate: Item, before: Sequence[Item], noun: str) -> tuple[Item, Item] | None:
    """獲批2,145宗，被拒512宗，批核率75%: the part told by a character of the rate's word, where it agrees."""
    if len(before) < 3 or any(noun in i.label for i in before):
        return None
    tops = [i for i in before[1:] if any(char in i.label for char in noun if char not in _TOO_COMMON)]
    if len(tops) != 1:
        return None
    wholes = [i for i in before if i.start < tops[0].start and alike(i, tops[0]) and _fits(rate, tops[0], i)]
    return (tops[0], wholes[0]) if wholes else None


def _of_any(passage: Passage, rate: Item) -> None:
    """A rate of another kind (發生率, 死亡率, 城鎮化率) of two counts of its sentence, only where it agrees."""
    if _GROWS.search(rate.label) or rate.figure.unit not in ("%", "‰"):
        return
    pool = [
        i for i in passage.items[max(0, rate.index - 4) : rate.index + 2]
        if i.role == "quantity" and i.group == rate.group and i.figure.value
    ]  # fmt: skip
    noun = _NOUN_OF_RATE.search(rate.label)
    for top in reversed(pool):
        for whole in pool:
            if whole is top or not alike(top, whole) or not _larger(whole, top) or not _fits(rate, top, whole):
                continue
            if (rate.figure.value or 0) * 1000 < (rate.figure.ulp or 1) * 10000 and len(pool) > 3 and noun is None:
                continue  # a short number fits too much
            _claim(passage, rate, top, whole, cue=_FIRST_RATE)
            return
    same = [i for i in pool if i.start < rate.start]
    is_pair = len(same) == 2 and alike(*same) and _larger(*same) and same[1].index == rate.index - 1
    named = _LAST_OF_RATE.search(rate.label)
    told = named is not None and named.group(1) in same[1].words if is_pair else False
    if told and rate.digits > 2 and is_within_a_slip(rate, same[1], same[0], _scale(rate)):
        _claim(passage, rate, same[1], same[0], cue=_FIRST_RATE)


def _claim(passage: Passage, rate: Item, top: Item, whole: Item, *, cue: "re.Pattern[str]") -> Item:
    reading = passage.reading
    end = passage.span.end if cue is _OF else rate.start
    start = rate.end if cue is _OF else rate.start - len(rate.clause)
    parameters = {"scale": "1"} if _scale(rate) == 1 else {}
    reading.add(
        "share",
        rate,
        [top, whole],
        [reading.cue(cue, start, end)],
        rule="share." + ("of" if cue is _OF else "rate"),
        parameters=parameters,
    )
    return whole


_THAT_IS = worded(r"[，,]<share.that_is>")


def _of_in_brackets(passage: Passage, rate: Item) -> tuple[Item, Item] | None:
    """三分之二的社区（618个中的412个）."""
    following = passage.items[rate.index + 1 : rate.index + 3]
    if len(following) < 2:
        return None
    whole, top = following
    between = passage.between(whole.end, top.start)
    if not alike(whole, top) or not re.fullmatch(r"[^，,;；。]{0,8}" + _OF.pattern + r"[^，,;；。]{0,6}", between):
        return None
    lead = passage.between(rate.end, whole.start)
    if "，" in lead and whole.opened < rate.end and not _THAT_IS.match(lead):
        return None
    return top, whole


def _of_named(passage: Passage, rate: Item, noun: str) -> Item | None:
    """完成45.2億元，為年度預算的52.3%，預算86.4億元: the whole is named and stands in the sentence."""
    quantities = [i for i in passage.items if i.role == "quantity" and i.group == rate.group]
    wholes = [i for i in quantities if i.label and similarity(i.label.strip("为是达到"), noun) >= Fraction(1, 2)]
    wholes = [i for i in wholes if i.label.strip("为是达到") in noun or noun.endswith(i.label[-2:])]
    if len(wholes) != 1 or _EARLIER.search(noun):
        return None
    tops = [i for i in quantities if i is not wholes[0] and alike(i, wholes[0])]
    if len(tops) != 1:
        return None
    reading = passage.reading
    reading.add(
        "share",
        rate,
        [tops[0], wholes[0]],
        [reading.cue(_OF_CUE, rate.start - 4, rate.start)],
        rule="share.of_named",
    )
    return wholes[0]


def _numerator(
    passage: Passage, rate: Item, before: Sequence[Item], after: Sequence[Item], *, is_share: bool
) -> Item | None:
    if after:
        gap = passage.between(rate.end, after[0].start)
        if re.fullmatch(r"[,，(]\s*(?:即|也就是|为|计)[^，,;；。]{0,4}", gap) and any(
            alike(after[0], b) for b in before
        ):
            return after[0]
    if not before:
        return None
    last = before[-1]
    between = passage.between(last.end, rate.start)
    if _GROWS.search(between) and not is_share:
        return None
    if any(i.role == "rate" for i in passage.items[last.index + 1 : rate.index]):
        return None
    if is_share and _SURVEYED.search(last.words) and re.search(r"中", between):
        return None
    if re.search(r"中[，,]", between) and len([b for b in before if alike(b, last)]) == 1:
        return None
    return last


_OF_ALL = worded(r"<share.of_all>.{0,4}")


def _wholes(
    passage: Passage,
    rate: Item,
    top: Item,
    before: Sequence[Item],
    after: Sequence[Item],
    *,
    last_whole: Item | None,
    is_share: bool,
) -> list[Item]:
    """Candidates for the whole, the likeliest first."""
    pool = [i for i in before if i is not top and alike(i, top)]
    found: list[Item] = []
    named = re.search(r"占([^，,;；。0-9]{2,14})的", rate.clause) or re.search(
        r"占([^，,;；。0-9比]{2,14})$", rate.clause
    )
    if named:
        scored = [(_named(named.group(1), i), i) for i in [*pool, *_around(passage, top)]]
        found.extend(i for s, i in sorted(scored, key=lambda pair: -pair[0]) if s >= Fraction(1, 3))
        if found:
            return found[:1]
        if not _OF_ALL.fullmatch(named.group(1)):
            return []
    bound = passage.reading.bound
    if top.start in bound.parts:
        around = [i for i in _around(passage, top) if (i.start, top.start) in bound and _larger(i, top)]
        around = [i for i in around if i.start not in passage.reading.flowing]
        found.extend(i for i in around if is_plausible(rate, top, i, _scale(rate)))
    if is_share and last_whole is not None and alike(last_whole, top) and last_whole is not top:
        found.append(last_whole)
    if is_share:
        found.extend(i for i in _around(passage, top) if _WHOLE.search(i.label) and _larger(i, top))
        found.extend(i for i in pool if i not in found)
        if not found and rate.digits > 1:  # 增至5,400萬元。張某出資2,160萬元，持股40%: only where it agrees
            found.extend(i for i in _around(passage, top) if _larger(i, top) and _fits(rate, top, i))
    else:
        found.extend(
            i for i in reversed(pool) if i not in found and i.start < top.start and not _shared(passage, i, top)
        )
        if not found and after and alike(after[0], top) and re.search(r"按|以|共|应|总", after[0].label):
            found.append(after[0])
        if not found:  # 已有127萬名選民投票，投票率為28.5%。選民登記總數為447萬人: only where it agrees
            found.extend(i for i in _around(passage, top) if _WHOLE.search(i.label) and _fits(rate, top, i))
        if not found and rate.digits > 2:  # 受理3,210件，其中…；審結2,968件，結案率92.5%
            earlier = [i for i in passage.items[: top.index] if i.group != rate.group and alike(i, top)]
            found.extend(i for i in earlier if _larger(i, top) and _fits(rate, top, i))
    return [i for i in found if i is not top]


def _named(noun: str, item: Item) -> Fraction:
    """How well the words of the figure name `noun`; those before the number count for more."""
    return max(similarity(noun, item.label), similarity(noun, item.words) * Fraction(9, 10))


def _shared(passage: Passage, whole: Item, top: Item) -> bool:
    """Whether another rate between the two makes them members of different statements."""
    return any(i.role == "rate" for i in passage.items[whole.index + 1 : top.index]) and not _WHOLE.search(whole.label)


def _larger(whole: Item, part: Item) -> bool:
    return (
        whole.figure.value is not None
        and part.figure.value is not None
        and (whole.figure.value * whole.factor >= part.figure.value * part.factor)
    )


def _around(passage: Passage, top: Item) -> list[Item]:
    """Figures of this sentence and its neighbours in the paragraph that `top` could be a part of."""
    found = [i for i in passage.items if i is not top and alike(i, top)]
    for other in (passage.beside(1), passage.beside(-1)):
        if other is not None:
            found.extend(i for i in other.items if alike(i, top) and not i.depth)
    return found
