from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcli.errors import BadUsage
from hdcli.model.person import address, first_name, people, person


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana Silva <ana@example.org>", "Ana Silva <ana@example.org>"),
        ("  Ana   Silva<ana@example.org> ", "Ana Silva <ana@example.org>"),
        ('"Silva, Ana" <ana@example.org>', "Silva, Ana <ana@example.org>"),
        ("<ana@example.org>", "ana@example.org"),
        ("ana@example.org", "ana@example.org"),
        ("Aurélie Lefèvre", "Aurélie Lefèvre"),
        ("Ana\r\nBcc: all@example.org", None),
        ("Ana\x1b[31m Silva", "Ana [31m Silva"),
        ("", ""),
        (" \n\t", ""),
        ("<>", None),
        ("Ana <ana>", None),
        ("Ana <ana@example.org> and Bo", None),
        ("Ana > <ana@example.org>", None),
        ("Ana <ana@example.org", "Ana <ana@example.org>"),
        ("ana@example.org, bo@example.org", None),
        ("x" * 301, None),
        ("Ana\udce9", "Ana\ufffd"),
    ],
)
def test_reads_the_forms_of_a_requester(text: str, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(BadUsage):
            person(text)
    else:
        assert person(text) == expected


@given(st.text(max_size=60))
def test_what_was_read_once_reads_the_same_again_on_one_line(text: str) -> None:
    try:
        found = person(text)
    except BadUsage:
        return
    assert person(found) == found
    assert len(found.splitlines()) <= 1


def test_reads_several_people_a_comma_inside_quotes_being_a_name_s() -> None:
    text = '"Silva, Ana" <ana@example.org>, bo@example.org,, bo@example.org'
    assert people(text) == ["Silva, Ana <ana@example.org>", "bo@example.org"]


def test_tells_people_apart_by_their_address() -> None:
    assert address("Ana Silva <Ana@Example.org>") == address("ana@example.org")
    assert address("Ana Silva") == "ana silva"


@pytest.mark.parametrize(
    ("called", "first"),
    [
        *[("Ana Silva", "Ana"), ("Ana", "Ana"), ("", ""), (",", ""), ("Müller,", "Müller")],
        *[("Müller, Jürgen", "Jürgen"), ("van der Berg, Jan Piet (IT)", "Jan")],
        *[("Ana Silva, PhD", "Ana"), ("Tom Hill, Jr.", "Tom"), ("Tom Hill, IT", "Tom")],
    ],
)
def test_greets_people_by_their_first_name(called: str, first: str) -> None:
    assert first_name(called) == first
