"""The words that tell a relation, from `seeds/vocabulary`: `cues.csv`, `complements.csv`, `balances.csv`,
`same_facts.csv` and `counting_words.csv`, data that is read here only.

A row of the cues gives the words of one role in one relation; `flows.record.wording` makes patterns of them.
"""

import re
from functools import lru_cache

from flows.record.vocabulary import vocabulary, words
from flows.record.wording import alternatives, worded_by, words_of


def cues(relation: str, role: str) -> "re.Pattern[str]":
    """A pattern of the words of `role` in `relation`, the longest first. KeyError where there is no such role."""
    return words_of("cues", relation, role)


def worded(grammar: str) -> "re.Pattern[str]":
    """A pattern with words of the cues: r"^<level.compared>.{0,9}$" has any word of `compared` in `level`.

    KeyError where there is no such role.
    """
    return worded_by("cues", grammar)


@lru_cache(maxsize=1)
def complements() -> tuple[tuple[str, str], ...]:
    """Pairs of words that together leave nothing out: 男 and 女."""
    return tuple((row["one"], row["other"]) for row in vocabulary("complements"))


@lru_cache(maxsize=1)
def balances() -> tuple[tuple["re.Pattern[str]", "re.Pattern[str]"], ...]:
    """Words of a balance, and of the side that is the larger of its two: 順差 and 出口."""
    rows = vocabulary("balances")
    return tuple((re.compile(alternatives(row["balance"])), re.compile(alternatives(row["minuend"]))) for row in rows)


@lru_cache(maxsize=1)
def same_facts() -> dict[str, str]:
    """The word for the same fact that a word of `duplicate`, `facts` is taken for: 出院 for 治愈."""
    return {row["word"]: row["fact"] for row in vocabulary("same_facts")}


@lru_cache(maxsize=1)
def counting_words() -> dict[str, frozenset[str]]:
    """The units that count what a word after 每 or before 均 names: 戶, 家 and 套 of 户."""
    return {row["word"]: frozenset(words(row["units"])) for row in vocabulary("counting_words")}
