"""Processes beside this one, for what is many times the same: how they start, that they end with it, and what becomes
of their work where one of them ends.

Each has a pipe of its own, whose other end nobody else holds, so that its end is seen at whatever moment it comes.
concurrent.futures gives all processes one pipe and one lock: one that was killed while it sent its result held up all
the others, and the run, for ever.
"""

import logging
import os
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from threading import Lock, Thread, local
from traceback import format_exception
from types import TracebackType
from typing import Any, Self, TypeVar

from flows.record.memory import collect_seldom

S = TypeVar("S")
R = TypeVar("R")

_log = logging.getLogger(__name__)

#: Started afresh, not forked: the flow around us has threads, and a forked lock stays locked.
_SPAWN = get_context("spawn")
#: Shares that wait for each process, or for whoever takes what became of them.
_AHEAD = 2
#: How often a process is started that ends before it has begun.
_STARTS = 3
#: Seconds until a process is gone that has closed its pipe, or was told that there is no more work.
_GONE_WITHIN = 10

_MEND = "nothing is lost; run again, with GONGBAO_THREADS=1 where there is no room for more than one"


class ProcessError(RuntimeError):
    """What is meant to be done by processes beside this one cannot be; the message says why, and the mend."""


class EndedError(ProcessError):
    """A process ended at a piece of work, which is not done: killed, out of memory, or ended by the work itself. `how`
    says by what."""

    def __init__(self, how: str) -> None:
        super().__init__(f"a process that shares the work ended {how}; {_MEND}")
        self.how = how


class NotStartedError(ProcessError):
    """No process comes to life that could do the work: the work is not to blame."""


