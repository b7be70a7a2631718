"""Totals and their parts: 共, 合計, 其中, 包括, brackets, colon lists, 按…分, 各n, 核減; open lists.

A run is a list of figures of one unit at one depth of brackets. It belongs to a total that stands before it
(with a word or mark that opens a list) or after it (with a word that adds up).
"""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache

from flows.record import Span
from flows.relate.cues import cues, worded
from flows.relate.fits import adds_up, bounds, is_far_above, meets, nearly_adds_up, plus, weighted
from flows.relate.heads import AMONG, BALANCE, headed, is_by_place, is_closed, is_complementary
from flows.relate.levels import is_increment
from flows.relate.parts import PART_OF
from flows.relate.reading import Item, Passage, addable, similarity

#: Words before a total that follows its parts.
TOTAL = worded(r"<sum.total>|<sum.total_of>|(?!<sum.no_total>)总|(?<![公中])(?!<sum.no_joint>)共")
#: Nothing but a word that adds up, and who or what adds up: 共, 兩批共, 三者共計.
_BARE_TOTAL = worded(
    r"(?:[两三四五六七八九十0-9]+[者项类批级期个轮]|<sum.of_these>)?(?:总|一)?[共计](?:计|为|达|约|发放|完成)?"
)
_SURE_TOTAL = cues("sum", "sure_total")
_TOTAL_OF = re.compile(r"([\u4e00-\u9fff]{2,})总额")
#: A total of its own, which ends the list that the next total adds up.
_TOTAL_BEFORE = worded(r"<sum.total>|(?<![公中])共$")
#: Words and marks between a total and its parts.
_OPENER = worded(r"<sum.opens>|按[^，,;；:：。]{1,8}分|[:：(]|[里中][，,:：]?|[，,](?!<sum.no_count>)计")
_STRONG_OPENER = worded(
    r"(?<!其中)(?<!当中)包括|包含|按[^，,;；:：。]{1,8}分|由|<sum.respectively>|[，,](?!<sum.no_count>)计"
)
_OPEN_LIST = worded(r"<open_list.not_all>|等(?=[地国省市县，,:个]|$)")
_OPEN_END = re.compile(r"^[^，,;；。、0-9]{0,6}等")
_BY = re.compile(r"按[^，,;；:：。]{1,8}分")
#: A run ends where one of these stands before the next figure.
_BREAK = worded(
    r"<sum.breaks>|<sum.total>|<sum.respectively>|<time.year_compared>|<sum.no_part>|<level.moved_to>"
    r"|[;；]|[，,](?!<sum.no_count>)计|其他[0-9]"
)
#: A level that something came to, a plan, a mean: no part of a total.
_NO_PART = worded(r"<sum.no_part>|<time.year_compared>|<level.moved_to>")
_EACH = worded(r"(?!<sum.every>)各(?:首次)?(?:<sum.each_has>|<sum.each_gets>[^，,;；:：、]{0,4})?$")
_RATIO = worded(r"比例?[为是]?$|<ratio.number>")
_MINUS = cues("sum", "minus")
_OF_A_TIME = cues("sum", "of_a_time")
#: Parts that never make up their whole.
_SOME = worded(r"<cases.severity>|<cases.contacts>|境外输入$")
_ANAPHOR = worded(r"((?!<sum.no_name>)[\u4e00-\u9fff]{2,14}?)(?:之中|当中|(?!<sum.no_among>)[中里])[，,:：]?")
#: What follows is the rest of a list, or a list of the rest.
_REMAINDER = cues("sum", "remainder")
#: Says that cases are counted, not which.
_LEAD = worded(r"^<sum.lead>")
_CASES = cues("sum", "cases")
_BRACKETED = re.compile(r"\([^()]*\)")
#: Two parts told with 其中 seldom leave nothing out, and any two small numbers are a slip from the whole.
_LEAST_PAIR = 1000


