"""Patterns: what re finds, they find, in a time that no pattern can stretch."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcli.model.pattern import MAX_TEXT, BadPattern, Pattern

ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "[a-c]", r"\d", r"\.", "^", "$", "(a|bc)"])
TIMES = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,3}", "{2,}", "{0,2}"])
PIECES = st.builds(lambda atom, times: atom + (times if atom not in "^$" else ""), ATOMS, TIMES)
FLAT = st.lists(PIECES, max_size=5).map("".join)
PATTERNS = st.recursive(
    FLAT,
    lambda each: st.one_of(
        st.builds("({}){}".format, each, TIMES),
        st.builds("{}|{}".format, each, each),
        st.builds("{}{}".format, each, each),
    ),
    max_leaves=4,
)


@given(PATTERNS, st.text("abc1.\n", max_size=12))
def test_they_find_what_re_finds_line_by_line(pattern: str, text: str) -> None:
    try:
        mine = Pattern(pattern)
    except BadPattern:
        return  # a repeated repetition, which re takes as something else
    expected = any(re.search(pattern, line) for line in text.split("\n"))
    assert mine.found_in(text) == expected


def test_what_stops_a_backtracking_matcher_stops_nothing() -> None:
    text = "a" * (MAX_TEXT - 1) + "!"
    for pattern in ("(a+)+$", "^(a|a)*$", "(a*)*b", "(.*a){20}b", "(a|b)*a(a|b){80}c"):
        assert not Pattern(pattern).found_in(text)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("a" * 501, "longer than 500"),
        ("((a{100}){100}){100}", "too large"),
        ("(" * 60 + ")" * 60, "nested too deep"),
        ("(a", "nothing closes"),
        ("a)", "nothing opens"),
        ("[a", "nothing closes"),
        ("*a", "nothing before it"),
        ("a++", "parentheses"),
        ("a{5,2}", "fewest to the most"),
        ("a{x}", "no repetition"),
        (r"(a)\1", "means nothing"),
        ("a\\", "means nothing"),
        ("[z-a]", "no span"),
    ],
)
def test_what_they_are_not_is_said(pattern: str, said: str) -> None:
    with pytest.raises(BadPattern, match=re.escape(said)):
        Pattern(pattern)
