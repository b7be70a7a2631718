"""Templates, the words of the interface, and how a file of the site is written."""

import base64
import hashlib
import json
import os
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from flows.record.script import fold
from flows.show import cards, charts
from flows.show.marking import markup, visible
from flows.show.names import page_link
from flows.show.numbers import grouped
from flows.show.tongues import TONGUES, number, said, word, words
from flows.show.views import HeadView

_ASSETS = (
    "gongbao.css", "pages.css", "seal.svg", "theme.js", "page.js", "cards.js", "report.js", "mail.js", "series.js",
    "indicator.js", "list.js", "plot.js", "search.js", "d3.js",
)  # fmt: skip


def page(template: str, **context: Any) -> str:
    """One page, from its template."""
    return _environment().get_template(template).render(**context)


def write_file(path: Path, content: str) -> bool:
    """Write aside and rename, so that a reader never meets half a page; an unchanged one is left alone.

    Returns whether anything was written.
    """
    data = content.encode("utf-8", "replace")
    try:
        if path.stat().st_size == len(data) and path.read_bytes() == data:
            return False
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_bytes(data)
    os.replace(aside, path)
    return True


def script_json(data: object) -> Markup:
    """JSON that is safe inside a script element."""
    text = orjson.dumps(data).decode()
    return markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def data_script(name: str, data: object) -> str:
    """A script file that hands `data` to the page that asked for `name`: pages on disk may load scripts, not JSON."""
    text = orjson.dumps(data).decode().replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"gongbao.take({json.dumps(name)},{text});\n"


def write_assets(out: Path) -> None:
    """Styles and scripts, and the words and character table that the scripts read."""
    folder = out / "assets"
    source = files("flows.show").joinpath("assets")
    for name in _ASSETS:
        write_file(folder / name, source.joinpath(name).read_text(encoding="utf-8"))
    tongues = {tongue: {key: row[tongue] for key, row in words().items()} for tongue in TONGUES}
    style, digest = _mail_style()
    write_file(folder / "mail-style.js", data_script("mail-style", {"style": style, "digest": digest}))
    write_file(folder / "words.js", f"window.gongbaoWords = {json.dumps(tongues, ensure_ascii=False)};\n")
    # two UTF-16 units a pair: the few characters whose twin lies outside the basic plane stay themselves
    pairs = [
        char + twin for char in map(chr, range(0x2000, 0xA000)) if (twin := fold(char)) != char and twin < "\U00010000"
    ]
    write_file(folder / "fold.js", f"window.gongbaoFold = {json.dumps(''.join(pairs), ensure_ascii=False)};\n")


def _mail_style() -> tuple[str, str]:
    """The stylesheet of a mailed report, and the hash by which its policy allows it."""
    assets = files("flows.show").joinpath("assets")
    style = "".join(assets.joinpath(name).read_text(encoding="utf-8") for name in ("gongbao.css", "pages.css"))
    return style, base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


@lru_cache(maxsize=1)
def version() -> str:
    """Changes with any file of this room: pages made by other code are made anew."""
    digest = hashlib.sha256()
    room = Path(str(files("flows.show")))
    for path in sorted(path for path in room.rglob("*") if path.suffix in (".py", ".html", ".css", ".js", ".csv")):
        digest.update(path.relative_to(room).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


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
        auto_reload=False,  # they are files of this package
    )
    # filters and not functions: those are called straight, and worked out once where what they are given is constant
    environment.filters.update(
        t=word, page_link=page_link, verdict_bar=charts.verdict_bar, ring=charts.ring, ratio=charts.ratio,
        language_of=language_of, number=number, said=said, message_of=cards.message_of, badge=cards.badge,
        facts_json=lambda check: orjson.dumps(cards.facts(check)).decode(),
        plain_word=lambda key: words().get(key, {}).get("hant", key), visible=visible, grouped=grouped, share=share,
        folded=lambda text: fold(text).lower(),
    )  # fmt: skip
    return environment
