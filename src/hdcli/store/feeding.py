"""Processes that are given input, left to work for a while, and waited for."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO

from hdcli.store.git import failure


@contextmanager
def at_work(
    process: subprocess.Popen[bytes], stdin: Callable[[], bytes], what: str
) -> Iterator[None]:
    """Gives a process its input and lets it work while the block runs; waits for its end.

    Raises GitFailed at the end of the block, unless that raised.
    """
    try:
        feed(process, stdin())
        close(process)
        yield
    finally:
        error = ended(process)
    if process.returncode:
        raise failure((what,), error)


def feed(process: subprocess.Popen[bytes], data: bytes) -> None:
    """Writes to a process; one that has ended says by its exit code why it reads no more."""
    with suppress(BrokenPipeError):
        _open(process.stdin).write(data)
        _open(process.stdin).flush()


def close(process: subprocess.Popen[bytes]) -> None:
    """Says to a process that there is no more input."""
    with suppress(BrokenPipeError):
        _open(process.stdin).close()


def ended(process: subprocess.Popen[bytes]) -> bytes:
    """Waits for the end of a process; gives what it said on standard error."""
    close(process)
    with _open(process.stderr) as stream:
        error = stream.read()
    process.wait()
    return error


def _open(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream
