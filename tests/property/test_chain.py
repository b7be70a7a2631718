"""The whole chain, bytes to judged claims, on any text and on mutated reports: never raises, and stays sound."""

import random
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.analysis import Reading, judge_readings, read_report
from flows.read import ReadError
from flows.record import CLASSES, KINDS
from flows.record.script import fold
from flows.record.vocabulary import SEEDS

SAMPLES = sorted((SEEDS / "reports").glob("*/*.md"))
PIECES = (
    *(
        "復(fù)工率",
        "萬(wàn)畝",
        "\\u00a0",
        "&nbsp;",
        "&#160;",
        "，，",
        ",,",
        "\u200b",
        "\u00ad",
        "\u202e",
        "\ufeff",
        "\x07",
    ),
    *(
        "１，１５３ 6 千人",
        "\ufffd",
        "\r",
        "\r\n",
        "\u2028",
        "|",
        "\t",
        "（",
        "）",
        "《",
        "“",
        "</p><td>",
        "<h1>",
        "-->",
        "&",
    ),
    *("12", "3.5%", "百分之", "分别为", "其中", "共", "0", "-", "~", "至", "万", "兆", "2月30日", "第", "½", "④", "٣"),
)
NOISE = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=30).map("".join)


def mutant(text: str, chance: random.Random) -> tuple[bytes, str]:
    """A report after one to six mishaps, and the name it comes under."""
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((1, 2, 5, 30, 200)))
        other = chance.randrange(len(text) + 1)
        mishap = chance.randrange(7)
        if mishap == 0:
            text = text[:start] + text[end:]
        elif mishap == 1:
            text = text[:start] + text[start:end][::-1] + text[end:]
        elif mishap == 2:
            text = text[:other] + text[start:end] + text[other:]
        elif mishap == 3:
            text = text[:start] + fold(text[start:end]) + text[end:]
        elif mishap == 4:
            text = text[:start] + chance.choice(PIECES) + text[start:]
        elif mishap == 5:
            text = text[:start] + "".join(chance.sample(text[start:end], end - start)) + text[end:]
        else:
            text = (
                text[:start]
                + chr(chance.choice((chance.randrange(0x20, 0x3000), chance.randrange(0xD7FF))))
                + text[end:]
            )
        if not text:
            text = "5"
    data = text.encode("utf-8", "ignore")
    if chance.random() < 0.1:
        data = data[: chance.randrange(len(data) + 1)]
    return data, chance.choice(("a.txt", "a.md", "a.html", "a.csv"))


def read(data: bytes, name: str) -> Reading | None:
    """None where the bytes are refused with a reason."""
    try:
        return read_report(data, report_id="r", name=name)
    except ReadError as error:
        if not str(error):
            raise
        return None


def check(reading: Reading) -> None:
    """Spans valid, ordered, disjoint; quotes slices; no digit left out; values in their intervals; claims sound."""
    text, rows = reading.document.text, reading.figures
    for row in rows:
        assert 0 <= row.start < row.numeral_end <= row.end <= len(text)
        assert row.quote == text[row.start : row.end]
        assert row.cls in CLASSES
        if row.is_figure and row.value is not None:
            assert row.low is None or row.low <= row.value
            assert row.high is None or row.value <= row.high
    assert all(one.end <= two.start for one, two in pairwise(rows))
    inside = bytearray(len(text))
    for row in rows:
        inside[row.start : row.end] = b"\x01" * (row.end - row.start)
    left = [place for place, char in enumerate(text) if not inside[place] and char.isdigit()]
    assert not [place for place in left if unicodedata.category(text[place]) == "Nd"]
    known = {f"r#{row.start}" for row in rows}
    for claim in reading.claims:
        assert claim.kind in KINDS
        assert {claim.result or claim.operands[0], *claim.operands} <= known
        assert all(0 <= cue.start < cue.end <= len(text) for cue in claim.cues)
    claims, verdicts = judge_readings([reading], reading.figures_by_id)
    assert len(claims) == len(verdicts)


@settings(max_examples=150, deadline=None)
@given(NOISE, st.sampled_from(["a.txt", "a.html", "a.csv"]))
def test_any_text(text: str, name: str) -> None:
    reading = read(text.encode("utf-8", "ignore"), name)
    if reading is not None:
        check(reading)


@pytest.mark.parametrize("seed", range(60))
def test_mutated_reports(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    text = chance.choice(SAMPLES).read_text(encoding="utf-8")
    start = chance.randrange(max(len(text) - 1200, 1))
    reading = read(*mutant(text[start : start + 1200], chance))
    if reading is not None:
        check(reading)
