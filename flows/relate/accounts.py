"""Accounts told over sentences: opening, what came, what went, closing; and what came less what went, told as one net.

年初在冊對象18,254人，年內新增1,136人，退出2,047人，年末在冊17,343人，全年淨退出911人. The level before and
the one after say so by their words; between them stand the flows, each told to have come or gone. Nets, subtotals,
parts of a flow and comparisons stand among them too and are none.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product

from flows.record import Span
from flows.relate.averages import is_mean
from flows.relate.cues import cues, worded
from flows.relate.fits import adds_up, are_near, nearly_adds_up
from flows.relate.levels import is_whole_of_share
from flows.relate.reading import Item, Passage, alike

#: The level before and after, the one by a word of its time or of what was carried over.
OPENING = worded(
    r"<net_flow.opening>|[年月期季周旬]初|上[年月期季周旬届学][度期]?末"
    r"|上[年月期季周旬届]度?(?:<net_flow.balance>|在册|存栏|期末)"
)
CLOSING = worded(r"<net_flow.closing>|^累计|[本年月期]度?<net_flow.balance>|^<net_flow.now>?<net_flow.stock>")
_IN = cues("net_flow", "in")
_OUT = cues("net_flow", "out")
_NET = worded(r"<net_flow.net>|净(?!<net_flow.no_net>)[\u4e00-\u9fff]{0,2}[增减出入]")
_FALLS = worded(r"净[\u4e00-\u9fff]{0,2}[减出]")
_SUBTOTAL = worded(r"<sum.total>|(?<!公)共(?!同)|总数|应")
_PART_OF = cues("subset", "part_of")
_COMPARED = worded(r"<growth.against>")
#: So many sentences back in the paragraph an account may begin.
_BACK = 2
_MOST_FLOWS = 6
#: What does not agree is a misprint where neither side is so many times the other.
_NEAR = Fraction(9, 8)


def relate_accounts(passage: Passage) -> None:
    """Accounts that a figure of the sentence closes, and nets of it."""
    told: list[Item] = []
    for item in passage.items:
        if item.role != "quantity" or not item.base or not item.label:
            continue
        is_net = _NET.search(item.label) is not None
        if not is_net and (CLOSING.search(item.label) is None or OPENING.search(item.label)):
            continue
        told = told or list(_amounts(passage))
        if is_net:
            _net(passage, item, told)
        else:
            _account(passage, item, told)


def _amounts(passage: Passage) -> Iterator[Item]:
    """The amounts of the sentence and those before it that can be levels or flows, in order."""
    for back in range(_BACK, -1, -1):
        at = passage if not back else passage.beside(-back)
        if at is None:
            continue
        for item in at.items:
            if item.role == "quantity" and item.base and not is_mean(item) and not is_whole_of_share(at, item):
                yield item


def _account(passage: Passage, closing: Item, told: Sequence[Item]) -> None:
    same = [i for i in told if i.start < closing.start and alike(i, closing) and i.depth == closing.depth]
    opening = next((i for i in reversed(same) if OPENING.search(i.label)), None)
    if opening is None or opening.start in passage.reading.flowing:
        return
    head = min(opening.start, _sentence_start(passage, opening))
    flows = [i for i in same if i is not opening and i.start >= head and _may_flow(i)]
    signs = [sign_of(i) for i in flows]
    if not flows or len(flows) > _MOST_FLOWS:
        return
    weights = _weights(closing, opening, flows, signs)
    if weights is None:
        return
    members = [opening, *flows]
    reading = passage.reading
    cues_told = [_cue(passage, OPENING, opening), _cue(passage, CLOSING, closing)]
    given = weights if -1 in weights else ()
    if reading.add("net_flow", closing, members, cues_told, weights=given, rule="account.closing"):
        reading.bound.update((closing.start, member.start) for member in members)
        reading.flowing.update(member.start for member in (closing, *members))
    _after_subtotal(passage, closing, same, members, weights)


def _after_subtotal(
    passage: Passage, closing: Item, same: Sequence[Item], members: Sequence[Item], weights: Sequence[int]
) -> None:
    """共受理317,642件。審結290,118件，未結27,524件: what is left of all there was to do."""
    came = [m for m, w in zip(members, weights, strict=True) if w > 0]
    went = [m for m, w in zip(members, weights, strict=True) if w < 0]
    if len(went) != 1 or len(came) < 2:
        return
    for item in same:
        if _SUBTOTAL.search(item.label) and adds_up(item, came, [1] * len(came)):
            cue = _cue(passage, CLOSING, closing)
            passage.reading.add("difference", closing, [item, *went], [cue], rule="account.subtotal")
            return


def _sentence_start(passage: Passage, item: Item) -> int:
    """Where the item's sentence begins: what came may be told before the level it came to (新收286件，舊存31件)."""
    for back in range(_BACK + 1):
        at = passage if not back else passage.beside(-back)
        if at is not None and at.span.start <= item.start < at.span.end:
            return at.span.start
    return item.start


