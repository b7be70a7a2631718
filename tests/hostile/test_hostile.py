"""Hostile reports: mutated and generated ones each end read or refused with a reason; none ends the run.

`HOSTILE=5000 python -m pytest tests/hostile` for the large number; the seed makes each report again.
"""

import os
import random
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.cli.terminal import plain
from flows.operations import look, read_items
from flows.record.columns import FIGURES
from flows.settings import PROJECT, Settings
from flows.write import csv_rows, spreadsheet_rows

COUNT = int(os.environ.get("HOSTILE", "120"))
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


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a socket fails."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened although no source asks for one")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def names(chance: random.Random, count: int) -> Iterator[str]:
    stems = ["x", "=1+1", "..", "a b", "%2e%2e", "x\x1b[31m"]
    for number in range(count):
        yield f"{number}-{chance.choice(stems)}.{chance.choice(['txt', 'md', 'html'])}"


@pytest.mark.usefixtures("no_network")
def test_each_hostile_report_is_read_or_refused_with_a_reason(tmp_path: Path) -> None:
    chance = random.Random(20200327)  # noqa: S311 - reproducible on purpose
    folder, home = tmp_path / "reports", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    for name in names(chance, COUNT):
        (folder / name).write_bytes(mutated(chance))
    (home / "sources.csv").write_text(f"id,kind,location\nh,folder,{folder}/*\n", encoding="utf-8")
    settings = Settings(home=home, threads=1)
    found = look(settings)
    outcomes = read_items(found.items, found.sources, settings)
    assert len(outcomes) > COUNT * 0.9  # the rest are the same bytes twice
    broken = [outcome for outcome in outcomes if outcome.code in ("rule_failed", "crashed")]
    assert [(outcome.item.name, outcome.reason) for outcome in broken] == []
    for outcome in outcomes:
        assert outcome.folder is not None or (outcome.code and outcome.reason)
        assert "\x1b" not in plain(outcome.reason)
        if outcome.folder is None:
            continue
        assert outcome.folder.parent == settings.pulled
        text = (settings.texts / f"{outcome.item.report_id}.txt").read_bytes().decode("utf-8")
        rows = [row for _, row in csv_rows(outcome.folder / "figures.csv")]
        assert all(text[int(row["start"]) : int(row["end"])] == row["quote"] for row in rows)
        for row in spreadsheet_rows(rows, FIGURES):
            assert not row["quote"].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert {path.name for path in tmp_path.iterdir()} == {"reports", "home"}
