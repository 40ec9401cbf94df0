"""Who writes the index: one process at a time, the others wait; readers never do."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hdcli.errors import Busy

# As long as a build of the largest desk takes: until then there is nothing to search.
_WAIT = 300.0
_PAUSE = 0.02


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Holds the lock of the index in ``folder``, which lies beside it and outlives it.

    Freed with the process, however that ends. Raises Busy after minutes, OSError where nothing can
    be written.
    """
    descriptor = os.open(
        folder.with_name(f"{folder.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666
    )
    try:
        deadline = time.monotonic() + _WAIT
        while not _taken(descriptor):
            if time.monotonic() > deadline:
                raise Busy("another hd is building the search index", "try again")
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
