"""Which of the languages that hd writes a text is in, by the small words that each is full of."""

from __future__ import annotations

import re
from collections.abc import Mapping

_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH = 2
_MOST = 5000
_ENGLISH = """
the is are was and not my it this that have has you please thanks hello with can cannot for of to we
since when your does
"""
_FRENCH = """
le la les des est sont et ne pas mon ma mes une un je vous nous merci bonjour avec pour du de dans
depuis sur plus ce cette qui que quand votre fait
"""
_WORDS: Mapping[str, frozenset[str]] = {
    "en": frozenset(_ENGLISH.split()),
    "fr": frozenset(_FRENCH.split()),
}


def language_of(text: str) -> str:
    """``en``, ``fr``, or empty where it can't be told."""
    words = _WORD.findall(text[:_MOST].lower())
    counts = {name: sum(word in known for word in words) for name, known in _WORDS.items()}
    first, second = sorted(counts, key=lambda name: -counts[name])[:2]
    sure = counts[first] >= _ENOUGH and counts[first] > 1.5 * counts[second]
    return first if sure else ""
