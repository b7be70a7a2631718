"""What is written reads back as it was, whatever the report says."""

import tempfile
from datetime import date
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.record import CLASSES, KINDS, Claim, Figure, Report, Span
from flows.write import claim_id, decimal_text, exact_text, read_report_folder, write_report

# Control characters, quotes, line ends and formulas included; lone surrogates cannot stand in UTF-8.
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["\r", "\r\n", '"', '","', "=1+1", " ", "\x00", "NULL", "…"]
)
DECIMALS = st.integers(-(10**30), 10**30).map(lambda scaled: Fraction(scaled, 10**12))
FRACTIONS = st.fractions(max_denominator=10**6)
DATES = st.none() | st.dates(date(1, 1, 1))
COUNTS = st.integers(0, 10**15)

REPORTS = st.builds(
    Report,
    **dict.fromkeys(
        ["report_id", "sha256", "source_id", "uri", "title", "publisher", "place", "language", "script"],
        WORDS,
    ),
    published_on=DATES,
    published_on_rule=WORDS,
    encoding=WORDS,
    media_type=WORDS,
    byte_count=COUNTS,
    char_count=COUNTS,
    reader_version=WORDS,
)


@st.composite
def figures(draw: st.DrawFn) -> list[Figure]:
    starts = draw(st.lists(COUNTS, unique=True, max_size=5))
    return [draw(figure(start)) for start in sorted(starts)]


@st.composite
def figure(draw: st.DrawFn, start: int) -> Figure:
    words = [draw(WORDS) for _ in range(9)]
    value, low, high, base_value, ulp = (draw(st.none() | DECIMALS) for _ in range(5))
    # An end is open or closed as its rule says, but a row without any number has no ends.
    ends = (True, True) if value is low is high is None else (draw(st.booleans()), draw(st.booleans()))
    return Figure(
        start,
        draw(COUNTS),
        draw(COUNTS),
        words[0],
        draw(st.sampled_from(CLASSES)),
        value,
        low,
        high,
        *ends,
        ulp=ulp,
        unit=words[1],
        unit_text=words[2],
        base_value=base_value,
        base_unit=words[3],
        direction=words[4],
        hedge=words[5],
        modifiers=words[6],
        indicator_text=words[7],
        entity=words[8],
        period_start=draw(DATES),
        period_end=draw(DATES),
        as_of=draw(DATES),
    )


CLAIMS = st.lists(
    st.builds(
        Claim,
        kind=st.sampled_from(sorted(KINDS)),
        result=WORDS,
        operands=st.lists(WORDS, min_size=1, max_size=4),
        weights=st.lists(FRACTIONS, max_size=4),
        origin=st.sampled_from(["text", "catalogue", "series"]),
        cues=st.lists(st.builds(Span, COUNTS, COUNTS), max_size=3),
        parameters=st.dictionaries(WORDS, WORDS, max_size=3),
        scope_doubt=WORDS,
        rule=WORDS,
    ),
    max_size=4,
    unique_by=lambda claim: claim_id("report", claim),
)


@settings(max_examples=40, deadline=None)
@given(report=REPORTS, numerals=figures(), claims=CLAIMS, text=WORDS)
def test_round_trip(report: Report, numerals: list[Figure], claims: list[Claim], text: str) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "report"
        write_report(folder, report, numerals[::-1], claims, text)
        first = {path.name: path.read_bytes() for path in folder.iterdir()}
        found_report, found_numerals, found_claims = read_report_folder(folder)
        assert found_report == report
        assert found_numerals == numerals
        assert len(found_claims) == len(claims)
        assert all(claim in found_claims for claim in claims)
        write_report(Path(home) / "again", found_report, found_numerals, found_claims[::-1], text)
        assert {path.name: path.read_bytes() for path in (Path(home) / "again").iterdir()} == first


@given(FRACTIONS)
def test_exact_text_is_exact(value: Fraction) -> None:
    assert Fraction(exact_text(value)) == value


@given(FRACTIONS, FRACTIONS)
def test_decimal_text_is_near_plain_and_keeps_order(one: Fraction, other: Fraction) -> None:
    low, high = sorted([one, other])
    assert abs(Fraction(decimal_text(one)) - one) <= Fraction(1, 2 * 10**12)
    assert Fraction(decimal_text(low)) <= Fraction(decimal_text(high))
    assert "e" not in decimal_text(one).lower()
