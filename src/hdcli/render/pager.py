"""A pager for what is longer than the screen."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from hdcli.render.json import emit
from hdcli.render.text import width

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from subprocess import Popen

# Quit when it fits one screen, show colours, leave the text on the screen: git's own choice.
LESS = "FRX"


def page(text: str, enabled: bool) -> None:
    """Show ``text`` on stdout, through ``$PAGER`` when stdout is a terminal and it is too short.

    ``PAGER`` empty or ``cat`` means none; unset means less, or more. Without a pager that starts
    the text is printed plainly. A pager that is left early is no error.
    """
    stream([text], enabled and _too_long(text))


def stream(chunks: Iterable[str], enabled: bool) -> None:
    """The same for a text of unknown length: the pager shows what there is while more comes.

    ``chunks`` are no longer asked for once the reader has left.
    """
    # click.echo_via_pager is not used: it pages short texts too, adds a line, takes an empty
    # PAGER for none given, and removes colours when LESS is FRX.
    process = _start(os.environ) if enabled and _screen() else None
    if process is None:
        emit(sys.stdout, chunks)
    else:
        _feed(process, chunks)


def pagers(environ: Mapping[str, str]) -> list[list[str]]:
    """The commands to try in turn; none when the user wants no pager."""
    if "PAGER" not in environ:
        return [["less"], ["more"]]
    from shlex import split

    try:
        command = split(environ["PAGER"])
    except ValueError:
        # An unclosed quote: nothing that could be started.
        return []
    return [] if not command or command == ["cat"] else [command]


def lines_on_screen(text: str, columns: int) -> int:
    """How many lines of a terminal of ``columns`` columns ``text`` (with colours) takes."""
    import re

    plain = re.sub("\x1b\\[[0-9;]*m", "", text)
    widths = map(width, plain.removesuffix("\n").split("\n"))
    return sum(max(1, -(-w // max(1, columns))) for w in widths)


def _too_long(text: str) -> bool:
    size = _screen()
    # One line is the prompt's. A terminal that does not know its size says 0.
    return size is not None and 0 < size.lines <= lines_on_screen(text, size.columns)


def _screen() -> os.terminal_size | None:
    """The size of the terminal that shows stdout; None where it is none, or can't page."""
    try:
        if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
            return None
        return os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):
        return None


def _start(environ: Mapping[str, str]) -> Popen[str] | None:
    import subprocess

    sys.stdout.flush()
    for command in pagers(environ):
        try:
            return subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                env={"LESS": LESS, **environ},
                text=True,
                encoding=sys.stdout.encoding,
                errors="backslashreplace",
            )
        except (OSError, ValueError):
            continue
    return None


def _feed(process: Popen[str], chunks: Iterable[str]) -> None:
    if process.stdin is not None:
        try:
            with process.stdin as stdin:
                stdin.writelines(chunks)
        except BrokenPipeError:
            # The reader has seen enough.
            pass
        except KeyboardInterrupt:
            # ^C is for the pager, which has the terminal.
            pass
    while True:
        try:
            process.wait()
        except KeyboardInterrupt:
            continue
        return
