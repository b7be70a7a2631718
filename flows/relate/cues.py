"""The words that tell a relation, from `seeds/vocabulary/cues.csv` and `complements.csv`: data, read here only.

A row gives the words of one role in one relation, folded to Simplified script; patterns of more than words
(what may stand between, what must follow) are rules and live in the code.
"""

import re
from functools import lru_cache

from flows.record.vocabulary import vocabulary, words


def cues(relation: str, role: str) -> "re.Pattern[str]":
    """A pattern of the words of `role` in `relation`, the longest first."""
    found = _words()[relation, role]
    return re.compile("|".join(re.escape(word) for word in sorted(found, key=len, reverse=True)))


@lru_cache(maxsize=1)
def _words() -> dict[tuple[str, str], list[str]]:
    return {(row["relation"], row["role"]): words(row["words"]) for row in vocabulary("cues")}


@lru_cache(maxsize=1)
def complements() -> tuple[tuple[str, str], ...]:
    """Pairs of words that together leave nothing out: 男 and 女."""
    return tuple((row["one"], row["other"]) for row in vocabulary("complements"))
