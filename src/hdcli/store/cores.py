"""Work for all cores: processes that end with the one that started them, however that ends."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor


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
