"""Shares told as one ratio of all parts: 三次產業結構比為6.6:42.3:51.1, where the parts and their whole are printed."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from fractions import Fraction

from flows.record import Figure, Span
from flows.relate.fits import meets, quotient
from flows.relate.reading import Item, Passage

_RATIO = re.compile(r"\d+(?:\.\d+)?(?:[:：∶]\d+(?:\.\d+)?)+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ALL = Fraction(100)
#: So many sentences back the parts may be told.
_BACK = 2


def relate_structure(passage: Passage) -> None:
    """Shares of the ratio's numbers, of the parts of a sum that is claimed here or just before."""
    if ":" not in passage.text and "：" not in passage.text and "∶" not in passage.text:
        return
    for told in _RATIO.finditer(passage.text):
        shares = list(_figures(passage, told))
        if len(shares) < 2 or not _make_all(shares):
            continue
        for whole, parts in _sums(passage, len(shares)):
            fits = [_fits(share, part, whole) for share, part in zip(shares, parts, strict=True)]
            if fits.count(True) < max(1, len(shares) - 1):
                continue
            span = Span(passage.span.start + told.start(), passage.span.start + told.end())
            for share, part in zip(shares, parts, strict=True):
                passage.reading.add("share", share, [part, whole], [span], rule="share.structure")
            break


def _figures(passage: Passage, told: "re.Match[str]") -> Iterator[Figure]:
    numbers = passage.reading.numbers
    starts = [figure.start for figure in numbers]
    for match in _NUMBER.finditer(told.group()):
        start = passage.span.start + told.start() + match.start()
        at = bisect_left(starts, start)
        if at < len(starts) and starts[at] == start and not numbers[at].unit:
            yield numbers[at]


def _make_all(shares: Sequence[Figure]) -> bool:
    """Whether they make 100, but for a misprint in one of them."""
    total = sum((share.value or Fraction(0) for share in shares), Fraction(0))
    return abs(total - _ALL) * 10 <= _ALL


def _sums(passage: Passage, count: int) -> Iterator[tuple[Item, list[Item]]]:
    """Wholes with so many parts that are claimed here or in the sentences before, the last first."""
    items: dict[int, Item] = {}
    for back in range(_BACK + 1):
        other = passage if not back else passage.beside(-back)
        items.update({item.start: item for item in other.items} if other is not None else {})
    for claim in reversed(passage.reading.claims):
        if claim.kind != "sum" or len(claim.operands) != count:
            continue
        members = [items.get(int(name.rpartition("#")[2])) for name in (claim.result, *claim.operands)]
        if None not in members:
            whole, *parts = [item for item in members if item is not None]
            yield whole, parts


def _fits(share: Figure, part: Item, whole: Item) -> bool:
    return meets((share.low, share.high), quotient(part, whole, 100))
