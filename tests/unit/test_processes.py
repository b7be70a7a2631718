"""Work that is shared out: the same in one process and in several, in order, few shares at a time."""

import json
import os
from collections.abc import Iterator
from fractions import Fraction
from functools import partial

import pytest

from flows.judging import ToJudge, conflicts_of, verdicts_of
from flows.record.processes import crew_of, shared_out
from flows.write.cells import JUDGED_FIGURE
from flows.write.verdicts import VERDICTS


def place_of(number: int) -> tuple[int, int]:
    return number, os.getpid()


def end(_: int) -> None:
    os._exit(7)


def test_shares_come_back_in_order_from_other_processes() -> None:
    with crew_of(2):
        found = list(shared_out(place_of, range(40), is_worth=True))
    assert [number for number, _ in found] == list(range(40))
    pids = {pid for _, pid in found}
    assert os.getpid() not in pids
    assert 1 <= len(pids) <= 2


@pytest.mark.parametrize(("count", "is_worth"), [(2, False), (1, True)])
def test_what_is_not_worth_processes_is_done_here(count: int, is_worth: bool) -> None:
    with crew_of(count):
        assert list(shared_out(place_of, [1], is_worth=is_worth)) == [(1, os.getpid())]
    assert list(shared_out(place_of, [1], is_worth=True)) == [(1, os.getpid())]


def test_few_shares_are_taken_ahead_of_their_results() -> None:
    taken = []

    def shares() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with crew_of(2):
        found = shared_out(place_of, shares(), is_worth=True)
        next(found)
        assert len(taken) < 10
        found.close()


def test_a_process_that_ends_is_told_with_its_mend() -> None:
    with crew_of(2), pytest.raises(RuntimeError, match="GONGBAO_THREADS=1"):
        list(shared_out(end, [1, 2], is_worth=True))


def figure(start: int, quote: str, value: str) -> list[object]:
    cells = dict.fromkeys(JUDGED_FIGURE, "") | {
        "start": start,
        "numeral_end": start + len(quote),
        "quote": quote,
        "class": "quantity",
        **dict.fromkeys(("value", "low", "high"), value),
        **dict.fromkeys(("low_closed", "high_closed"), True),
        "ulp": "1.000000000000",
        "unit": "例",
    }
    return [f"r#{start}", *cells.values()]


def test_verdicts_and_conflicts_are_the_same_from_other_processes() -> None:
    claims = [
        [f"r!{number}", "hash", "sum", "r#0", f'["r#{number}", "r#20"]', "[]", "{}", ""] for number in range(10, 13)
    ]
    figures = [figure(0, "12", "12"), figure(20, "3", "3"), *(figure(n, str(n - 2), str(n - 2)) for n in range(10, 13))]
    factors = {"例": Fraction(1)}
    columns = ("report_id", *VERDICTS)
    judged = partial(verdicts_of, factors=factors, columns=columns)
    share = [ToJudge("r", json.dumps(claims), json.dumps(figures))]
    looked_into = partial(conflicts_of, factors=factors, columns=("report_id", "number", "claim_ids", "message"))
    with crew_of(2):
        (elsewhere,) = shared_out(judged, [share], is_worth=True)
        ((looked, *conflicts),) = shared_out(looked_into, [[(share[0], "hash")]], is_worth=True)
    assert elsewhere == judged(share)
    assert [row[columns.index("verdict")] for row in elsewhere] == ["broken", "holds", "broken"]
    assert looked[:3] == ("r", "0", None)
    assert [row[2] for row in conflicts] == ['["r!10"]', '["r!12"]']
