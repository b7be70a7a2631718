"""Hostile reports: samples with pieces put in, cut out, doubled, or nothing but pieces; as text in several encodings,
as pages, tables, PDF, Office files and archives; bytes turned and cut off; names that are tricks."""

import io
import os
import random
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import openpyxl
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from flows.settings import PROJECT

SAMPLES = tuple(sorted((PROJECT / "seeds" / "reports").rglob("*.md")))
#: What must never be obeyed, wherever it stands.
PIECES = [
    "\x1b]0;title\x07\x1b[2J\x9b31m",
    "=cmd|'/C calc'!A0",
    "+1+1",
    "@SUM(1)",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "'; drop table raw.reports; --",
    "../../../../etc/passwd",
    "{{ config(materialized='table') }}",
    "{% raw %}",
    "[red]x[/red]",
    "\u202e",
    "\x00",
    "\ufeff",
    "\ud800",
    "9" * 400,
    "１２３，４５６．７８９％",
    "1e999999",
    "-0",
    "%" * 50,
    "(" * 500,
    "占" * 300,
    "零" * 200,
    "億萬" * 80,
    "\r",
    "\u2028",
    "\U0010ffff",
    "---\ntitle: x\n",
    "---\npublished_on: 9999-12-31\nplace: '; drop\n---\n",
    "|a|b|\n|-|-|\n|1|",
    "<table><tr><td>" * 200,
]
_STEMS = [
    "x",
    "=1+1",
    "..",
    "a b",
    "%2e%2e",
    "x\x1b[31m",
    "x\ny",
    "<img src=x onerror=alert(1)>",
    "'; drop table raw.reports; --",
    "$(touch obeyed)",
    "`touch obeyed`",
    "{{ 7 * 7 }}",
    "\udcff\udcfe",  # bytes that are no UTF-8
    "長" * 70,
    "\u202egnp",
]
_TEXTS = ("txt", "md", "html", "csv")
_HERE = "@@"  # where the text goes in a template
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(_FONT))


def hostile_files(chance: random.Random, count: int, samples: Sequence[Path] = SAMPLES) -> Iterator[tuple[str, bytes]]:
    """`count` files, (name, bytes), each name another one."""
    for number in range(count):
        suffix = chance.choice([*_TEXTS * 3, "docx", "xlsx", "pdf", "zip"])
        text = _mutated(chance, samples)
        if suffix in ("docx", "xlsx"):
            data = _office(suffix, text, chance)
        elif suffix == "pdf":
            data = _pdf(text)
        elif suffix == "zip":
            names = ["a.txt", "../../up.txt", "b\\..\\c.html", "=1+1.csv", "/etc/d.md"]
            data = _archive({name: _encoded(_mutated(chance, samples), chance) for name in names})
        else:
            data = _encoded(text, chance)
        yield f"{number}-{chance.choice(_STEMS)}.{suffix}", _turned(data, chance)


def write_all(folder: Path, files: Iterator[tuple[str, bytes]]) -> list[Path]:
    """The files in a folder of their own, under their names as bytes, which need not be UTF-8."""
    folder.mkdir()
    written = []
    for name, data in files:
        stem, dot, suffix = name.rpartition(".")
        path = folder / os.fsdecode(os.fsencode(stem)[:200].decode("utf-8", "surrogateescape") + dot + suffix)
        path.write_bytes(data)
        written.append(path)
    return written


def _mutated(chance: random.Random, samples: Sequence[Path]) -> str:
    """A sample with pieces put in, cut out, doubled; or nothing but pieces."""
    text = chance.choice(samples).read_text(encoding="utf-8", errors="replace")
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(text) + 1)
        match chance.randrange(4):
            case 0:
                text = text[:at] + chance.choice(PIECES) + text[at:]
            case 1:
                text = text[:at] + text[at + chance.randint(1, 200) :]
            case 2:
                text = text[:at] + text[at : at + 80] * chance.randint(2, 20) + text[at:]
            case _ if chance.random() < 0.3:
                text = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 12)))
            case _:
                text = text[:at] + chance.choice(PIECES) * 2 + text[at:]
    return text


def _encoded(text: str, chance: random.Random) -> bytes:
    return text.encode(chance.choice(["utf-8", "utf-8", "utf-16", "gb18030", "big5"]), "replace")


def _turned(data: bytes, chance: random.Random) -> bytes:
    """Some bytes other ones, seldom the rest cut off."""
    turned = bytearray(data)
    for _ in range(chance.choice([0, 0, 1, 30])):
        if turned:
            turned[chance.randrange(len(turned))] = chance.randrange(256)
    return bytes(turned[: chance.randrange(len(turned) + 1)] if chance.random() < 0.05 else turned)


def _office(suffix: str, text: str, chance: random.Random) -> bytes:
    """A Word file or a workbook with the text in it; one in five is no XML."""
    said = text if chance.random() < 0.2 else escape(_NOT_IN_XML.sub("", text))
    put_in = said.encode("utf-8", "replace")
    return _archive({name: data.replace(_HERE.encode(), put_in) for name, data in _template(suffix).items()})


@lru_cache
def _template(suffix: str) -> Mapping[str, bytes]:
    file = io.BytesIO()
    if suffix == "docx":
        document = docx.Document()
        document.add_paragraph(_HERE)
        document.add_table(1, 1).cell(0, 0).text = _HERE
        document.save(file)
    else:
        workbook = openpyxl.Workbook()
        sheet = workbook.create_sheet("s", 0)
        sheet["A1"], sheet["B2"] = _HERE, 12.5
        workbook.save(file)
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _archive(members: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def _pdf(text: str) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, invariant=True)
    canvas.setFont(_FONT, 12)
    said = text.encode("utf-8", "replace").decode("utf-8")  # what no PDF can hold is a question mark
    canvas.setTitle(said[:80])
    for at, line in enumerate(said.splitlines()[:40]):
        canvas.drawString(72, 780 - 18 * at, line[:300])
    canvas.save()
    return file.getvalue()