def relate_sums(passage: Passage) -> None:
    """Sums and open lists of a sentence, also those whose total stands in the sentence before."""
    runs = _runs(passage)
    claimed: set[int] = set()
    _totals_after(passage, claimed)
    for run in runs:
        if any(part.start in claimed for part in run):
            continue
        heads = headed(passage, run, _weights(run))
        for whole, parts, closed in heads:
            _relate(passage, whole, parts, closed=closed)
        if not heads and (len(run) > 1 or _weight(run[0].label, run[0].gap) > 1):
            whole_before = _whole_before(passage, run)
            if whole_before is not None:
                _relate(passage, whole_before, run)


def _runs(passage: Passage) -> list[list[Item]]:
    """Lists of figures that can be added; a whole may head its own list."""
    runs: list[list[Item]] = []
    for first in passage.items:
        if first.start in passage.reading.taken or (not first.figure.unit and _RATIO.search(first.label)):
            continue
        home = _home_of(first, runs)
        if home is not None and _continues(passage, home, first):
            home.append(first)
        else:
            runs.append([first])
    return runs


def _home_of(item: Item, runs: Sequence[list[Item]]) -> list[Item] | None:
    """The last list that stands at the item's depth of brackets; another role just before it is no list of it."""
    for run in reversed(runs):
        last = run[-1]
        is_beside = last.depth == item.depth and last.opened == item.opened
        if is_beside and (last.role == item.role or item.index > last.index + 1):
            return run
    return None


def _continues(passage: Passage, run: list[Item], item: Item) -> bool:
    last = run[-1]
    if not (addable(last, item) or addable(run[0], item)):
        return False
    between = passage.between(last.end, item.start)
    words = _BRACKETED.sub("", between) if "(" in between else between
    if "(" in words or ":" in words or _BREAK.search(words) or _OPEN_END.match(words):
        return False
    if ("比" in item.label or "较" in item.label) and is_increment(item):
        return False
    if _OF_A_TIME.search(words) and not _OF_A_TIME.search(run[0].gap):
        return False  # 香港14家、內地8家，年內新開3家
    if "新增" in words and not ("新增" in run[0].gap or "各" in words or "首次" in words):
        return False
    if "来自" in words and "来自" not in run[0].gap and "来自" not in passage.between(run[0].end, last.start):
        return False
    named = _ANAPHOR.search(words) if "中" in words or "里" in words else None
    if named and similarity(_who(named.group(1)), passage.text[: last.start - passage.span.start]) >= Fraction(1, 2):
        return False
    return "按" not in words or _BY.search(words) is None


@lru_cache(maxsize=8192)  # asked of a list by every rule that tries it
def _weight(label: str, gap: str) -> int:
    """How many the figure of these words stands for: the names before 各; -1 for what is taken away."""
    if _MINUS.search(label):
        return -1
    each = _EACH.search(label) if "各" in label else None
    if not each:
        return 1
    names = gap[: len(gap) - len(label) + each.start()]
    names = _BRACKETED.sub("", names)
    names = re.split(r"[，,;；:：。()]", names.strip("，,;；:：。、 "))[-1]
    pieces = [piece for piece in names.split("、") if piece.strip()]
    if not pieces:
        return 1
    return len(pieces) + (1 if re.search(r"[^及和与暨以].*?(?:以及|及|和|与)[^及和与]", pieces[-1]) else 0)


def _weights(parts: Sequence[Item]) -> list[int]:
    return [_weight(part.label, part.gap) for part in parts]


