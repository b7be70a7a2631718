"""Processes beside this one, for what is many times the same: how they start, and that they end with it."""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Any

from flows.record.memory import collect_seldom


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
