"""Hostile reports: samples with pieces put in, cut out, doubled; bytes turned; names that are tricks."""

import random
from collections.abc import Iterator

from flows.settings import PROJECT

SAMPLES = sorted((PROJECT / "seeds" / "reports").rglob("*.md"))
#: What must never be obeyed, wherever it stands.
PIECES = [
    "\x1b]0;title\x07\x1b[2J\x9b31m",
    "=cmd|'/C calc'!A0",
    "+1+1",
    "@SUM(1)",
    "<script>alert(1)</script>",
    "'; drop table raw.reports; --",
    "../../../../etc/passwd",
    "{{ config(materialized='table') }}",
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
    "|a|b|\n|-|-|\n|1|",
    "<table><tr><td>" * 200,
]


def mutated(chance: random.Random) -> bytes:
    """A sample with pieces put in, cut out, doubled; or bytes turned; or nothing but pieces."""
    text = chance.choice(SAMPLES).read_text(encoding="utf-8")
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(text) + 1)
        match chance.randrange(4):
            case 0:
                text = text[:at] + chance.choice(PIECES) + text[at:]
            case 1:
                text = text[:at] + text[at + chance.randint(1, 200) :]
            case 2:
                text = text[:at] + text[at : at + 80] * chance.randint(2, 20) + text[at:]
            case _:
                text = "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 12)))
    data = bytearray(text.encode(chance.choice(["utf-8", "utf-16", "gb18030"]), "replace"))
    for _ in range(chance.choice([0, 0, 1, 30])):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def names(chance: random.Random, count: int) -> Iterator[str]:
    stems = ["x", "=1+1", "..", "a b", "%2e%2e", "x\x1b[31m"]
    for number in range(count):
        yield f"{number}-{chance.choice(stems)}.{chance.choice(['txt', 'md', 'html'])}"
