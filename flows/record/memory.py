"""How a process that makes very many rows keeps its memory."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def collect_seldom() -> None:
    """Let a process that does nothing but read reports, or make pages, look for loops of objects seldom.

    It makes hundreds of thousands of small objects and next to no loops, and the vocabularies stay: so it costs a sixth
    less, and the loops of a few reports wait to be freed.
    """
    gc.set_threshold(100_000, 50, 1_000)


@contextmanager
def importing_for_good() -> Iterator[None]:
    """Import large libraries here: they stay until the process ends, so no loop is looked for in what they make,
    neither meanwhile nor ever after.

    Python looks again and again through all that is there while it grows; starting Prefect, Great Expectations and dbt
    spent a tenth of its time so. Afterwards it looks once in ten thousand new objects, not in 700.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(10_000, 10, 10)
        gc.enable()
