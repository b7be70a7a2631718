"""Words that play a role, from tables of the vocabulary, and the patterns of code that name them.

A table has a row for a role: two columns that name it, `words` folded to Simplified script, and a description. What
may stand between the words and what must follow is grammar and lives in the code, as a pattern in which `<about.role>`
stands for any word of that role.
"""

import re
from functools import lru_cache

from flows.record.vocabulary import vocabulary, words

_ROLE = re.compile(r"<([a-z_]+)\.([a-z_]+)>")
#: A role that is all of one side of an alternative needs no group: without one, `re` knows which characters the whole
#: can begin with, and passes over all others.
_WHOLE_SIDE = re.compile(rf"(?:^|(?<=\|)|(?<=\(\?:)){_ROLE.pattern}(?=\||\)|$)")


def words_of(table: str, about: str, role: str) -> "re.Pattern[str]":
    """A pattern of the words of a role, the longest first. KeyError where there is no such role."""
    return re.compile(_any_of(table, about, role))


def worded_by(table: str, grammar: str) -> "re.Pattern[str]":
    """A pattern with words of the table: r"^<level.compared>.{0,9}$" has any word of `compared` in `level`.

    KeyError where there is no such role.
    """
    sides = _WHOLE_SIDE.sub(lambda role: _any_of(table, *role.groups()), grammar)
    return re.compile(_ROLE.sub(lambda role: f"(?:{_any_of(table, *role.groups())})", sides))


def worded(grammar: str) -> "re.Pattern[str]":
    """A pattern with words of `context_words.csv`: what stands around a number and tells what, whose and when it is."""
    return worded_by("context_words", grammar)


def roles_about(about: str) -> "tuple[re.Pattern[str], ...]":
    """A pattern for each role about one thing, in the order of `context_words.csv`."""
    return tuple(re.compile(alternatives(field)) for (of, _), field in _fields("context_words").items() if of == about)


def told(about: str, role: str) -> tuple[str, ...]:
    """The words of a role of `context_words.csv`, in its order."""
    return tuple(words(_fields("context_words")[about, role]))


def alternatives(field: str) -> str:
    """A regular expression for the words of a field, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words(field), key=len, reverse=True))


def _any_of(table: str, about: str, role: str) -> str:
    return alternatives(_fields(table)[about, role])


@lru_cache(maxsize=4)
def _fields(table: str) -> dict[tuple[str, str], str]:
    fields = {}
    for row in vocabulary(table):
        about, role, told, *_ = row.values()
        fields[about, role] = told
    return fields
