"""A whole that heads its own list, without a word that opens it: 養老機構132家，公辦56家，民辦76家.

Also the words that say whether a list is closed: 其餘 and 余下, pairs that leave nothing out (公辦 and 民辦), and the
phrase that names a whole once more or for the first time: 這58名學員中，….
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from flows.record.vocabulary import vocabulary
from flows.relate.cues import complements, cues, worded
from flows.relate.fits import adds_up, nearly_adds_up
from flows.relate.reading import Item, Passage, addable

#: The words between a whole and its parts say that these are among it: 23例本土病例中，; 85所學校里，.
AMONG = re.compile(r"^[^，,;；。:：、]{0,16}?(?:之中|当中|(?<![甲乙丙丁、])[中里](?!共))(?:[，,]|已?有|共有|$)")
_IN_BRACKETS = re.compile(r"\([^()0-9]*\)")
#: What is left of the whole closes its list.
REST = cues("sum", "rest")
_SURE_REST = cues("sum", "sure_rest")
#: A figure that cannot be the whole of what follows: a flow, a mean, what is compared with.
_NO_WHOLE = cues("sum", "no_whole")
_OPENS = cues("open_list", "opens")
_PLANNED = cues("sum", "planned")
#: A balance is no whole: 順差, 淨增.
BALANCE = cues("sum", "balance")
#: Words before a list of parts: its whole stands further back.
_INTRODUCED = worded(
    r"[中里][，,]|[按分从][^，,;；:：。0-9]{1,12}?[分看划][，,:：]|<sum.introduces>|[:：(]|[，,](?!<sum.no_count>)计"
)
_EACH_ITS_OWN = re.compile(r"分别|依次|[,，]为$")
_WHOLE_WORD = cues("sum", "whole")


class Headed(NamedTuple):
    """A whole, the parts that follow it, and whether their words leave nothing out."""

    whole: Item
    parts: list[Item]
    is_closed: bool


def headed(passage: Passage, run: Sequence[Item], weights: Sequence[int]) -> list[Headed]:
    """The wholes among the run's figures with the parts that follow each."""
    found: list[Headed] = []
    at = 0
    if _INTRODUCED.search(run[0].gap):
        return []
    while at < len(run):
        whole, rest, own = run[at], list(run[at + 1 :]), list(weights[at + 1 :])
        following = rest or _next(passage, whole)
        if not following or (whole.role == "rate"):
            break
        lead = _IN_BRACKETS.sub("", passage.between(whole.end, following[0].start))
        if BALANCE.search(whole.label):
            break
        leads = whole.index and passage.items[whole.index - 1].group != whole.group
        if lead.startswith("、"):  # told as one of a list, not before it
            at += 1
            continue
        if at and not leads and not (_WHOLE_WORD.search(whole.label) and whole.gap[:1] in "，,;；"):
            at += 1
            continue
        if AMONG.match(lead) or _OPENS.search(lead):
            found.append(Headed(whole, following, is_complementary(following)))
            break
        count = _parts(passage, whole, rest, own)
        if count:
            found.append(Headed(whole, rest[:count], True))
        at += 1 + count
    return found


def _next(passage: Passage, whole: Item) -> list[Item]:
    following = passage.items[whole.index + 1 : whole.index + 2]
    return [i for i in following if addable(whole, i) and i.depth == whole.depth and i.group == whole.group]


