"""Relations whose figures are further apart than a slip explains are doubted; what a slip explains stays a finding."""

import pytest

from flows.analysis import judge_readings, read_report
from flows.judge import FAR_APART, doubt_far_apart
from flows.record import Claim

#: The whole or rate first, then what it is said to be made of.
CASES = [
    ("near", "sum", "120人 35人 90人", ""),
    ("holds", "sum", "125人 35人 90人", ""),
    ("nothing like it", "sum", "9,300人 35人 90人", FAR_APART),
    ("a digit too many", "sum", "1255人 35人 90人", ""),
    ("ten times as much", "sum", "1,250人 35人 90人", ""),
    ("another share", "share", "90.2% 422輛 4,318輛", FAR_APART),
    ("a share with a wrong digit", "share", "78.5% 1,231輛 4,318輛", ""),
    ("a number of one digit tells nothing", "ratio", "6 3,120人 22人", FAR_APART),
    ("a difference of what is alike", "difference", "98人 4,320人 4,318人", ""),
]


def claimed(kind: str, quotes: str, origin: str = "text") -> Claim:
    text = "，".join(quotes.split())
    reading = read_report(text.encode(), report_id="r", name="a.txt", relates=False)
    names = [name for name, figure in reading.figures_by_id.items() if figure.is_figure]
    parameters = {"scale": "100"} if kind == "share" else {}
    claim = Claim(kind, names[0], names[1:], origin=origin, parameters=parameters)
    doubt_far_apart([claim], reading.figures_by_id)
    return claim


@pytest.mark.parametrize(("kind", "quotes", "doubt"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_doubted_is_what_no_slip_explains(kind: str, quotes: str, doubt: str) -> None:
    assert claimed(kind, quotes).scope_doubt == doubt


def test_what_is_declared_is_not_doubted() -> None:
    assert claimed("sum", "9,300人 35人 90人", origin="catalogue").scope_doubt == ""


def test_a_doubted_relation_is_told_with_its_reason_and_is_no_finding() -> None:
    text = "全市共有車輛4,318輛，其中轎車3,284輛、貨車612輛、客車422輛，私人車輛（轎車與貨車）佔96.2%。"
    reading = read_report(text.encode(), report_id="r", name="a.txt")
    claims, verdicts = judge_readings([reading], reading.figures_by_id)
    told = {(claim.kind, verdict.verdict, verdict.reason) for claim, verdict in zip(claims, verdicts, strict=True)}
    assert told == {("sum", "holds", ""), ("share", "cannot_tell", FAR_APART)}
