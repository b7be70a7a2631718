"""What the room says, in English and in Chinese: the words are rows of `seeds/vocabulary/judge_words.csv`."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from flows.record.vocabulary import vocabulary

ENGLISH, CHINESE = "en", "zh"


class Line(NamedTuple):
    """A row of the wording and what its places are filled with: text, a list of texts, or another line."""

    key: str
    values: Mapping[str, object]

    def text(self, language: str) -> str:
        wording = _wordings()[language][self.key]
        if all(type(value) is str for value in self.values.values()):  # most lines
            return wording.format_map(self.values)
        return wording.format_map({name: _filled(value, language) for name, value in self.values.items()})


def line(key: str, **values: object) -> Line:
    return Line(key, values)


def _filled(value: object, language: str) -> str:
    match value:
        case str():
            return value
        case Line():
            return value.text(language)
        case Sequence():
            return _wordings()[language]["list_mark"].join(str(item) for item in value)
        case _:
            return str(value)


@lru_cache(maxsize=1)
def _wordings() -> Mapping[str, Mapping[str, str]]:
    rows = vocabulary("judge_words")
    return {language: {row["key"]: row[language] for row in rows} for language in (ENGLISH, CHINESE)}
