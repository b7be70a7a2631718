"""Figures that only the rest of the text can name: short words of a headline, and one measure told twice.

A headline says 新增79例累计683例; its body says what is counted. 钢产量由…增加到… gives two figures with the same
words in one sentence: the year that each speaks of is what tells them apart, so it is added in brackets.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

from flows.place.phrases import is_dependent
from flows.record import Document, Figure
from flows.record.script import fold
from flows.record.wording import worded

_COUNTED_ONLY = worded("(?:报告|共|又|再|全|增至)*<count.stage>?")
REACH = 1500  # characters: a headline is told again near the top
_HEAD = 160


def take_from_body(doc: Document, figures: Sequence[Figure]) -> None:
    """Gives figures of the headline that name no thing the words of the same figure in the body."""
    for at, figure in enumerate(figures):
        if figure.start > _HEAD:
            return
        words = fold(figure.indicator_text)
        if figure.indicator or _COUNTED_ONLY.fullmatch(words) is None:
            continue
        for later in figures[at + 1 :]:
            if later.start > REACH:
                break
            if (later.value, later.unit) != (figure.value, figure.unit) or "part" in later.modifiers.split(";"):
                continue
            told = fold(later.indicator_text)
            if _says(words, told) and not is_dependent(told) and _COUNTED_ONLY.fullmatch(told) is None:
                figure.indicator_text, figure.indicator = later.indicator_text, later.indicator
                figure.modifiers = ";".join(sorted({*figure.modifiers.split(";"), *later.modifiers.split(";")} - {""}))
                break


def _says(words: str, told: str) -> bool:
    """Whether the body's words count as the headline's do: 新增 with 新增, 累计 with 累计."""
    return all((word in words) <= (word in told) for word in ("新增", "累计", "现有"))


def tell_years(doc: Document, figures: Sequence[Figure]) -> None:
    """Adds the year in brackets to figures of one sentence that have the same words and unit and whole years of
    their own: 钢产量(1976年), 钢产量(1978年).
    """
    ends = [span.end for span in doc.sentences]
    alike: dict[tuple[int, str, str], list[Figure]] = {}
    for figure in figures:
        if figure.indicator_text:
            key = (bisect_left(ends, figure.end), figure.indicator_text, figure.unit)
            alike.setdefault(key, []).append(figure)
    for told in alike.values():
        if len(told) < 2:
            continue
        years = [_year(figure) for figure in told]
        if len(set(years)) > 1:
            for figure, year in zip(told, years, strict=True):
                if year:
                    figure.indicator_text += f"({year}年)"


def _year(figure: Figure) -> int:
    """The calendar year that a figure speaks of; 0 for none, or for another period."""
    first, last = figure.period_start, figure.period_end
    if last is None or (last.month, last.day) != (12, 31):
        return 0
    return last.year if first in (None, last, date(last.year, 1, 1)) else 0
