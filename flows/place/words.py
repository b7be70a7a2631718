"""The words of phrases and times: vocabulary rows turned into patterns, once.

Everything here matches folded text (`record.script.fold`) in which dates and titles are masked (`MASK_*`), so
that a phrase rule never sees a digit of a date or the name of a document.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from flows.record.vocabulary import vocabulary, words

MASK_DATE = "\x01"
MASK_TITLE = "\x02"
MASK_NUMERAL = "\x03"
MASK_MARK = "\x04"  # a mark inside a bracket of words, which ends nothing: 省(区、市)


def alternation(entries: Iterable[str]) -> str:
    """A regular expression that matches one of `entries`, the longest first, with shared beginnings read
    once.
    """
    tree: dict[str, dict] = {}  # type: ignore[type-arg]
    for entry in entries:
        node = tree
        for char in entry:
            node = node.setdefault(char, {})
        node[""] = {}
    return _branch(tree)


def _branch(node: dict[str, dict]) -> str:  # type: ignore[type-arg]
    ends = "" in node
    branches = [re.escape(char) + _branch(child) for char, child in node.items() if char]
    if not branches:
        return ""
    if len(branches) == 1 and not ends:
        return branches[0]
    return "(?:" + "|".join(branches) + ")" + ("?" if ends else "")


@lru_cache(maxsize=1)
def phrase_words() -> dict[str, tuple[str, ...]]:
    """Word class to its words (folded), from `phrase_words.csv`."""
    return {row["word_class"]: tuple(words(row["words"])) for row in vocabulary("phrase_words")}


@lru_cache(maxsize=64)
def any_of(*classes: str) -> str:
    """The alternation of all words of these classes."""
    return alternation(word for name in classes for word in phrase_words()[name])


@lru_cache(maxsize=1)
def modifier_pattern() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """A pattern of every modifier word, and the codes each word stands for."""
    codes: dict[str, tuple[str, ...]] = {}
    for row in vocabulary("modifiers"):
        for word in words(row["words"]):
            codes[word] = (*codes.get(word, ()), row["modifier"])
    return re.compile(alternation(codes)), codes


@lru_cache(maxsize=1)
def unit_rows() -> dict[str, dict[str, str]]:
    """Canonical unit to its row."""
    return {row["unit"]: row for row in vocabulary("units")}


@lru_cache(maxsize=4096)
def unit_kind(unit: str) -> str:
    """counter, physical, money, percent or multiple; empty for no unit."""
    row = unit_rows().get(unit)
    return row["kind"] if row else ""
