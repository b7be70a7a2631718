"""Rates that no word binds to their figures, but arithmetic does: taken last, of what the sentence has left.

A printed rate of three digits that the quotient of two figures beside it gives is no chance. Where the sentence
has only one pair that it could be of, one slip is allowed.
"""

import re
from collections.abc import Sequence

from flows.record import Span
from flows.relate.cues import cues, worded
from flows.relate.fits import adds_up, is_within_a_slip, meets, printed, quotient
from flows.relate.levels import cue_before, is_increment
from flows.relate.reading import Item, Passage, alike

_GROWS = cues("agreement", "changes")
_SHARE = cues("agreement", "share")
_CONSTANT = worded(r"<agreement.constant_prices>|<growth.at_constant_prices>")
_EARLIER = cues("time", "year_compared")
_STEM = re.compile(r"([\u4e00-\u9fff]{2})率(?:为|达|是|约|达到)?$")
_MEASURED = worded(r"<agreement.measured>[为达共是约]*$")
_COMPARED = worded(r"<time.year_compared>|<agreement.no_total>")
_WINDOW = 5
_FURTHER = 8
_ALL = 100
#: A total of fewer last places than this adds up by chance too often.
_LEAST_TOTAL = 100


def relate_agreement(passage: Passage, bound: set[int]) -> None:
    """Shares and growth of the rates that are the result of no claim yet; `bound`: the starts of those that are.

    Also the figure that the ones before it make up exactly, where it is in no sum yet.
    """
    _totals(passage, bound)
    for rate in passage.items:
        if rate.role != "rate" or rate.figure.unit != "%" or rate.start in bound or rate.figure.hedge:
            continue
        pool = [
            i for i in passage.items[max(0, rate.index - _WINDOW) : rate.index + 3]
            if i.role == "quantity" and i.figure.value and i.group == rate.group
        ]  # fmt: skip
        if _GROWS.search(rate.label):
            _increment_after(passage, rate, pool)
        elif _SHARE.search(rate.label):
            _share(passage, rate, pool)


def _share(passage: Passage, rate: Item, pool: Sequence[Item]) -> None:
    if not _share_near(passage, rate, pool):
        _share_by_stem(passage, rate)


def _share_by_stem(passage: Passage, rate: Item) -> None:
    """立案386件，…；已辦復380件，辦復率98.4%: the figure of the rate's own word, of one told further back."""
    top = passage.items[rate.index - 1] if rate.index else None
    noun = _STEM.search(rate.label)
    if top is None or noun is None or rate.digits < 3 or not re.search(f"(?<![不未非无]){noun.group(1)}", top.label):
        return
    wholes = [
        i for i in passage.items[max(0, top.index - _FURTHER) : top.index]
        if alike(i, top) and _is_larger(i, top) and not _EARLIER.search(i.label)
    ]  # fmt: skip
    fitting = [w for w in wholes if _fits(rate, top, w)] or [w for w in wholes if is_within_a_slip(rate, top, w, 100)]
    if fitting:
        cue = cue_before(passage, _SHARE, rate)
        passage.reading.add("share", rate, [top, fitting[-1]], [cue], rule="share.stem")


def _share_near(passage: Passage, rate: Item, pool: Sequence[Item]) -> bool:
    pairs = [(a, b) for a in pool for b in pool if a is not b and alike(a, b) and _is_larger(b, a)]
    pairs = [p for p in pairs if not any(i.index and _EARLIER.search(i.label) for i in p)]
    pairs.sort(key=lambda p: abs(p[0].index - rate.index) + abs(p[1].index - rate.index))
    chosen = next((p for p in pairs if _fits(rate, *p)), None)
    if chosen is not None and len(pairs) > 1 and rate.digits < 3:
        return True
    may_slip = rate.digits >= 3 and (rate.figure.value or 0) <= _ALL
    may_slip = may_slip and chosen is None and len(pairs) == 1 and _is_named(rate, *pairs[0])
    if may_slip and is_within_a_slip(rate, *pairs[0], 100):
        chosen = pairs[0]
    if chosen is not None:
        passage.reading.add("share", rate, chosen, [cue_before(passage, _SHARE, rate)], rule="share.agrees")
    return chosen is not None


def _is_named(rate: Item, top: Item, whole: Item) -> bool:
    """Whether the figures are told with a character of the rate's word, if it is a …率: no 失業率 of those trained."""
    noun = _STEM.search(rate.label)
    return noun is None or any(char in top.words + whole.words for char in noun.group(1)[:1])


def _totals(passage: Passage, bound: set[int]) -> None:
    """一般債券45億元、專項債券120億元，發行規模165億元: what the two or more figures just before it make up."""
    reading = passage.reading
    run: list[Item] = []
    for item in passage.items:
        last = run[-1] if run else None
        if last is None or not alike(last, item) or item.depth != last.depth or item.index != last.index + 1:
            run = [item]
            continue
        is_new = len(run) > 1 and item.role == "quantity" and item.start not in bound and _is_new_total(item, run)
        if is_new and not any(i.start in reading.bound.parts for i in (item, *run)):
            chosen = next((run[k:] for k in range(len(run) - 1) if adds_up(item, run[k:], [1] * (len(run) - k))), None)
            if chosen is not None and reading.add("sum", item, chosen, [_own_words(item)], rule="sum.agrees"):
                reading.bound.update((item.start, part.start) for part in chosen)
        run.append(item)


def _is_new_total(item: Item, run: Sequence[Item]) -> bool:
    """Printed to three places or more, under words of its own that compare nothing."""
    if not _MEASURED.search(item.label) or any(part.label.endswith(item.label[-2:]) for part in run):
        return False
    value = item.figure.value
    if value is None or item.figure.hedge or abs(value) < _LEAST_TOTAL * (item.figure.ulp or 1):
        return False
    return item.gap[:1] in "，,；;" and not any(_COMPARED.search(i.label) for i in (item, *run))


def _own_words(item: Item) -> Span:
    return Span(item.start - len(item.label), item.start)


def _increment_after(passage: Passage, rate: Item, pool: Sequence[Item]) -> None:
    """同比增長6.9%，增收1.2億元: the increment told after its rate."""
    after = [i for i in pool if i.index == rate.index + 1 and is_increment(i)]
    before = [i for i in pool if i.index == rate.index - 1 and after and alike(i, after[0])]
    if not after or not before or _CONSTANT.search(passage.between(passage.span.start, rate.end)):
        return
    cue = cue_before(passage, _GROWS, rate)
    passage.reading.add("growth_from_increment", rate, [before[0], after[0]], [cue], rule="growth.increment_after")


def _fits(rate: Item, top: Item, whole: Item) -> bool:
    image = quotient(top, whole, 100)
    return image != (None, None) and meets(printed(rate), image)


def _is_larger(whole: Item, part: Item) -> bool:
    return whole.amount >= part.amount
