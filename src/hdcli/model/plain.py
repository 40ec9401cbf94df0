"""Text as it is compared: no accents, no case."""

from __future__ import annotations

import re
import unicodedata

# What no decomposition turns into the letters that people type.
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})
_LATIN_MARKS = re.compile(r"[\u0300-\u034e\u0350-\u036f]+")


def plain(text: str) -> str:
    """The text as it is compared: no accents, no case (NFKD, combining marks dropped)."""
    if text.isascii():
        return text.lower()
    decomposed = _LATIN_MARKS.sub("", unicodedata.normalize("NFKD", text.translate(_LIGATURES)))
    if decomposed.isascii():
        return decomposed.lower()
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def plain_with_places(text: str) -> tuple[str, list[int] | range]:
    """The same, and for each of its characters (and its end) the place in ``text`` it is from."""
    if text.isascii():
        return text.lower(), range(len(text) + 1)
    pieces: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        piece = plain(character)
        pieces.append(piece)
        places += [at] * len(piece)
    return "".join(pieces), [*places, len(text)]
