from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcli.model.mention import Called, called

DESK = ("bob", "network", "x.y")


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("@bob, have a look", ("bob",)),
        ("ask @Bob. (Or @NETWORK!)", ("bob", "network")),
        ("@x.y. And @bob's and @bob…", ("x.y", "bob")),
        ("@bob @bob", ("bob",)),
        ("bob@bob.example, @bob@example.org, a.@bob", ()),
        ("see https://example.org/@bob/1", ()),
        ("> @bob said so\n\n@network knows", ("network",)),
        ("the decorator `@bob`, and ``@network`` too", ()),
        ("```python\n@bob\ndef x(): ...\n```\n@network", ("network",)),
        ("nobody", ()),
    ],
)
def test_a_text_calls_who_stands_behind_an_at(text: str, known: tuple[str, ...]) -> None:
    assert called(text, DESK) == Called(known, ())


def test_a_name_that_nobody_has_is_given_as_it_was_written() -> None:
    assert called("@Bobby and @bob", DESK) == Called(("bob",), ("Bobby",))


@given(st.text(alphabet="@`>~ab.\n -", max_size=60))
def test_only_the_names_of_the_desk_are_known(text: str) -> None:
    found = called(text, ("a", "b"))
    assert set(found.known) <= {"a", "b"}
    assert all(f"@{each}" in text for each in (*found.known, *found.unknown))


@pytest.mark.parametrize("part", ["`", "@", "@a.", "```", "\n>", "\n```", " @a-"])
def test_the_longest_text_is_read_in_linear_time(part: str) -> None:
    assert called(f"@{part * (1_000_000 // len(part))}", DESK).known == ()  # else it never ends
