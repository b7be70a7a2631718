"""Words that hold a numeral character and count nothing: idioms, names, set phrases (`numeral_words.csv`)."""

from functools import lru_cache

from flows.find.grammar import TRIGGER
from flows.record.script import fold
from flows.record.vocabulary import vocabulary


@lru_cache(maxsize=1)
def _lexicon() -> tuple[dict[str, str], list[tuple[int, int]]]:
    """Word to class, and the (offset of a numeral character, length) pairs that occur, longest first."""
    table: dict[str, str] = {}
    shapes: set[tuple[int, int]] = set()
    for row in vocabulary("numeral_words"):
        word = fold(row["word"])
        table.setdefault(word, row["class"])
        shapes.update((match.start(), len(word)) for match in TRIGGER.finditer(word))
    return table, sorted(shapes, key=lambda shape: (-shape[1], shape[0]))


def word_at(folded: str, numeral: int, floor: int) -> tuple[int, int, str] | None:
    """Start, end and class of the longest listed word around `numeral` that begins at or after `floor`."""
    table, shapes = _lexicon()
    for offset, length in shapes:
        start = numeral - offset
        if start < floor:
            continue
        word = folded[start : start + length]  # shorter at the end of the text
        cls = table.get(word)
        if cls is not None and numeral < start + len(word):
            return start, start + len(word), cls
    return None