def _totals_after(passage: Passage, claimed: set[int]) -> None:
    items = passage.items
    for total in items:
        cue = TOTAL.search(total.label)
        if cue is None or total.role == "rate" or total.index == 0 or re.search(r"平均|每(?!股)|人均", total.label):
            continue
        per_share = "每股" in total.label
        if per_share and _OF_ANOTHER_TIME.search(total.label):
            continue
        parts: list[Item] = []
        for item in reversed(items[: total.index]):
            if item.depth != total.depth or not addable(total, item):
                continue
            if parts and _TOTAL_BEFORE.search(item.label):
                break
            if per_share and "每股" in item.label:  # 末期股息每股0.28港元，中期每股0.15港元，全年每股0.43港元
                parts.append(item)
                continue
            if _NO_PART.search(item.label) or _is_of_another_time(item) or per_share:
                continue
            parts.append(item)
        parts.reverse()
        so_many = _SO_MANY.match(total.label) or _SO_MANY.match(_count_before(passage, total))
        if so_many is not None and len(parts) > 2:  # 兩項合計: the last two that are told
            parts = parts[-2:] if so_many.group(1) in "两兩二2" else parts
        if "全年" in cue.group():
            first = next((k for k, p in enumerate(parts) if re.search(r"半年|季度", p.label)), len(parts))
            if not per_share:
                parts = [p for p in parts[first:] if not p.label.strip("和及与") or re.search(r"半年|季度", p.label)]
        if len(parts) < 2 and sum(_weights(parts)) < 2:
            continue
        bare = bool(_BARE_TOTAL.fullmatch(total.label))
        sure = bool(_SURE_TOTAL.search(total.label)) or "全年" in cue.group() or bare
        if (of_own := _TOTAL_OF.search(total.label)) is not None:  # 權益總額 is no total of debts
            sure = any(similarity(of_own.group(1)[-2:], part.words) for part in parts)
        candidates = [parts]
        if total.role != "points":  # rounding leaves room for many a list of small points
            candidates += [parts[i:] for i in range(1, len(parts) - 1)]
        candidates += [run for run in [[p for p in parts if not PART_OF.search(p.gap)]] if 1 < len(run) < len(parts)]
        chosen = next((c for c in candidates if adds_up(total, c, _weights(c))), None)
        if chosen is None:
            near = (c for c in candidates if nearly_adds_up(total, c, _weights(c), _least(c, sure=sure)))
            chosen = next(near, None)
        if chosen is None and sure:
            own = [part for part in parts if part.group == total.group]
            parts = own if len(own) > 1 else parts
            reach = (10, 1000) if bare else (50, 200)
            chosen = parts if _comparable(total, parts, _weights(parts), *reach) else None
        if chosen is None:
            continue
        kind = "contribution" if total.role == "points" else "sum"
        _add_sum(passage, kind, total, chosen, cues=[_span(passage, TOTAL, total)], rule="sum.total_after")
        claimed.update(part.start for part in chosen)


_AGAINST = re.compile(r"同比|环比|[比较]")
#: A level of another time: 上月為226.3萬, 較第二季度138.9億元.
_OF_ANOTHER_TIME = worded(r"^(?:[较比]|<time.another>)")
_SO_MANY = re.compile(r"([两二三四五2-5])[项者类个种]")


def _is_of_another_time(item: Item) -> bool:
    """Whether the figure is an earlier level, or by how much one differs from it: no part of a total told after it."""
    if _OF_ANOTHER_TIME.search(item.label):
        return True
    return _AGAINST.search(item.label) is not None and is_increment(item)


def _count_before(passage: Passage, total: Item) -> str:
    """The figure just before a total that says how many it adds up: 兩項合計."""
    before = passage.items[total.index - 1]
    return passage.between(before.start, before.end) if before.end == total.start - len(total.label) else ""


def _least(parts: Sequence[Item], *, sure: bool) -> int:
    """How many last places a total must have for a slip in it to be believed."""
    return 0 if sure else _LEAST_PAIR if len(parts) == 2 else 30


def _span(passage: Passage, pattern: "re.Pattern[str]", item: Item) -> Span | None:
    return passage.reading.cue(pattern, item.start - len(item.gap), item.start)


def _comparable(whole: Item, parts: Sequence[Item], weights: Sequence[int], low: int = 50, high: int = 200) -> bool:
    """Whether the parts make between `low` and `high` percent of the whole."""
    value = whole.figure.value
    if not value or value < 0:
        return False
    total = sum(p.amount * w for p, w in zip(parts, weights, strict=True))
    return low <= total * 100 / (value * whole.factor) <= high


def _add_sum(
    passage: Passage,
    kind: str,
    whole: Item,
    parts: Sequence[Item],
    *,
    cues: Sequence[Span | None],
    rule: str,
) -> None:
    reading = passage.reading
    weights = _weights(parts)
    each = [Span(p.start - 1, p.start) for p, w in zip(parts, weights, strict=True) if w > 1 and p.label.endswith("各")]
    if reading.add(kind, whole, parts, [*cues, *each], weights=weights if set(weights) != {1} else (), rule=rule):
        reading.bound.update((whole.start, part.start) for part in parts)


