"""Templates, the words of the interface, and how a file of the site is written."""

import csv
import hashlib
import io
import json
import os
import re
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from flows.record.script import fold
from flows.show import charts
from flows.show.marking import markup, visible
from flows.show.names import page_link
from flows.show.numbers import grouped, plain
from flows.show.views import CheckView, HeadView

TONGUES = ("hant", "hans", "en")
_ASSETS = (
    "gongbao.css", "pages.css", "seal.svg", "theme.js", "page.js", "report.js", "series.js", "indicator.js", "list.js",
    "plot.js", "search.js", "d3.js",
)  # fmt: skip


def page(template: str, **context: Any) -> str:
    """One page, from its template."""
    return _environment().get_template(template).render(**context)


def write_file(path: Path, content: str) -> bool:
    """Write aside and rename, so that a reader never meets half a page; an unchanged one is left alone.

    Returns whether anything was written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode("utf-8", "replace")
    if path.exists() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return False
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_bytes(data)
    os.replace(aside, path)
    return True


def script_json(data: object) -> Markup:
    """JSON that is safe inside a script element."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def data_script(name: str, data: object) -> str:
    """A script file that hands `data` to the page that asked for `name`: pages on disk may load scripts, not JSON."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"gongbao.take({json.dumps(name)},{text});\n"


def write_assets(out: Path) -> None:
    """Styles and scripts, and the words and character table that the scripts read."""
    folder = out / "assets"
    source = files("flows.show").joinpath("assets")
    for name in _ASSETS:
        write_file(folder / name, source.joinpath(name).read_text(encoding="utf-8"))
    tongues = {tongue: {key: row[tongue] for key, row in words().items()} for tongue in TONGUES}
    write_file(folder / "words.js", f"window.gongbaoWords = {json.dumps(tongues, ensure_ascii=False)};\n")
    # two UTF-16 units a pair: the few characters whose twin lies outside the basic plane stay themselves
    pairs = [
        char + twin for char in map(chr, range(0x2000, 0xA000)) if (twin := fold(char)) != char and twin < "\U00010000"
    ]
    write_file(folder / "fold.js", f"window.gongbaoFold = {json.dumps(''.join(pairs), ensure_ascii=False)};\n")


@lru_cache(maxsize=1)
def version() -> str:
    """Changes with any file of this room: pages made by other code are made anew."""
    digest = hashlib.sha256()
    room = Path(str(files("flows.show")))
    for path in sorted(path for path in room.rglob("*") if path.suffix in (".py", ".html", ".css", ".js", ".csv")):
        digest.update(path.relative_to(room).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


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
def _word(key: str, tag: str = "span") -> Markup:
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


def message_of(check: CheckView) -> Markup:
    """The arithmetic of a relation, or why it could not be told, in the tongue of the interface."""
    english = check.message or check.reason
    chinese = (check.message_zh or check.reason_zh) if check.message else check.reason_zh
    return said(chinese or in_chinese(english), english)


def reason_of(check: CheckView) -> Markup:
    """Why a verdict is as it is, where that is not the message itself."""
    if not check.reason or check.reason == check.message or not check.message:
        return Markup("")
    return said(check.reason_zh or in_chinese(check.reason), check.reason)


def language_of(head: HeadView) -> str:
    """The BCP 47 tag that makes a browser choose the right glyphs."""
    return {"Hant": "zh-Hant", "Hans": "zh-Hans"}.get(head.script, "zh")


def share(part: int, whole: int) -> str:
    """`part` of `whole` in percent, cut (never rounded up), so that 100 is said only of all."""
    if not whole:
        return "—"
    hundredths = part * 10_000 // whole
    return grouped(f"{hundredths // 100}.{hundredths % 100:02d}")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("flows.show"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        t=_word, page_link=page_link, number_line=charts.number_line, verdict_bar=charts.verdict_bar,
        ring=charts.ring, ratio=charts.ratio, language_of=language_of, number=number, said=said,
        message_of=message_of, reason_of=reason_of, script_json=script_json, in_chinese=in_chinese,
        plain_word=lambda key: words().get(key, {}).get("hant", key),
    )  # fmt: skip
    environment.filters.update(visible=visible, grouped=grouped, share=share, folded=lambda text: fold(text).lower())
    return environment
