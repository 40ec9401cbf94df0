"""Words of the dictionary that are nearly a given one."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher

# A shorter word has too many neighbours for one of them to be meant.
_SHORTEST = 4
# One letter in so many may be wrong before two are looked at.
_LETTERS_A_SLIP = 6
_ALPHABET = string.ascii_lowercase + string.digits
_ALIKE = 0.75


def slips(word: str) -> Iterator[str]:
    """Every word that is one slip away: a letter more, less, other, or two swapped."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in _ALPHABET:
            yield before + letter + after
            if after and letter != after[0]:
                yield before + letter + after[1:]


def one_slip_away(word: str, count: Callable[[str], int]) -> list[str]:
    """Words of the dictionary one slip away; ``count`` says how many documents have a word."""
    found = dict.fromkeys(each for each in slips(word) if each != word and count(each))
    return list(found)


def nearest(
    word: str, count: Callable[[str], int], beginning: Callable[[str], Iterable[str]]
) -> list[str]:
    """Words that were perhaps meant, the likeliest first: one slip away, else two in a long word.

    ``beginning`` gives the words that begin so.
    """
    if len(word) < _SHORTEST or any(map(str.isdigit, word)):
        return []
    close = one_slip_away(word, count)
    if not close and len(word) > _LETTERS_A_SLIP:
        close = [each for each in beginning(word[:2]) if _alike(word, each)]
    return _by_use(word, close, count)


def _alike(word: str, other: str) -> bool:
    if abs(len(word) - len(other)) > 2:
        return False
    matcher = SequenceMatcher(None, word, other)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _by_use(word: str, words: Sequence[str], count: Callable[[str], int]) -> list[str]:
    def likelihood(each: str) -> tuple[float, int, str]:
        alike = SequenceMatcher(None, word, each).ratio()
        return -round(alike, 1), -count(each), each

    return sorted(words, key=likelihood)
