"""What the pages say in three tongues, from words.csv and phrases.csv, and how a number stands in them."""

import csv
import io
import re
from functools import lru_cache
from importlib.resources import files

from markupsafe import Markup, escape

from flows.record.script import fold
from flows.show.marking import markup, safe, visible
from flows.show.numbers import grouped, plain

TONGUES = ("hant", "hans", "en")


def number(value: object, of: str, key: str, *, places: int = 6) -> Markup:
    """A number of the published file, with its exact value and where in the file it stands.

    `of` is `table.column` or `sum:table.column`, `key` the row; a test reads them back and compares.
    """
    exact = plain(value)
    if not exact:
        return markup('<span class="nothing">—</span>')
    return markup(
        f'<data value="{safe(exact)}" data-of="{safe(of)}" data-key="{safe(visible(key))}">'
        f"{safe(grouped(exact, places))}</data>"
    )


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, str]]:
    """The words of the interface: key -> its row in words.csv."""
    text = files("flows.show").joinpath("words.csv").read_text(encoding="utf-8")
    return {row["key"]: row for row in csv.DictReader(io.StringIO(text))}


@lru_cache(maxsize=4_096)
def word(key: str, tag: str = "span") -> Markup:
    """A word of the interface, for the page script to translate; an unknown key is shown as it is."""
    row = words().get(key)
    if row is None:
        return markup(f"<{tag}>{escape(key)}</{tag}>")
    return markup(f'<{tag} data-t="{key}">{escape(row["hant"])}</{tag}>')


def in_tongues(hant: str, en: str, hans: str = "") -> list[str]:
    """What is said in each of TONGUES, hidden characters written out; the same thrice where only one is known."""
    shown, english = visible(hant or en), visible(en or hant)
    return [shown, visible(hans) if hans else fold(shown) if hant else shown, english]


def said(hant: str, en: str, hans: str = "") -> Markup:
    """Words in three tongues of which the stylesheet shows one; one span where they are the same."""
    first, second, english = map(safe, in_tongues(hant, en, hans))
    if first == second == english:
        return markup(f"<span>{english}</span>")
    last = f'<span class="in-en" lang="en">{english}</span>'
    if first == second:
        return markup(f'<span class="in-zh" lang="zh">{first}</span>{last}')
    return markup(
        f'<span class="in-hant" lang="zh-Hant">{first}</span><span class="in-hans" lang="zh-Hans">{second}</span>{last}'
    )


@lru_cache(maxsize=1)
def _phrases() -> list[tuple[re.Pattern[str], str]]:
    text = files("flows.show").joinpath("phrases.csv").read_text(encoding="utf-8")
    return [(re.compile(row["pattern"]), row["hant"]) for row in csv.DictReader(io.StringIO(text))]


def in_chinese(message: str) -> str:
    """A line of the audit in Chinese, phrase by phrase (phrases.csv), where the file holds none."""
    for pattern, hant in _phrases():
        message = pattern.sub(hant, message)
    return message
