"""Words that hold a numeral character and count nothing: idioms and names (`numeral_words.csv`, `places.csv`)."""

from functools import lru_cache

from flows.find.grammar import NUMBER_AT, TRIGGER
from flows.find.units import unit_at
from flows.record.script import fold
from flows.record.vocabulary import vocabulary, words

#: Offset of a numeral character in a word and the word's length.
_Shape = tuple[int, int]


@lru_cache(maxsize=1)
def _lexicon() -> tuple[dict[str, str], dict[str, list[_Shape]], dict[str, list[_Shape]]]:
    """Word to class; then, by two characters, the shapes of the words that hold them, longest first.

    The two characters are the numeral with the one behind it, or, where the numeral ends the word, with the one
    in front: at any place of a text only the words that share them are tried.
    """
    table: dict[str, str] = {}
    for row in vocabulary("numeral_words"):
        table.setdefault(fold(row["word"]), row["class"])
    for name in _place_names():
        table.setdefault(name, "name")
    ahead: dict[str, set[_Shape]] = {}
    behind: dict[str, set[_Shape]] = {}
    for word in table:
        for match in TRIGGER.finditer(word):
            at = match.start()
            shape = (at, len(word))
            if at + 1 < len(word):
                ahead.setdefault(word[at : at + 2], set()).add(shape)
            elif at:
                behind.setdefault(word[at - 1 : at + 1], set()).add(shape)

    def longest_first(index: dict[str, set[_Shape]]) -> dict[str, list[_Shape]]:
        return {key: sorted(shapes, key=lambda shape: (-shape[1], shape[0])) for key, shapes in index.items()}

    return table, longest_first(ahead), longest_first(behind)


def _place_names() -> list[str]:
    """Places with a numeral in their name (三元区, 九江市), but none that reads as a number with its unit."""
    names = []
    listed = [name for row in vocabulary("places") for name in (row["name_hans"], *words(row["aliases"]))]
    for word in fold("\n".join(listed)).split("\n"):  # folded at once: there are thousands
        match = TRIGGER.search(word)
        if match is None or len(word) < 2:
            continue
        number = NUMBER_AT.match(word, match.start())
        unit = unit_at(word, number.end()) if number is not None else None
        if match.start() == 0 and (number is None or unit is not None) and (unit is None or unit.end == len(word)):
            continue
        names.append(word)
    return names


def word_at(folded: str, numeral: int, floor: int) -> tuple[int, int, str] | None:
    """Start, end and class of the longest listed word around `numeral` that begins at or after `floor`."""
    table, ahead, behind = _lexicon()
    best: tuple[int, int, str] | None = None
    shapes = ahead.get(folded[numeral : numeral + 2])
    if shapes is not None:
        best = _first(table, folded, numeral, floor, shapes)
    if numeral > floor and (shapes := behind.get(folded[numeral - 1 : numeral + 1])) is not None:
        other = _first(table, folded, numeral, floor, shapes)
        if other is not None and (best is None or other[1] - other[0] > best[1] - best[0]):
            best = other
    return best


@lru_cache(maxsize=1)
def digit_heads() -> frozenset[str]:
    """The first two characters of the listed words that begin with an Arabic digit: 985高校, 3D."""
    return frozenset(word[:2] for word in _lexicon()[0] if word[0].isascii() and word[0].isdigit())


def _first(
    table: dict[str, str], folded: str, numeral: int, floor: int, shapes: list[_Shape]
) -> tuple[int, int, str] | None:
    for offset, length in shapes:
        start = numeral - offset
        if start < floor:
            continue
        word = folded[start : start + length]  # shorter at the end of the text
        cls = table.get(word)
        if cls is not None and len(word) == length:
            return start, start + length, cls
    return None
