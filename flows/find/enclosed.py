"""Whether a place of a text lies in a title, in quotes, in a web address or in another of some ordered spans."""

import sys
from bisect import bisect_right
from collections.abc import Sequence

from flows.record import Span


class Inside:
    """Whether a place lies in one of some ordered, disjoint spans."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = spans
        self.starts = [span.start for span in spans]
        self.first = self.starts[0] if spans else sys.maxsize
        self.last = max((span.end for span in spans), default=-1)

    def at(self, place: int) -> Span | None:
        if not self.first <= place < self.last:
            return None
        index = bisect_right(self.starts, place) - 1
        if index >= 0 and place < self.spans[index].end:
            return self.spans[index]
        return None
