"""Thanks, and nothing else."""

from __future__ import annotations

import pytest

from hdcli.mail.thanks import says_thanks


@pytest.mark.parametrize(
    "text",
    [
        "Merci beaucoup, ça marche !",
        "Thanks, it works!",
        "Bonjour,\n\nMerci pour votre aide, tout fonctionne à nouveau.\n\nAna",
        "Perfect, thank you very much.\n\nKind regards,\nAna Silva",
        "Super, c'est réglé. Bonne journée",
        "THX :-) 👍",
        "It’s working now, thanks again",
    ],
)
def test_thanks_are_thanks(text: str) -> None:
    assert says_thanks(text, ("Ana Silva", "Ana"))


@pytest.mark.parametrize(
    "text",
    [
        "Merci, ça ne marche pas",
        "Thanks, but it stopped again",
        "Thanks. Does it work for Luc?",
        "Thanks, it works on my PC",
        "Merci de rappeler Luc",
        "Merci d'avance",
        "Thanks in advance",
        "Hello",
        "Perfect",
        "",
        "It works not",
        "Thanks :(",
        "Thanks, it works (on my PC)",
        "Thanks " * 9,
    ],
)
def test_all_else_is_something_else(text: str) -> None:
    assert not says_thanks(text, ("Ana Silva", "Ana"))


def test_a_name_that_is_a_word_turns_no_meaning() -> None:
    assert says_thanks("Merci, ça marche\nNicolas Pas", ("Nicolas Pas", "Nicolas"))
    assert not says_thanks("Merci, ça marche pas", ("Nicolas Pas", "Nicolas"))
