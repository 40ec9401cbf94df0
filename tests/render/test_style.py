"""Colours: when, and that they add nothing but colour."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from click import unstyle

from hdcli.render.style import Palette, colour_wanted


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "on_terminal", "on_pipe"),
    [
        ({}, True, False),
        ({"NO_COLOR": ""}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": "0"}, False, False),
        ({"TERM": "dumb"}, False, False),
        ({"CLICOLOR_FORCE": "1"}, True, True),
        ({"CLICOLOR_FORCE": "0"}, True, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_colour_wanted(environ: dict[str, str], on_terminal: bool, on_pipe: bool) -> None:
    assert colour_wanted(Terminal(), environ) is on_terminal
    assert colour_wanted(io.StringIO(), environ) is on_pipe


def test_a_closed_stream_has_no_colour() -> None:
    stream = io.StringIO()
    stream.close()
    assert not colour_wanted(stream, {})


def looks(palette: Palette) -> list[Callable[[str], str]]:
    return [
        palette.status,
        lambda word: palette.priority(word, 1),
        palette.overdue,
        palette.id,
        palette.reply,
        palette.note,
        palette.heading,
        palette.dim,
    ]


def test_colour_changes_no_text() -> None:
    for plain, coloured in zip(looks(Palette(False)), looks(Palette(True)), strict=True):
        assert plain("open  ") == "open  "
        assert coloured("open  ") != "open  "
        assert unstyle(coloured("open  ")) == "open  "
        assert coloured("") == ""


def test_unknown_words_and_low_priorities_stay_plain() -> None:
    palette = Palette(True)
    assert palette.status("other") == "other"
    assert palette.priority("low", 4) == "low"
    assert palette.priority("critical", 1) != palette.priority("critical", 2)