def _parts(passage: Passage, whole: Item, rest: Sequence[Item], weights: Sequence[int]) -> int:
    """How many of the figures after it make up the whole; 0 where none do."""
    if sum(weights) < 2 or _NO_WHOLE.search(whole.label) or (whole.figure.value or 0) < 2:
        return 0
    for count in range(1, len(rest) + 1):
        if sum(weights[:count]) >= 2 and adds_up(whole, rest[:count], weights[:count]):
            return count
    if _PLANNED.search(whole.label):
        return 0  # 計劃五年投放50億元，首年已撥8.6億元: what is done need not make up what is planned
    leads = whole.index == 0 or passage.items[whole.index - 1].group != whole.group
    if not (_WHOLE_WORD.search(whole.label) or leads) or not all(len(p.label) <= 12 for p in rest):
        return 0
    in_place = _IN_PLACE.search(_ALL_OF_PLACE.sub("", whole.label)) or not whole.label
    if in_place and is_by_place([whole, *rest]) and not _WHOLE_WORD.search(whole.label):
        return 0  # 乙區32例，丙區21例，丁區9例 are peers
    lead = passage.between(whole.end, rest[0].start)
    if is_complementary(rest) or max(weights) > 1 or _EACH_ITS_OWN.search(lead):
        return len(rest) if _ratio_within(10, whole, rest, weights) else 0
    only = len(rest) == 2 and leads and _are_all(passage, whole, rest)
    listed = (len(rest) > 2 or only or _share_noun(whole, rest)) and nearly_adds_up(whole, rest, weights)
    return len(rest) if listed and _ratio_within(4, whole, rest, weights) else 0


def _are_all(passage: Passage, whole: Item, parts: Sequence[Item]) -> bool:
    """Whether the two parts are all that their sentence has of the whole's kind, each smaller than it."""
    same = [i for i in passage.items if i.group == whole.group and addable(whole, i)]
    if len(same) != 3 or any(_STATES.search(part.words) or _NO_WHOLE.search(part.label) for part in parts):
        return False
    return all(part.amount < whole.amount for part in parts)


_STATES = cues("sum", "case_states")


def _share_noun(whole: Item, parts: Sequence[Item]) -> bool:
    """Two parts told by the whole's own noun: 婚姻登記, 結婚登記 and 離婚登記."""
    noun = whole.label[-2:]
    return len(noun) == 2 and not _STATES.search(noun) and all(p.label.endswith(noun) for p in parts)


def _ratio_within(limit: int, whole: Item, parts: Sequence[Item], weights: Sequence[int]) -> bool:
    """Whether neither the whole nor the parts together are more than `limit` times the other."""
    value = whole.amount
    total = sum(p.amount * w for p, w in zip(parts, weights, strict=True))
    return value > 0 and value <= limit * total and total <= limit * value


def is_complementary(run: Sequence[Item]) -> bool:
    """Two parts that leave nothing out: 男 and 女, 已 and 尚未."""
    if len(run) != 2:
        return False
    one, other = run[0].words, run[1].words
    return any((a in one and b in other) or (b in one and a in other) for a, b in complements())


_IN_PLACE = re.compile(r"[省市县区州盟旗镇乡村街地]")
_ALL_OF_PLACE = re.compile(r"[全本我][国省市县区州镇地]")
_PLACE = worded(r"(?:[省市县区州盟旗镇乡村街]|<place.ends>|[甲乙丙丁][地区])<place.then>*$")
_CONJUNCTION = re.compile(r".*[、，,和及与:：(]|^其中|^来自|^分布[在于]")


def is_by_place(run: Sequence[Item]) -> bool:
    """A list that goes through places (蘭州市11例、白銀市1例) leaves none out, unless it says 等."""
    if len(run) < 2 or any(len(part.label) > 14 for part in run):
        return False
    names = [_CONJUNCTION.sub("", part.label) for part in run]
    return sum(1 for name in names if _PLACE.search(name) or name in places()) * 4 >= 3 * len(run)


@lru_cache(maxsize=1)
def provinces() -> frozenset[str]:
    """Names of provinces, folded, with and without 省 and 市."""
    names = {row["name_hans"] for row in vocabulary("places") if row["level"] == "province"}
    short = {name[:3] if name.startswith(("内蒙", "黑龙")) else name[:2] for name in names}
    return frozenset(names | short)


@lru_cache(maxsize=1)
def places() -> frozenset[str]:
    """Names of places, folded, with and without 省, 市, 縣."""
    names = {row["name_hans"] for row in vocabulary("places")}
    return frozenset(names | {name[:-1] for name in names if len(name) > 2 and name[-1] in "省市县区州盟"})


def is_closed(run: Sequence[Item]) -> bool:
    """Whether the last of the list is what is left."""
    last = run[-1]
    words = last.label if len(last.label) > 2 else last.gap  # 其餘為核電，計122萬千瓦
    return len(run) > 1 and _SURE_REST.search(words) is not None
