"""Safe, measured, cut and wrapped text."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcli.render.text import (
    fit,
    fold,
    graphemes,
    pad,
    safe,
    safe_block,
    width,
    without_controls,
    wrap,
)

# Characters that have made terminals and measuring go wrong, more often than chance would.
TRICKY = "aé日本😀👩‍👩‍👧❤️‍🔥🇫🇷े́̀\u200d\u200c\ufe0f\u0600\u0903\u1100\u1161\x1b\x9b\u202e\t\n\r\ud800 "
anything = st.text() | st.text(alphabet=TRICKY) | st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain text, 100%", "plain text, 100%"),
        ("été à Łódź, 日本", "été à Łódź, 日本"),
        ("a\x1b[2Jb", "a^[[2Jb"),
        ("\x1b]0;title\x07", "^[]0;title^G"),
        ("a\x08\x7f\x00", "a^H^?^@"),
        ("\x9b31m\x85", "\\u009b31m\\u0085"),
        ("one\ntwo\r\nthree\tfour\rfive", "one two three four five"),
        ("a\u2028b\u2029c", "a\\u2028b\\u2029c"),
        ("exe.\u202efdp\u2066\u200f\u061c", "exe.\\u202efdp\\u2066\\u200f\\u061c"),
        ("ad\u200bmin\ufeff", "ad\\u200bmin\\ufeff"),
        ("ad\u200dmin", "ad\\u200dmin"),
        ("\U000e0041", "\\U000e0041"),
        ("\udc80", "\\udc80"),
        ("👩‍👩‍👧 ❤️‍🔥", "👩‍👩‍👧 ❤️‍🔥"),
        ("z" + "\u0301" * 50, "z" + "\u0301" * 4),
        ("e\u0301\u0302", "e\u0301\u0302"),
        ("\u0301a \u0903", "◌\u0301a ◌\u0903"),
    ],
)
def test_safe_shows_what_a_terminal_would_obey(text: str, expected: str) -> None:
    assert safe(text) == expected


def test_safe_block_keeps_lines_and_expands_tabs() -> None:
    assert safe_block("a\tb\r\n日\tc\rd\x1b") == "a       b\n日      c\nd^["


def test_without_controls_leaves_data_as_it_is() -> None:
    assert without_controls("a\tb\r\n\x1b\u200f\udc80") == "a\tb\n^[\u200f\\udc80"


@given(anything)
def test_safe_is_idempotent_and_without_controls(text: str) -> None:
    result = safe(text)
    assert safe(result) == result
    assert not {unicodedata.category(char) for char in result} & {"Cc", "Zl", "Zp", "Cs"}
    assert not set(result) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e")
    assert len(result.splitlines()) <= 1
    result.encode()


@given(anything)
def test_safe_block_is_safe_in_each_line(text: str) -> None:
    result = safe_block(text)
    assert safe_block(result) == result
    assert all(safe(line) == line for line in result.split("\n"))


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("été…", 4), ("日本", 4), ("👩‍👩‍👧", 2), ("e\u0301", 1), ("\u0301", 0)],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


@given(anything, st.integers(-2, 40))
def test_fit_never_exceeds(text: str, columns: int) -> None:
    result = fit(text, columns)
    assert width(result) <= max(0, columns)
    assert width(text) >= 0
    if columns > 0 and width(text) <= columns:
        assert result == text


@given(anything.map(safe), st.integers(1, 40))
def test_fit_keeps_whole_characters(text: str, columns: int) -> None:
    result = fit(text, columns)
    if result != text:
        characters = list(graphemes(text))
        starts = {"".join(characters[:n]).rstrip() for n in range(len(characters))}
        assert result.removesuffix("…") in starts


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("printer on fire", 9, "printer…"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("日本語", 1, "…"),
        ("a👩‍👩‍👧b", 3, "a…"),
        ("abc", 0, ""),
    ],
)
def test_fit(text: str, columns: int, expected: str) -> None:
    assert fit(text, columns) == expected


@given(anything.map(safe), st.integers(0, 60), st.sampled_from(["left", "right"]))
def test_pad_fills_to_the_width(text: str, columns: int, align: str) -> None:
    result = pad(text, columns, "right" if align == "right" else "left")
    assert width(result) == max(columns, width(text))


def test_wrap_breaks_between_words_and_keeps_line_breaks() -> None:
    text = "The printer on the third floor is on fire.\n\n  indented line that is long\nend"
    assert wrap(text, 22, "  ") == (
        "  The printer on the\n  third floor is on\n  fire.\n\n"
        "    indented line that\n    is long\n  end"
    )


def test_wrap_breaks_words_only_when_longer_than_a_line() -> None:
    assert wrap("see abcdefghijkl ok", 6) == "see\nabcdef\nghijkl\nok"
    assert wrap("日本語日本語", 5) == "日本\n語日\n本語"


def test_fold_leaves_every_word_whole() -> None:
    text = "your text is in /a/folder/with/a/long/name.md, and safe"
    assert fold(text, 20, "  ") == ("your text is in\n  /a/folder/with/a/long/name.md,\n  and safe")
    assert fold("short", 20) == "short"
    assert fold("  a, b, c", 6, "  ") == "  a,\n  b, c"
    assert (
        fold("\x1b[1mred\x1b[0m, \x1b[1mblue\x1b[0m", 9) == "\x1b[1mred\x1b[0m, \x1b[1mblue\x1b[0m"
    )
    assert fold("日本 日本 語", 6) == "日本\n日本\n語"


def has_usual_widths(text: str) -> bool:
    """No character wider than two columns: one that is wider than a line sticks out of it."""
    return all(width(char) <= 2 for char in graphemes(text))


@given(
    anything.map(safe_block).filter(has_usual_widths),
    st.integers(6, 40),
    st.sampled_from(["", "  "]),
)
def test_wrapped_lines_fit_and_lose_no_word(text: str, columns: int, indent: str) -> None:
    result = wrap(text, columns, indent)
    assert all(width(line) <= columns for line in result.split("\n"))
    assert "".join(result.split()) == "".join(text.split())


def test_european_text_does_not_load_wcwidth() -> None:
    code = (
        "import sys; from hdcli.render.text import fit, safe\n"
        "fit(safe('l’imprimante été … € Łódź Прага'), 8); print('wcwidth' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.split() == [b"False"]
