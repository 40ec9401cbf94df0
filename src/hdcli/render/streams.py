"""The standard streams, fit for use whatever hd was started with: closed, full, not UTF-8."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import IO


def make_ready() -> None:
    """Opens the standard streams that are closed, and lets output print any character.

    A closed one is no mere absence: the next file that is opened would take its number, and git
    would be given it. What the terminal's encoding lacks shows as ``?``.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number: this one
    # They stay open as long as the process lives, so no "with" can hold them (SIM115).
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def flush() -> OSError | None:
    """Prints what is still buffered; gives what prevents it, and then drops the rest.

    A reader that left, as in ``hd list | head``, prevents nothing that anybody wants.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        return None if isinstance(error, BrokenPipeError) else error
    return None


def remark(message: str) -> str:
    """What standard error is told: ``hd: `` and the message, which is safe for terminals already.

    On a screen its first line is broken between words; what follows it marks a place in a query.
    """
    first, *rest = f"hd: {message}".split("\n")
    columns = _columns(sys.stderr)
    if columns and len(first) > columns // 2:  # a character takes two columns at most
        from hdcli.render.text import fold

        first = fold(first, columns, "    ")
    return "\n".join([first, *rest])


def _columns(stream: IO[str]) -> int:
    """The columns of the terminal that a stream is; 0 where it is none."""
    try:
        return os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        return 0


def is_full(error: OSError) -> bool:
    """Whether it came from printing: the store names the file of each of its own."""
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
    return error.filename is None and error.errno in full
