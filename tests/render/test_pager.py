"""The pager, on a real pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from hdcli.render.pager import lines_on_screen, pagers


def show(text: str, pager: str | None, *, enabled: bool = True, term: str = "xterm") -> str:
    """What a terminal of 10 lines shows when ``text`` is paged."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 10, 40, 0, 0))
    environ = {**os.environ, "TERM": term}
    for name in ("PAGER", "LESS"):
        environ.pop(name, None)
    if pager is not None:
        environ["PAGER"] = pager
    code = f"import sys; from hdcli.render.pager import page; page(sys.stdin.read(), {enabled})"
    command = [sys.executable, "-X", "utf8", "-c", code]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=slave, stderr=slave, env=environ
    )
    os.close(slave)
    assert process.stdin is not None
    process.stdin.write(text.encode())
    process.stdin.close()
    seen = b""
    try:
        while chunk := os.read(master, 4096):
            seen += chunk
    except OSError:
        # Linux reports the end of a pseudo-terminal as an error.
        pass
    os.close(master)
    assert process.wait() == 0
    return seen.decode().replace("\r\n", "\n")


@pytest.fixture
def numbering(tmp_path: Path) -> str:
    script = tmp_path / "pager"
    script.write_text('#!/bin/sh\necho "paged $1 LESS=$LESS"\ncat\n', encoding="utf-8")
    script.chmod(0o755)
    return f"{script} with"


LONG = "é line\n" * 12


def test_a_long_text_is_paged(numbering: str) -> None:
    assert show(LONG, numbering) == "paged with LESS=FRX\n" + LONG


def test_a_short_text_is_not(numbering: str) -> None:
    assert show("é line\n" * 9, numbering) == "é line\n" * 9


@pytest.mark.parametrize("pager", ["", "cat", "hd-no-such-pager", "'unclosed", "/etc/passwd"])
def test_no_pager_prints_plainly(pager: str) -> None:
    assert show(LONG, pager) == LONG


def test_not_enabled_or_a_dumb_terminal_prints_plainly(numbering: str) -> None:
    assert show(LONG, numbering, enabled=False) == LONG
    assert show(LONG, numbering, term="dumb") == LONG


def test_a_pager_left_early_is_no_error() -> None:
    assert show("line\n" * 50_000, "true") == ""
    assert show("line\n" * 50_000, "head -n 1") == "line\n"


def test_into_a_pipe_nothing_is_paged() -> None:
    code = f"from hdcli.render.pager import page; page({LONG!r}, True)"
    command = [sys.executable, "-X", "utf8", "-c", code]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    assert done.stdout == LONG


def test_which_pagers_are_tried() -> None:
    assert pagers({}) == [["less"], ["more"]]
    assert pagers({"PAGER": "less -S 'a b'"}) == [["less", "-S", "a b"]]
    assert pagers({"PAGER": " "}) == []


def test_lines_on_screen_counts_wrapped_lines_without_colours() -> None:
    assert lines_on_screen("abc\n\n" + "x" * 21 + "\n", 10) == 5
    assert lines_on_screen("\x1b[31m" + "x" * 10 + "\x1b[0m", 10) == 1
