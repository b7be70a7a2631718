"""Hostile reports: mutated and generated ones each end read or refused with a reason; none ends the run.

`HOSTILE=5000 python -m pytest tests/hostile` for the large number; the seed makes each report again.
"""

import os
import random
import socket
from pathlib import Path

import pytest

from flows.cli.terminal import plain
from flows.operations import look, read_items
from flows.record.columns import FIGURES
from flows.settings import Settings
from flows.write import csv_rows, spreadsheet_rows
from tests.hostile.mutants import hostile_files, write_all

COUNT = int(os.environ.get("HOSTILE", "120"))


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a socket fails."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened although no source asks for one")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("no_network")
def test_each_hostile_report_is_read_or_refused_with_a_reason(tmp_path: Path) -> None:
    chance = random.Random(20200327)  # noqa: S311 - reproducible on purpose
    folder, home = tmp_path / "reports", tmp_path / "home"
    home.mkdir()
    write_all(folder, hostile_files(chance, COUNT))
    (home / "sources.csv").write_text(f"id,kind,location\nh,folder,{folder}/*\n", encoding="utf-8")
    settings = Settings(home=home, threads=1)
    found = look(settings)
    outcomes = read_items(found.items, found.sources, settings)
    # the rest are archives without a member that may be taken; each is refused
    assert len(outcomes) > COUNT * 0.9
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