def _whole_before(passage: Passage, run: list[Item]) -> Item | None:
    """The figure the run takes apart: just before it, or named again with 中 or 里."""
    first = run[0]
    items = passage.items
    before = [item for item in items[: first.index] if addable(item, first) and item not in run]
    before = [item for item in before if not is_increment(item)] or before
    lead = first.clause if "中" in first.clause or "里" in first.clause else first.gap
    named = None
    for named in _ANAPHOR.finditer(lead):
        noun = named.group(1)
        named_item = _named(passage, noun, before, run)
        if named_item is not None:
            return named_item
    if first.opened >= 0:
        outer = [item for item in before if item.end <= first.opened and item.depth == first.depth - 1]
        close = [i for i in outer if not re.search(r"[，,;；。]", passage.between(i.end, first.opened))]
        if close:
            return close[-1]
        if not outer or passage.between(outer[-1].end, first.opened).count("，") > 1:
            return None
    candidates = [item for item in before if item.depth == first.depth] or [i for i in before if i.depth < first.depth]
    if candidates:
        near = candidates[-1]
        if _BY.search(first.gap):  # a second way to take the same whole apart
            at = passage.text.find("按") + passage.span.start
            heads = [i for i in candidates if i.end <= at]
            if heads:
                return heads[-1]
        fitting = _fitting(reversed(candidates), run)
        if fitting is not None and _opens(passage, fitting, run):
            return fitting
        return near if _opens(passage, near, run) else None
    if first.index == 0 or not any(addable(i, first) for i in items[: first.index]):
        return _whole_in_sentence_before(passage, run)
    return None


def _opens(passage: Passage, whole: Item, run: list[Item]) -> bool:
    return bool(_OPENER.search(passage.between(whole.end, run[0].start)))


def _who(noun: str) -> str:
    """傷者 are told of 23傷."""
    return noun[0] if len(noun) == 2 and noun[1] == "者" else noun


_GENERIC = worded(r"<sum.generic>|.*个案")


def _named(passage: Passage, noun: str, before: Sequence[Item], run: Sequence[Item]) -> Item | None:
    """The figure of `noun`: in this sentence, or up to six back within two paragraphs."""
    generic = _GENERIC.fullmatch(noun) is not None
    pool: list[Item] = [item for item in before if item.depth == 0 or item.depth == run[0].depth]
    reading = passage.reading
    for back in range(passage.index - 1, max(-1, passage.index - 7), -1):
        other = reading.passages[back]
        if passage.paragraph - other.paragraph > 1:
            break
        pool.extend(item for item in other.items if addable(item, run[0]) and item.depth == 0)
    core = _who(_CASES.sub("", _LEAD.sub("", noun)) or noun)
    scored = [(similarity(core, passage.reading.folded[i.start - len(i.gap) : i.start] + i.tail), i) for i in pool]
    good = [item for score, item in scored if score >= Fraction(1, 2)]
    if not good:
        return before[-1] if generic and before else None
    fitting = _fitting(good, run)
    if fitting is not None:
        return fitting
    near = _nearly_fitting(good, run)
    if near is not None:
        return near
    best = max(score for score, _ in scored)
    top = [item for score, item in scored if score == best]
    return top[0] if len(top) == 1 or is_by_place(run) else None


def _whole_in_sentence_before(passage: Passage, run: list[Item]) -> Item | None:
    """A sentence that begins with 其中 takes apart a figure of the one before."""
    if passage.index == 0 or not re.match(r"\s*(?:其中|包括|分别)", passage.text):
        return None
    previous = passage.reading.passages[passage.index - 1]
    pool = [item for item in previous.items if addable(item, run[0]) and item.depth == 0]
    fitting = _fitting(reversed(pool), run)
    if fitting is not None:
        return fitting
    if len(pool) == 1:
        return pool[0]
    return _nearly_fitting(reversed(pool), run)


