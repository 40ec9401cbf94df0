"""The one lock of a desk: who holds it writes. Waited for within bounds, freed with its process."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hdcli.errors import Busy, NotADesk

WAIT = 30.0


def wait_seconds() -> float:
    """How long to wait for the lock: ``HD_LOCK_TIMEOUT`` seconds, else 30."""
    try:
        return max(0.0, float(os.environ.get("HD_LOCK_TIMEOUT", "")))
    except ValueError:
        return WAIT


@contextmanager
def lock(folder: Path) -> Iterator[int]:
    """Holds ``folder/lock``; gives its descriptor.

    A flock belongs to the open file: git processes that inherit the descriptor keep it held until
    they end too, so that nobody starts while a killed writer's git is still at work. Raises Busy.
    """
    descriptor = _open(folder)
    try:
        deadline = time.monotonic() + wait_seconds()
        while not _take(descriptor):
            if time.monotonic() >= deadline:
                raise _busy(descriptor)
            time.sleep(random.uniform(0.002, 0.02))  # noqa: S311 - spreads the waiters
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def try_lock(folder: Path) -> Iterator[int | None]:
    """Holds the lock if it is free at once; gives None when it is not."""
    descriptor = _open(folder)
    try:
        yield descriptor if _take(descriptor) else None
    finally:
        os.close(descriptor)


def _open(folder: Path) -> int:
    try:
        folder.mkdir(exist_ok=True)
        return os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise NotADesk(f"can't write to this desk: {error.strerror}: {folder}") from None


def _take(descriptor: int) -> bool:
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise NotADesk(f"this file system has no locks: {error.strerror}") from None
    return True


def _busy(descriptor: int) -> Busy:
    holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
    who = f" (process {holder})" if holder.isdecimal() else ""
    return Busy(f"another hd is writing to this desk{who}", "try again, or raise HD_LOCK_TIMEOUT")
