"""Every line of tests/spec/judge_*.tsv is a claim with its figures and the verdict it must get."""

import csv
import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from flows.judge import judge_claims
from flows.record import KINDS, Claim, Figure

SPEC = Path(__file__).resolve().parent.parent / "spec"
SCALES = {"": 1, "万": 10**4, "亿": 10**8}
COLUMNS = "case,kind,result,operands,weights,parameters,scope_doubt,verdict,flags,message"


def lines() -> list[dict[str, str]]:
    rows = []
    for path in sorted(SPEC.glob("judge_*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file, delimiter="\t", restval=""))
    return rows


def figure(text: str) -> Figure:
    """`98.2 %`: rounded at its last place; `696`: a count; `12.6万`: rounded; `<800`, `>8`: hedged; an ISO
    date.
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        made = Figure(0, len(text), len(text), text, "date")
        try:
            made.period_start = made.period_end = date.fromisoformat(text)
        except ValueError:
            made.rule = "no such date"
        return made
    found = re.fullmatch(r"(down )?([<>]?)(-?\d+)(?:\.(\d+))?([万亿]?)(?: (\S+))?", text)
    assert found is not None, text
    down, hedge, whole, decimals, scale, unit = found.groups()
    numeral = whole + (f".{decimals}" if decimals else "") + scale
    made = Figure(0, len(numeral), len(numeral), numeral, "percent" if unit in ("%", "‰") else "quantity")
    made.unit, made.direction = unit or "", "down" if down else ""
    made.value = Fraction(f"{whole}.{decimals or 0}") * SCALES[scale]
    made.ulp = Fraction(SCALES[scale], 10 ** len(decimals or ""))
    half = made.ulp / 2 if decimals or scale or made.cls == "percent" else Fraction(0)
    made.low, made.high = made.value - half, made.value + half
    if hedge == "<":
        made.low, made.high, made.high_closed = None, made.value, False
    if hedge == ">":
        made.low, made.high, made.low_closed = made.value, None, False
    return made


def parts(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]


@pytest.mark.parametrize("row", lines(), ids=lambda row: f"{row['kind']}: {row['case']}: {row['operands']}")
def test_verdict(row: dict[str, str]) -> None:
    figures: dict[str, Figure] = {}
    names = []
    for place, text in enumerate([row["result"], *parts(row["operands"])]):
        names.append(f"r#{place}" if text else "")
        if text not in ("", "?"):
            figures[f"r#{place}"] = figure(text)
    claim = Claim(row["kind"], names[0], names[1:], scope_doubt=row["scope_doubt"])
    claim.weights = [Fraction(weight) for weight in parts(row["weights"])]
    claim.parameters = dict(pair.split("=") for pair in row["parameters"].split(";") if pair)

    [verdict] = judge_claims([claim], figures)
    [fast] = judge_claims([claim], figures, explain=False)

    assert verdict.verdict == row["verdict"], verdict
    if row["verdict"] == "cannot_tell":
        assert verdict.reason
    elif row["flags"] or not row["case"].startswith("boundary"):
        expected = set(row["flags"].split(";")) - {""}
        assert set(verdict.flags) - ({"only_if_truncated"} - expected) == expected
    if row["message"]:
        assert verdict.message == row["message"]
    for explained in ("message", "message_zh", "reason_zh", "fits"):
        setattr(fast, explained, getattr(verdict, explained))
    assert fast == verdict


def test_every_kind_has_every_case() -> None:
    seen = {(row["kind"], re.split(r"[, ]", row["case"])[0]) for row in lines()}
    wanted = {(kind, case) for kind in KINDS for case in ("holds", "broken", "boundary", "cannot_tell", "trap")}
    assert not wanted - seen


def test_the_tables_have_the_columns_of_the_test() -> None:
    for path in SPEC.glob("judge_*.tsv"):
        assert path.read_text(encoding="utf-8").splitlines()[0] == COLUMNS.replace(",", "\t")
