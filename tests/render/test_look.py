from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import termios
from datetime import UTC, datetime

import pytest

from hdcli.render.look import Look, screen
from hdcli.render.style import Palette

LOOK = Look(
    Palette(enabled=True),
    datetime(2026, 11, 24, 9, 12, 44, tzinfo=UTC),
    UTC,
    priorities=("low", "normal", "high", "urgent"),
)


def test_when_something_was_or_will_be() -> None:
    assert LOOK.when("2026-11-24T09:12:30Z") == "09:12, just now"
    assert LOOK.when("2026-11-22T08:00:00Z") == "Sun 08:00, 2 d ago"
    assert LOOK.when("2026-11-26T10:00:00Z") == "Thu 10:00, in 2 d"
    assert LOOK.is_past("2026-11-24T09:12:44Z")
    assert not LOOK.is_past("2026-11-24T09:12:45Z")


def test_the_two_most_urgent_priorities_stand_out() -> None:
    coloured = [word for word in LOOK.priorities if "\x1b" in LOOK.priority(word)]
    assert coloured == ["high", "urgent"]
    assert LOOK.priority("gone  ") == "gone  "


def test_there_is_no_screen_in_a_pipe() -> None:
    assert screen(io.StringIO()) == (None, None)
    closed = io.StringIO()
    closed.close()
    assert screen(closed) == (None, None)


def test_nothing_is_wider_than_the_screen_whatever_columns_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    master, slave = pty.openpty()
    with open(slave, "w") as stream:
        for columns, told in (("110", 80), ("60", 60)):
            monkeypatch.setenv("COLUMNS", columns)
            fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
            assert screen(stream) == (told, 24)
    os.close(master)