def _fitting(wholes: Iterable[Item], run: Sequence[Item]) -> Item | None:
    """The first of the wholes that the list adds up to; it is added up once for all of them."""
    total = weighted(run, _weights(run))
    return next((item for item in wholes if meets(bounds(item), total)), None)


def _nearly_fitting(wholes: Iterable[Item], run: Sequence[Item]) -> Item | None:
    weights = _weights(run)
    return next((item for item in wholes if nearly_adds_up(item, run, weights)), None)


def _relate(passage: Passage, whole: Item, run: list[Item], *, closed: bool = False) -> None:
    """A sum where the list is complete, otherwise what can still be said of a whole and its parts."""
    if whole.role == "rate" or BALANCE.search(whole.label):
        return
    reading = passage.reading
    if all((whole.start, part.start) in reading.bound for part in run):
        return
    lead = passage.between(whole.end, run[0].start)
    cue = reading.cue(_OPENER, whole.end, run[0].start) or reading.cue(
        _ANAPHOR, run[0].start - len(run[0].gap), run[0].start
    )
    run = _prolonged(passage, whole, _enumerated(passage, whole, run))
    weights = _weights(run)
    end_words = passage.between(run[-1].end, passage.span.end)
    is_open = bool(_OPEN_LIST.search(lead)) or bool(_OPEN_END.match(end_words))
    some = 0 if _are_all_severities(run) else sum(1 for part in run if _SOME.search(part.words))
    by_place = is_by_place(run) and not _REMAINDER.search(lead) and not _goes_on(passage, whole, run)
    closed = closed or is_closed(run) or by_place
    incomplete = not closed and (bool(_REMAINDER.search(lead)) or _goes_on(passage, whole, run))
    is_open = is_open or incomplete
    if not is_open and not some and len(run) > 1:  # one part, even where it is all of it, is a part
        if adds_up(whole, run, weights):
            _add_sum(passage, "sum", whole, run, cues=[cue], rule="sum.list_after")
            return
        strong = (
            closed
            or bool(_STRONG_OPENER.search(lead))
            or (":" in lead and "，" not in lead.split(":")[0] and len(run) > 1)
            or is_complementary(run)
        )
        if _mixed(run) and not strong:
            return
        complete = strong or _reads_complete(passage, run)
        reach = (3, 3000) if by_place else (10, 1000) if closed else (50, 200)
        agrees = strong and _comparable(whole, run, weights, *reach)
        if agrees or nearly_adds_up(whole, run, weights, 0 if complete else _LEAST_PAIR if len(run) == 2 else 30):
            _add_sum(passage, "sum", whole, run, cues=[cue], rule="sum.list_after")
            return
        if len(run) >= 4 and _comparable(whole, run, weights, 80, 125):
            _add_sum(passage, "sum", whole, run, cues=[cue], rule="sum.list_after")
            return
    _open(passage, whole, run, cue, closed_to_overlap=is_open)


#: Tells a state of the whole's, not the next of its parts.
_OF_ITS_OWN = cues("sum", "own_state")
_NEXT_OF_LIST = re.compile(r"[、和及与].*")


def _enumerated(passage: Passage, whole: Item, run: list[Item]) -> list[Item]:
    """The figures joined by 、 where they make the whole and what follows in a clause of its own does not belong to
    them: 隱患點214處，其中滑坡126處、崩塌57處、泥石流31處，已治理143處."""
    own = next((k for k in range(2, len(run)) if _OF_ITS_OWN.match(run[k].label)), 0)
    if not own or not run[own].gap.startswith(("，", ",")) or adds_up(whole, run, _weights(run)):
        return run
    if any(_NEXT_OF_LIST.fullmatch(passage.between(run[k - 1].end, run[k].start)) is None for k in range(1, own)):
        return run
    listed = run[:own]
    fits = adds_up(whole, listed, _weights(listed))
    return listed if fits or (own > 2 and nearly_adds_up(whole, listed, _weights(listed), 100)) else run


