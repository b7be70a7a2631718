"""Work that is shared out: the same in one process and in several, in order, few shares at a time, and done though
processes end."""

import json
import os
import signal
import time
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread

import psutil
import pytest

from flows.judging import ToJudge, conflicts_of, verdicts_of
from flows.record.processes import EndedError, NotStartedError, Workers, crew_of, shared_out
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


def test_a_share_that_ends_its_process_twice_is_told_with_its_mend() -> None:
    with crew_of(2), pytest.raises(EndedError, match=r"exit code 7.*GONGBAO_THREADS=1"):
        list(shared_out(end, [1, 2], is_worth=True))


@pytest.mark.timeout(60)  # of concurrent.futures it would wait for ever
def test_a_process_that_ends_while_it_sends_what_it_made_holds_up_nobody() -> None:
    with Workers(2) as pool:
        futures = [pool.submit(end_while_sending, number) for number in range(4)]
        with pytest.raises(EndedError, match=r"SIGKILL.*for want of memory.*GONGBAO_THREADS=1"):
            futures[1].result()
        assert [futures[at].result()[0] for at in (0, 2, 3)] == [0, 2, 3]


def end_while_sending(number: int) -> tuple[int, bytes]:
    """The first bytes of what it made are on their way when it is killed."""

    def half(self: Connection, data: memoryview) -> None:
        os.write(self.fileno(), data[:100])
        os.kill(os.getpid(), signal.SIGKILL)

    if number == 1:
        Connection._send = half  # type: ignore[attr-defined]
    return number, b"." * 1_000_000


@pytest.mark.timeout(60)
@pytest.mark.parametrize("after", [0, 0.02, 0.1])
def test_a_process_killed_at_its_start_is_started_again(after: float) -> None:
    """Before it has read what it is to do, while it imports, and as it begins."""
    killing = Thread(target=kill_the_first, args=(2, after))
    killing.start()
    with Workers(2, slowly) as pool:
        assert [future.result()[0] for future in [pool.submit(place_of, number) for number in range(4)]] == [0, 1, 2, 3]
    killing.join()
    assert not started()


def slowly() -> None:
    time.sleep(0.5)


def started() -> list[psutil.Process]:
    found = []
    for process in psutil.Process().children():
        try:
            if "spawn_main" in str(process.cmdline()):
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def kill_the_first(count: int, after: float) -> None:
    killed: set[int] = set()
    while len(killed) < count:
        for process in started():
            if process.pid not in killed and len(killed) < count:
                time.sleep(after)
                process.kill()
                killed.add(process.pid)


@pytest.mark.timeout(60)
def test_where_no_process_begins_the_work_is_not_to_blame() -> None:
    with Workers(2, os._exit, 3) as pool, pytest.raises(NotStartedError, match=r"3 processes.*exit code 3.*run again"):
        pool.submit(place_of, 1).result()


@pytest.mark.timeout(60)
def test_a_share_whose_process_was_killed_is_done_once_more(tmp_path: Path) -> None:
    with crew_of(2):
        found = list(shared_out(partial(end_the_first_time, tmp_path), range(20), is_worth=True))
    assert found == list(range(20))
    assert len(list(tmp_path.iterdir())) == 2


def end_the_first_time(seen: Path, number: int) -> int:
    mark = seen / str(number)
    if number in (0, 13) and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_an_error_crosses_as_it_is_or_in_words() -> None:
    with Workers(1) as pool:
        with pytest.raises(UnicodeDecodeError) as raised:
            pool.submit(bytes.decode, b"\xff").result()
        assert "a process beside" in raised.value.__notes__[0]
        with pytest.raises(RuntimeError, match="AwkwardError: 1 of 2"):
            pool.submit(raise_awkward).result()
        assert pool.submit(place_of, 5).result()[0] == 5


class AwkwardError(ValueError):
    """Cannot be made again of what it says."""

    def __init__(self, one: int, other: int) -> None:
        super().__init__(f"{one} of {other}")


def raise_awkward() -> None:
    raise AwkwardError(1, 2)


@pytest.mark.timeout(30)
def test_whoever_leaves_by_an_error_waits_for_nothing() -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not started()


def interrupted() -> None:
    with Workers(2) as pool:
        futures = [pool.submit(time.sleep, 60) for _ in range(4)]
        while len(started()) < 2 or not all(future.running() for future in futures[:2]):
            time.sleep(0.01)
        raise KeyboardInterrupt


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
