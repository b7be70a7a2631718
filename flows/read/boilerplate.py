"""Lines of a web page that are not the report's words though nothing in the mark-up says so: 分享到, 版权所有."""

import re
from functools import lru_cache

from flows.record.script import fold
from flows.record.vocabulary import vocabulary, words

_LONGEST = 120
_LEAD = " \t\u00a0\u3000·•|>»【[(（"


def boilerplate_kind(line: str) -> str:
    """Which kind of boilerplate the line is, by its words (`seeds/vocabulary/boilerplate.csv`); empty for none.

    Short lines only, and none that is a sentence or a row of a table: a report may speak of sharing too.
    """
    if len(line) > _LONGEST or "。" in line or "\t" in line:
        return ""
    folded = fold(line).lower().lstrip(_LEAD)
    for kind, pattern in _patterns():
        if pattern.match(folded):
            return kind
    return ""


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """A pattern for each row: the words at the line's beginning, or anywhere in it."""
    return [
        (row["kind"], re.compile(("" if row["position"] == "first" else ".*?") + "(?:" + _any_of(row["words"]) + ")"))
        for row in vocabulary("boilerplate")
    ]


def _any_of(listed: str) -> str:
    return "|".join(re.escape(fold(word).lower().lstrip(_LEAD)) for word in words(listed))