def _prolonged(passage: Passage, whole: Item, run: list[Item]) -> list[Item]:
    """The run with the figures after it where only both together make the whole."""
    total = weighted(run, _weights(run))
    ends = bounds(whole)
    if meets(ends, total):
        return run
    after = [i for i in passage.items[run[-1].index + 1 :] if i.opened == run[0].opened and addable(whole, i)][:1]
    if after and is_closed([*run, *after]) and not re.search(r"[;；]", passage.between(run[-1].end, after[0].start)):
        return [*run, *after]
    longer = list(run)
    for item in passage.items[run[-1].index + 1 :]:
        if ends[1] is not None and total[0] is not None and total[0] > ends[1]:
            return run
        if item.depth != run[0].depth or item.opened != run[0].opened or not addable(whole, item):
            continue
        longer.append(item)
        total = plus(total, item, _weight(item.label, item.gap))
        if meets(ends, total):
            return longer
    return run


def _are_all_severities(run: Sequence[Item]) -> bool:
    """普通型, 輕型, 重型 and 危重型 leave no case out."""
    words = "|".join(part.words for part in run)
    return len(run) > 2 and all(kind in words for kind in ("普通型", "轻型", "重型"))


_GOING_ON = cues("sum", "goes_on")


def _goes_on(passage: Passage, whole: Item, run: Sequence[Item]) -> bool:
    """Whether the list goes on with 新增 or 其他, so that it cannot be told where it ends."""
    after = [i for i in passage.items[run[-1].index + 1 :] if i.depth == run[0].depth and addable(whole, i)]
    if not after or run[0].opened >= 0:
        return False
    between = passage.between(run[-1].end, after[0].start)
    return bool(_GOING_ON.search(between)) and not re.search(r"[;；]", between)


def _reads_complete(passage: Passage, run: Sequence[Item]) -> bool:
    """At least three short names with their figures, up to the end of the sentence or bracket."""
    after = passage.between(run[-1].end, min(run[-1].end + 1, passage.span.end))
    return (
        (len(run) > 2 or all("来自" in part.label for part in run))
        and after in ("", "。", ")", ";", "；", "，")
        and all(len(part.label) <= 14 for part in run[1:])
        and not any(re.search(r"已|正在|有", part.label) for part in run)
    )


def _mixed(run: Sequence[Item]) -> bool:
    """Figures of different nouns (2例確診病例和652例無症狀感染者) are no list."""
    nouns = {match.group() for part in run if (match := re.match(r"[\u4e00-\u9fff]{2}", part.tail))}
    return len(nouns) > 1 and all(re.match(r"[\u4e00-\u9fff]{2}", part.tail) for part in run)


def _open(passage: Passage, whole: Item, run: Sequence[Item], cue: Span | None, *, closed_to_overlap: bool) -> None:
    """Every part is no more than the whole; together they are not either, unless they may overlap."""
    reading = passage.reading
    if whole.role != "quantity" or not _is_subset_list(passage, whole, run):
        return
    fits = True
    for place, part in enumerate(run):
        if is_far_above(part, whole):  # 教職員186人，其中教師149人、職工37人，在校學生2,384人
            return _open(passage, whole, run[:place], cue, closed_to_overlap=closed_to_overlap) if place else None
        fits = fits and (whole.high is None or part.low is None or part.low <= whole.high)
        if reading.add("subset", whole, [part], [cue], rule="subset.list"):
            reading.bound.add((whole.start, part.start))
    if fits and len(run) > 1:  # where one part alone is too much, that finding is enough
        doubt = "" if closed_to_overlap else "the parts of the list may overlap"
        reading.add("open_list", whole, run, [cue], doubt=doubt, rule="open_list")


_BRACKETS_SOME = re.compile(r"主要|包括|[例比]?如")
_TELLS_SOME = worded(r"<subset.lists>|[，,:：][例比]?如")


def _is_subset_list(passage: Passage, whole: Item, run: Sequence[Item]) -> bool:
    lead = passage.between(whole.end, run[0].start)
    if run[0].opened >= 0 and run[0].opened >= whole.end:
        return bool(PART_OF.search(lead)) or bool(_BRACKETS_SOME.search(lead))
    lead = _BRACKETED.sub("", lead)  # （含稅）
    told = _TELLS_SOME.search(lead) or AMONG.match(lead)
    return bool(told) and not re.search(r"[;；。]", lead)
