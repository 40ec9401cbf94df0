"""Canned replies: what a file may hold, and how its placeholders are filled."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcli.errors import BadField
from hdcli.model.canned import EVENTS, PLACEHOLDERS, canned_from, filled, filled_line, troubles
from hdcli.model.language import language_of
from hdcli.services import canned


def test_hd_brings_a_text_in_english_and_french_for_every_event() -> None:
    assert set(EVENTS) <= set(canned.shipped_names())
    for name in canned.shipped_names():
        found = canned.shipped(name)
        assert found is not None
        assert {"en", "fr"} <= set(found.texts)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "a mapping of languages"),
        ({}, "no text in it"),
        ({"english": "Hello"}, "no language"),
        ({"en": 1}, "a text is missing"),
        ({"en": {"subject": "x"}}, "'body' must be text"),
        ({"en": {"body": "x", "boddy": "y"}}, "not 'boddy'"),
        ({"en": "Hello {nmae}"}, "unknown placeholder {nmae}"),
        ({"en": "Hello {titel}"}, "did you mean {title}"),
        ({"en": "a { b"}, "a single '{'"),
        ({"en": "x", "send": "no"}, "'send' must be true or false"),
        ({"en": "x" * 20_001}, "longer than"),
    ],
)
def test_what_can_be_no_canned_reply_is_said(data: Any, said: str) -> None:
    with pytest.raises(BadField, match=re.escape(said)):
        canned_from(data, "hello")


def test_a_paragraph_with_nothing_to_say_is_left_out() -> None:
    text = "Hello {requester_first_name},\n\nyour {{request}} {id}.\n\n{assignee} has it.\n\nBye"
    values = {"id": "HD-7K3QF", "assignee": "", "requester_first_name": "Ana"}
    assert filled(text, values) == "Hello Ana,\n\nyour {request} HD-7K3QF.\n\nBye"
    nobody = {**values, "requester_first_name": ""}
    assert filled(text, nobody) == "Hello,\n\nyour {request} HD-7K3QF.\n\nBye"
    assert filled("Cher {requester_name} !", values, {"requester_name": "Luc"}) == "Cher Luc !"
    assert filled("From {requester_name}\n\nBye", nobody) == "Bye"
    assert filled_line("[{id}]  {assignee}{title}", values) == "[HD-7K3QF]"


@given(st.text(max_size=200), st.dictionaries(st.sampled_from(sorted(PLACEHOLDERS)), st.text()))
def test_any_text_is_filled_or_refused(text: str, values: dict[str, str]) -> None:
    if not list(troubles(text)):
        filled(text, values)
    marks = {"title": "{id} {{ {nonsense}"}
    assert filled("{title}", marks) == "{id} {{ {nonsense}"


def test_the_language_that_suits_best_is_taken() -> None:
    found = canned_from({"en": "x", "fr": "y", "pt-BR": "z"}, "hello")
    asked = [("fr",), ("fr-CH",), ("PT",), ("pt-br",), ("de", "fr"), ("de",), ("",)]
    assert [found.language(*each) for each in asked] == [
        *("fr", "fr", "pt-BR", "pt-BR", "fr", "en", "en")
    ]


def test_a_language_is_guessed_by_small_words_or_not_at_all() -> None:
    assert language_of("Bonjour, le VPN ne marche pas depuis hier") == "fr"
    assert language_of("The printer is dead and we have a deadline") == "en"
    assert language_of("VPN") == language_of("") == language_of("the le is les") == ""
