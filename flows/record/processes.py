"""Processes beside this one, for what is many times the same: how they start, and that they end with it."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Lock, Thread
from typing import Any, TypeVar

from flows.record.memory import collect_seldom

S = TypeVar("S")
R = TypeVar("R")

#: Shares that wait for each process of a crew, or for whoever takes what became of them.
_AHEAD = 2


def workers(count: int, begin: Callable[..., None] | None = None, *given: Any) -> ProcessPoolExecutor:
    """`count` processes, each of which calls `begin(*given)` first; to be used as a context manager.

    Started afresh, not forked: the flow around us has threads, and a forked lock stays locked.
    """
    return ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=_begin_work, initargs=(begin, given)
    )  # fmt: skip


def _begin_work(begin: Callable[..., None] | None, given: tuple[Any, ...]) -> None:
    """A worker whose run was killed must not go on writing beside the next one, nor wait for work for ever."""
    collect_seldom()
    parent = parent_process()
    if parent is not None:
        Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()
    if begin is not None:
        begin(*given)


class _Crew:
    """Processes that are started when something is worth them, whoever asks first."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._lock = Lock()
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, work: Callable[[S], R], share: S) -> "Future[R]":
        with self._lock:
            if self._pool is None:
                self._pool = workers(self.count, _leave_interrupts)
            return self._pool.submit(work, share)

    def dismiss(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _leave_interrupts() -> None:
    """Ctrl-C is for the process that hands out the work: it ends these when it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


_crew: _Crew | None = None


@contextmanager
def crew_of(count: int) -> Iterator[None]:
    """For its time `shared_out` has `count` processes to use, on whatever thread it is asked; they are started when
    first needed. One such time after the other, in a process."""
    global _crew  # noqa: PLW0603 - who shares out is called by dbt, which hands on nothing of ours
    _crew = _Crew(count) if count > 1 else None
    try:
        yield
    finally:
        crew, _crew = _crew, None
        if crew is not None:
            crew.dismiss()


def shared_out(work: Callable[[S], R], shares: Iterable[S], *, is_worth: bool) -> Iterator[R]:
    """What `work` makes of each share, in their order: by the crew of this time where there is one and it `is_worth`
    starting it, otherwise here. `shares` are taken as they are needed, so that few are in memory at once.

    `work` and what goes to and fro must be picklable. Raises RuntimeError where a process ends before its work does.
    """
    crew = _crew
    if crew is None or not is_worth:
        yield from map(work, shares)
        return
    waiting: deque[Future[R]] = deque()
    try:
        for share in shares:
            waiting.append(crew.submit(work, share))
            if len(waiting) > _AHEAD * crew.count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise RuntimeError(
            "a process that shares the work has ended, perhaps for want of memory; GONGBAO_THREADS=1 works in one"
        ) from error
    finally:
        for each in waiting:
            each.cancel()
