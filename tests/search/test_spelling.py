"""Did you mean."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from hdcli.search import spelling

KNOWN = {"printer": 40, "printed": 3, "password": 12, "imprimante": 9, "network": 7}


def beginning(start: str) -> Iterable[str]:
    """The known words that begin so."""
    return [each for each in KNOWN if each.startswith(start)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pritner", ["printer"]),
        ("pasword", ["password"]),
        ("passsword", ["password"]),
        ("inprimante", ["imprimante"]),
        ("netwrok", ["network"]),
        ("imprmante", ["imprimante"]),
        ("imprimnate", ["imprimante"]),
        ("pasworld", ["password"]),
        ("xyzzy", []),
        ("pc", []),
        ("kb5034441", []),
    ],
)
def test_the_nearest_known_word_was_meant(typed: str, meant: list[str]) -> None:
    assert spelling.nearest(typed, lambda word: KNOWN.get(word, 0), beginning) == meant


def test_of_equally_near_words_the_more_used_is_likelier() -> None:
    near = spelling.nearest("printef", lambda word: KNOWN.get(word, 0), beginning)
    assert near == ["printer", "printed"]
