"""Parts of a whole that is named again: 其中醫院92家…。醫院中，三級醫院18家. The whole may stand sentences before."""

from collections.abc import Iterator

from flows.record import Span
from flows.relate.averages import is_mean
from flows.relate.cues import worded
from flows.relate.levels import EARLIER, is_increment
from flows.relate.reading import Item, Passage, alike

_AGAIN = worded(
    r"(?:^|[，,。；;\s])(?:<sum.lead>)?((?!<sum.no_name>)[\u4e00-\u9fff]{2,10}?)(?:之中|当中|(?!<sum.no_among>)[中里])[，,:：]?"
)
_BACK = 2


def relate_named_parts(passage: Passage) -> None:
    """Subsets of wholes that the sentence names once more, where no sum or list binds the part."""
    if "中" not in passage.text and "里" not in passage.text:
        return
    reading = passage.reading
    for told in _AGAIN.finditer(passage.text):
        at = passage.span.start + told.end()
        first = next((i for i in passage.items if i.start >= at), None)
        if first is None or first.role != "quantity" or first.gap.find(told.group(1)) < 0:
            continue
        if first.start in reading.bound.parts or is_increment(first) or is_mean(first):
            continue
        whole = next(_named(passage, told.group(1), first), None)
        if whole is None or whole.amount < first.amount:
            continue
        span = Span(passage.span.start + told.start(1), at)
        if reading.add("subset", whole, [first], [span], rule="subset.named"):
            reading.bound.add((whole.start, first.start))


def _named(passage: Passage, noun: str, part: Item) -> Iterator[Item]:
    """Amounts of the part's unit that are told by the noun, the nearest first."""
    for back in range(_BACK + 1):
        at = passage if not back else passage.beside(-back)
        for item in reversed(at.items if at is not None else ()):
            if item.start >= part.start or not alike(item, part) or is_increment(item) or is_mean(item):
                continue
            is_named = item.label.endswith(noun) or item.tail.startswith(noun)
            if is_named and not EARLIER.search(item.label):
                yield item
