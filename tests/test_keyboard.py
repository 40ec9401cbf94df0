"""A line typed at a terminal, with what is shown below it."""

from __future__ import annotations

import re

import pytest

from hdcli.keyboard import Choice, Pasted, Prompt
from hdcli.render.text import width


def asked(*keys: str, first: bool = False, choices: int = 0) -> str | None:
    """What is answered with some keys; the choices are called 0, 1, 2 ..."""
    below = [Choice(str(each), f"no. {each}") for each in range(choices)]
    return Prompt(iter(keys).__next__).ask("What:", lambda _: below, first=first)


def test_what_is_typed_is_answered_and_can_be_corrected() -> None:
    assert asked(*"a bc", "backspace", *" \x07é", "word", *"王", "enter") == "a b 王"
    assert asked(*"abc", "clear", *"d", "end", "left", "enter") == "d"
    assert asked("end") is None
    assert asked(*"abc", "escape") is None


def test_pasted_text_may_have_lines_and_is_never_a_key() -> None:
    assert asked(Pasted("enter"), Pasted("\n\ntwo"), "enter") == "enter\n\ntwo"


def test_each_choice_is_reached_however_many_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("enter", choices=20) == ""
    assert asked("enter", first=True, choices=20) == "0"
    assert asked(*["down"] * 13, "up", "enter", choices=20) == "11"
    assert asked(*["down"] * 30, "enter", choices=20) == "19"
    drawn = capsys.readouterr().out.split("\x1b[J")
    assert max(each.count("no. ") for each in drawn) == 6
    assert "  > no. 19\x1b" in drawn[-2]


def test_a_long_line_of_wide_characters_stays_on_one_row(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "30")
    assert asked(*"ab王小明" * 9, "enter") == "ab王小明" * 9
    rows = re.split(r"\x1b\[J|\r|\n", capsys.readouterr().out)
    assert max(width(row) for row in rows if "\x1b" not in row) <= 29