def _may_flow(item: Item) -> bool:
    label = item.label
    return not (
        _NET.search(label)
        or _SUBTOTAL.search(label)
        or OPENING.search(label)
        or CLOSING.search(label)
        or _PART_OF.search(item.gap)
        or _COMPARED.search(label)
    )


def sign_of(item: Item) -> int:
    """+1 for what came, -1 for what went, 0 where the words do not say."""
    out, into = _OUT.search(item.label), _IN.search(item.label)
    if out and not (into and into.start() < out.start()):
        return -1
    return 1 if into else 0


def _weights(closing: Item, opening: Item, flows: Sequence[Item], signs: Sequence[int]) -> list[int] | None:
    """The signs of the members: those told, or those that agree; None where nothing speaks for an account."""
    members = [opening, *flows]
    if 0 in signs:
        return next((w for w in signings(signs) if adds_up(closing, members, w)), None)
    weights = [1, *signs]
    if adds_up(closing, members, weights) or nearly_adds_up(closing, members, weights):
        return weights
    turned = [w for w in signings([0] * len(signs)) if adds_up(closing, members, w)]
    if len(turned) == 1:  # 收回 of loans goes out, 收回 of money comes in
        return turned[0]
    made = sum((m.amount * w for m, w in zip(members, weights, strict=True)), Fraction(0))
    return weights if are_near(made, closing.amount, _NEAR) and made > 0 else None


def signings(signs: Sequence[int]) -> Iterator[list[int]]:
    """Every way to sign the flows after an opening that leaves the signs told as they are."""
    for choice in product((1, -1), repeat=len(signs)):
        if all(sign in (0, chosen) for sign, chosen in zip(signs, choice, strict=True)):
            yield [1, *choice]


def _net(passage: Passage, net: Item, told: Sequence[Item]) -> None:
    """What came less what went: of all that is told of each in the sentence and before it, or of the last of each."""
    reading = passage.reading
    if net.start in reading.results:
        return
    same = [i for i in told if alike(i, net) and i is not net and i.depth == net.depth and _may_flow(i)]
    came, went = ([i for i in same if sign_of(i) == sign] for sign in (1, -1))
    if not came or not went or len(same) > _MOST_FLOWS:
        return
    falls = _FALLS.search(net.label) is not None
    ways = [(came, went), (came[:1], went), (came, went[-1:]), (came[-1:], went[-1:])]
    fits = (w for w in ways if adds_up(net, *_signed(*w, falls=falls)))
    slips = (w for w in ways if nearly_adds_up(net, *_signed(*w, falls=falls)))
    chosen = next(fits, None) or next(slips, None)
    if chosen is None:
        return
    members, weights = _signed(*chosen, falls=falls)
    cue = _cue(passage, _NET, net)
    if len(members) == 2:
        reading.add("difference", net, members, [cue], rule="account.net")
    else:
        reading.add("net_flow", net, members, [cue], weights=weights, rule="account.net")


def _signed(came: Sequence[Item], went: Sequence[Item], *, falls: bool) -> tuple[list[Item], list[int]]:
    first, then = (went, came) if falls else (came, went)
    return [*first, *then], [1] * len(first) + [-1] * len(then)


def _cue(passage: Passage, pattern: "re.Pattern[str]", item: Item) -> Span | None:
    return passage.reading.cue(pattern, item.start - len(item.label), item.start)
