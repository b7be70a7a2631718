"""What the pages say in three tongues, from words.csv and phrases.csv, and how a number stands in them."""

import csv
import io
import re
from functools import lru_cache
from importlib.resources import files

from markupsafe import Markup, escape

from flows.record.script import fold
from flows.show.marking import markup, visible
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
        f'<data value="{escape(exact)}" data-of="{escape(of)}" data-key="{escape(visible(key))}">'
        f"{escape(grouped(exact, places))}</data>"
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


def said(hant: str, en: str, hans: str = "") -> Markup:
    """Words in three tongues of which the stylesheet shows one; one span where they are the same."""
    hans = hans or fold(hant)
    if not hant or hant == en == hans:
        return markup(f"<span>{escape(visible(en or hant))}</span>")
    spans: tuple[tuple[str, str, str], ...] = (
        ("hant", "zh-Hant", hant),
        ("hans", "zh-Hans", hans),
        ("en", "en", en or hant),
    )
    if hant == hans:
        spans = (("zh", "zh", hant), spans[2])
    return markup(
        "".join(f'<span class="in-{tongue}" lang="{lang}">{escape(visible(say))}</span>' for tongue, lang, say in spans)
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
