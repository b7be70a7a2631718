"""A whole taken apart with words of their own between the parts: 其中，出口842億元，增長6.2%；進口444億元，下降1.5%.

The parts stand after 其中, 按…分 or 從…看, in the sentence of the whole or one of the next; what each grew by stands
between them. They are taken where they add up, or nearly do and the words leave nothing out.
"""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from flows.relate.fits import adds_up, nearly_adds_up
from flows.relate.heads import BALANCE, is_closed, is_complementary
from flows.relate.levels import EARLIER, is_increment
from flows.relate.reading import Item, Passage, alike

_OPENS = re.compile(
    r"其中[，,:：]?|(?<!不)(?:按|分)[^，,;；:：。0-9]{1,12}?[分看划][，,:：]|从[^，,;；:：。0-9]{1,12}看[，,:：]"
)
#: So many sentences back the whole may stand.
_BACK = 3
#: A whole of fewer last places than this is made up of other figures by chance.
_LEAST = 100
#: But so many of them, and all that are told, are no chance.
_MANY = 4


def relate_parted(passage: Passage) -> None:
    """Sums of the parts after each opener, where no other rule has bound them."""
    for opener in _OPENS.finditer(passage.text):
        start = passage.span.start + opener.start()
        first = next((i for i in passage.items if i.start >= start + len(opener.group())), None)
        if first is None or first.role != "quantity" or first.start in passage.reading.bound.parts:
            continue
        pieces = _pieces(passage, first)
        if len(pieces) < 2 or any(len(piece.label) > 20 for piece in pieces):
            continue
        wholes = [w for w in _wholes(passage, start, first) if _is_more(w, pieces)]
        chosen = next((found for w in wholes if (found := _made_up(w, pieces))), None)
        if chosen is None and wholes:
            chosen = _nearly(wholes[0], pieces, says_how=not opener.group().startswith("其中"))
        if chosen is not None:
            whole, parts = chosen
            cue = passage.reading.cue(_OPENS, start, first.start)
            if passage.reading.add("sum", whole, parts, [cue], rule="sum.parted"):
                passage.reading.bound.update((whole.start, part.start) for part in parts)


def _pieces(passage: Passage, first: Item) -> list[Item]:
    """The figures of the first one's unit, up to the next opener of a list; parts of a part are passed over."""
    found = [first]
    for item in passage.items[first.index + 1 :]:
        opener = _OPENS.search(item.gap)
        if opener and not opener.group().startswith("其中"):
            break
        if opener or not alike(first, item) or item.depth != first.depth or item.opened != first.opened:
            continue
        if is_increment(item) or EARLIER.search(item.label) or BALANCE.search(item.label) or not item.label:
            continue
        found.append(item)
    return found


def _wholes(passage: Passage, start: int, first: Item) -> Iterator[Item]:
    """What the parts may be of: figures before the opener, then those of the sentences before, the nearest first."""
    reading = passage.reading
    yield from reversed([i for i in passage.items if i.end <= start and _can_be_whole(i, first)])
    for back in range(passage.index - 1, max(-1, passage.index - _BACK - 1), -1):
        other = reading.passages[back]
        if other.paragraph != passage.paragraph:
            return
        yield from reversed([i for i in other.items if _can_be_whole(i, first)])


def _can_be_whole(item: Item, first: Item) -> bool:
    if not alike(item, first) or item.depth > first.depth:
        return False
    return not (is_increment(item) or EARLIER.search(item.label) or BALANCE.search(item.label))


def _is_more(whole: Item, pieces: Sequence[Item]) -> bool:
    value = whole.amount
    return all(value > piece.amount for piece in pieces[:2])


def _made_up(whole: Item, pieces: Sequence[Item]) -> tuple[Item, list[Item]] | None:
    is_small = abs(whole.figure.value or Fraction(0)) < _LEAST * (whole.figure.ulp or 1)
    for count in range(len(pieces) if is_small else 2, len(pieces) + 1):
        if is_small and count < _MANY:
            return None
        if adds_up(whole, pieces[:count], [1] * count):
            return whole, list(pieces[:count])
    return None


def _nearly(whole: Item, pieces: Sequence[Item], *, says_how: bool) -> tuple[Item, list[Item]] | None:
    """One slip away, where the words leave nothing out: 按經營地分, 出口 and 進口, 其餘."""
    parts = list(pieces)
    if not (is_complementary(parts) or is_closed(parts) or (says_how and len(parts) > 1)):
        return None
    return (whole, parts) if nearly_adds_up(whole, parts, [1] * len(parts)) else None