class Workers:
    """`count` processes, started when there is work for them, each of which calls `begin(*given)` first; to be used as
    a context manager. What is given, asked and answered must be picklable.

    One that ends takes its piece of work with it (`EndedError`) and nothing else: another is started for the next.
    Whoever leaves by an error (Ctrl-C too) ends them all, in the middle of what they do.
    """

    def __init__(self, count: int, begin: Callable[..., None] | None = None, *given: Any) -> None:
        self.count = count
        self._begin = (begin, given)
        self._threads = ThreadPoolExecutor(count, "process")  # each of them has one process, and waits for it
        self._of_thread = local()
        self._lock = Lock()
        self._living: set[_Process] = set()
        self._is_over = False

    def submit(self, work: Callable[..., R], *asked: Any) -> "Future[R]":
        """What `work(*asked)` returns or raises, of a process. The future raises EndedError where the process ends, and
        NotStartedError where none begins."""
        return self._threads.submit(self._do, work, asked)

    def each(self, work: Callable[[S], R], shares: Iterable[S]) -> Iterator[R]:
        """What `work` makes of each share, in their order. `shares` are taken as they are needed, so that few are in
        memory at once; one whose process ends is done once more, so it must not matter if it was half done.

        Raises EndedError where that process ends as well.
        """
        waiting: deque[tuple[S, Future[R]]] = deque()

        def first() -> R:
            share, future = waiting.popleft()
            try:
                return future.result()
            except EndedError:
                return self.submit(work, share).result()

        try:
            for share in shares:
                waiting.append((share, self.submit(work, share)))
                if len(waiting) > _AHEAD * self.count:
                    yield first()
            while waiting:
                yield first()
        finally:
            for _, future in waiting:
                future.cancel()

    def _do(self, work: Callable[..., R], asked: tuple[Any, ...]) -> R:
        process: _Process | None = getattr(self._of_thread, "process", None)
        if process is None:
            process = self._of_thread.process = self._started()
        try:
            done: R = process.do(work, asked)
        except EndedError as error:
            if not self._is_over:
                _log.warning("a process that shares the work ended %s", error.how)
            raise
        finally:
            if not process.is_whole:
                self._of_thread.process = None
                self._forget(process)
        return done

    def _started(self) -> "_Process":
        for _ in range(_STARTS):
            with self._lock:
                if self._is_over:
                    raise EndedError("with the others, before this was begun")
                try:
                    process = _Process()
                except OSError as error:
                    raise NotStartedError(f"no process can be started: {error}; {_MEND}") from error
                self._living.add(process)
            try:
                process.do(*self._begin)
            except EndedError as error:
                self._forget(process)
                ended = error
            except BaseException:
                self._forget(process)
                raise
            else:
                return process
        said = f"{_STARTS} processes ended before they had begun, the last one {ended.how}; {_MEND}"
        raise NotStartedError(said) from ended

    def _forget(self, process: "_Process") -> None:
        process.dismiss()
        with self._lock:
            self._living.discard(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if kind is not None:
            with self._lock:
                self._is_over = True
                for process in self._living:
                    process.end()
        self._threads.shutdown(cancel_futures=True)
        for process in self._living:
            process.dismiss()


class _Process:
    """One process, seen from here, by one thread."""

    is_whole = True  # there is no half of a question or an answer in the pipe

    def __init__(self) -> None:
        self._pipe, theirs = _SPAWN.Pipe()
        try:
            # told no more than this: who writes much to one that dies at its start is held up
            self._process = _SPAWN.Process(target=_serve, args=(theirs,), daemon=True)
            self._process.start()
        except BaseException:
            self._pipe.close()
            raise
        finally:
            theirs.close()  # so that the pipe ends with the process

    def do(self, work: Callable[..., Any] | None, asked: tuple[Any, ...]) -> Any:
        """What `work(*asked)` returns or raises there. Raises EndedError where the process ends."""
        question = pickle.dumps((work, asked), pickle.HIGHEST_PROTOCOL)
        self.is_whole = False
        try:
            self._pipe.send_bytes(question)
            answer = self._pipe.recv_bytes()
        except (EOFError, OSError) as broken:
            raise EndedError(self._how()) from broken
        self.is_whole = True
        done, error = pickle.loads(answer)  # noqa: S301 - our own process
        if error is not None:
            raise error
        return done

    def _how(self) -> str:
        self.dismiss()
        code = self._process.exitcode
        if code is None or code >= 0:
            return f"with exit code {code}"
        name = next((each.name for each in signal.Signals if each == -code), f"signal {-code}")
        return f"by {name}" + (", perhaps for want of memory" if -code == signal.SIGKILL else "")

    def end(self) -> None:
        """In the middle of what it does; who waits for it is told that it ended."""
        self._process.kill()

    def dismiss(self) -> None:
        """There is no more work: it ends, if it has not, and is waited for."""
        self._pipe.close()
        self._process.join(_GONE_WITHIN)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _serve(pipe: Connection) -> None:
    """The other side of the pipe, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that hands out the work: it ends these
    collect_seldom()
    parent = parent_process()
    if parent is not None:  # one whose run was killed must not go on writing beside the next run
        Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()
    while True:
        try:
            question = pipe.recv_bytes()
        except (EOFError, OSError):  # no more work
            return
        pipe.send_bytes(_answer(question))


def _answer(question: bytes) -> bytes:
    """What the work returns, or the error that it raises."""
    try:
        work, asked = pickle.loads(question)  # noqa: S301 - of the process that started this one
        done = work(*asked) if work is not None else None
        return pickle.dumps((done, None), pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - raised again where it was asked for
        where = "".join(format_exception(error))
        try:
            error.add_note(f"in a process beside, which says:\n{where}")
            answer = pickle.dumps((None, error))
            pickle.loads(answer)  # noqa: S301 - not every error that can be pickled can be made again
        except Exception:  # noqa: BLE001 - what cannot cross as it is crosses in words
            answer = pickle.dumps((None, RuntimeError(f"{type(error).__name__}: {error}\n{where}")))
        return answer


_crew: Workers | None = None


@contextmanager
def crew_of(count: int) -> Iterator[None]:
    """For its time `shared_out` has `count` processes to use, on whatever thread it is asked; they are started when
    first needed. One such time after the other, in a process."""
    global _crew  # noqa: PLW0603 - who shares out is called by dbt, which hands on nothing of ours
    if count < 2:
        yield
        return
    with Workers(count) as crew:
        _crew = crew
        try:
            yield
        finally:
            _crew = None


def shared_out(work: Callable[[S], R], shares: Iterable[S], *, is_worth: bool) -> Iterator[R]:
    """What `work` makes of each share, in their order: by the crew of this time where there is one and it `is_worth`
    starting it, as `Workers.each` does it, otherwise here."""
    crew = _crew
    return crew.each(work, shares) if crew is not None and is_worth else iter(map(work, shares))
