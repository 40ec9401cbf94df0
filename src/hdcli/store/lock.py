"""The one lock of a desk: who holds it writes. Waited for within bounds, freed with its process."""

from __future__ import annotations

import errno
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from hdcli.errors import Busy, NotADesk

WAIT = 30.0
_HELD = "lock.held"
# How file systems say that they have no locks: some of networks, some of user space.
_NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL)
# How long the git processes of a dead writer may take to end.
_LAST_BREATH = 5.0


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
        while not _take(descriptor, folder):
            if time.monotonic() >= deadline:
                raise _busy(descriptor)
            _pause()
        with _taken(descriptor, folder):
            yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def lock_unless_at_work(folder: Path) -> Iterator[int | None]:
    """Holds the lock if nobody writes; gives None when somebody does.

    Where the writer is dead and only its git processes hold the lock, they are waited for.
    """
    descriptor = _open(folder)
    try:
        deadline = time.monotonic() + _LAST_BREATH
        taken = _take(descriptor, folder)
        while not taken and time.monotonic() < deadline and is_dead(_holder(descriptor)):
            _pause()
            taken = _take(descriptor, folder)
        with _taken(descriptor, folder) if taken else nullcontext():
            yield descriptor if taken else None
    finally:
        os.close(descriptor)


def _open(folder: Path) -> int:
    try:
        folder.mkdir(exist_ok=True)
        return os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise NotADesk(f"can't write to this desk: {error.strerror}: {folder}") from None


def _take(descriptor: int, folder: Path) -> bool:
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise NotADesk(f"can't lock this desk: {error.strerror}: {folder}") from None
        from hdcli.store import heldfile

        return heldfile.take(folder / _HELD, folder / "lock")
    return True


@contextmanager
def _taken(descriptor: int, folder: Path) -> Iterator[None]:
    """While the lock is ours. What a file system without locks needed goes at the end."""
    _sign(descriptor)
    try:
        yield
    finally:
        if os.path.lexists(folder / _HELD):
            from hdcli.store import heldfile

            heldfile.release(folder / _HELD)


def _pause() -> None:
    time.sleep(random.uniform(0.002, 0.02))  # noqa: S311 - spreads the waiters


def _sign(descriptor: int) -> None:
    with suppress(OSError):  # it is for people; a full disk is told of where it matters
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)


def _holder(descriptor: int) -> int:
    """The process that signed the lock last; 0 when it can't be told."""
    text = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
    return int(text) if text.isdecimal() and text.isascii() else 0


def is_dead(process: int) -> bool:
    """Whether a process is known to have ended; one that nobody fetched, a zombie, has."""
    if not process:
        return False
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False  # another user's, a system without /proc, no process number
    return state[:1] == [b"Z"]


def _busy(descriptor: int) -> Busy:
    holder = _holder(descriptor)
    who = f" (process {holder})" if holder else ""
    return Busy(f"another hd is writing to this desk{who}", "try again, or raise HD_LOCK_TIMEOUT")
