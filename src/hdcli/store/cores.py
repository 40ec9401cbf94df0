"""Work for all cores: processes that end with the one that started them, however that ends."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

T = TypeVar("T")
R = TypeVar("R")


def workers() -> ProcessPoolExecutor:
    """A process for each core, to be used in a ``with``."""
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(max_workers=os.cpu_count(), initializer=_begin)


def _begin() -> None:
    """Leaves Ctrl-C to the parent; and sees to it that a parent that was killed leaves no orphans,
    which would wait for work for ever, with all that they inherited still open."""
    import signal
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def in_order(pool: ProcessPoolExecutor, work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """What ``work`` gives for each item, in their order; items are taken when there is room."""
    from collections import deque

    # All are there before the items begin: what those open is not inherited, and can be closed.
    pool.submit(os.getpid).result()
    waiting: deque[Future[R]] = deque()
    for item in items:
        waiting.append(pool.submit(work, item))
        if len(waiting) > 2 * (os.cpu_count() or 1):
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
