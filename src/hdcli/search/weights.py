"""How much a word counts: BM25, of two fields, with what its constants mean.

The field ``text`` is the whole document, its title with it; ``title`` is the title once more. So a
word of the title counts as one of the text and on top as one of the title, whatever the lengths.
"""

from __future__ import annotations

from math import log
from typing import NamedTuple

# How fast the second, third ... time a word is said stops mattering. In a text it takes longer.
_TEXT_K = 2.0
_TITLE_K = 1.2
# How far a long text must say a word more often to count as much.
_B = 0.75
# What a word of the title weighs, in words of the text.
TITLE = 1.0
# Two words of the query that are neighbours in the document as well: a share of their own weights.
PAIR = 0.3
# A stop word's part in such a pair; and what one adds alone, in the title and in the rest. It finds
# nothing, but "can I" and "my own" are how people ask, and how the title of an answer is put.
STOP_IDF = 1.0
STOP_WORD = 0.4


class Lengths(NamedTuple):
    """How many words title and text of a kind of document have on average."""

    title: float
    text: float


# What they are taken for until there are documents to measure.
USUAL = {"ticket": Lengths(5.0, 60.0), "article": Lengths(5.0, 250.0)}


def text_weight(times: int, length: int, usual: float) -> float:
    """What a word that a text of ``length`` words says so many times weighs in it."""
    return times * (_TEXT_K + 1) / (times + _TEXT_K * (1 - _B + _B * length / usual))


def title_weight(times: int, length: int, usual: float) -> float:
    """The same in a title."""
    return times * (_TITLE_K + 1) / (times + _TITLE_K * (1 - _B + _B * length / usual))


def rarity(documents: int, of: int) -> float:
    """The weight of a word that so many of all documents have (BM25's idf; never negative)."""
    return log(1 + (max(0, of - documents) + 0.5) / (documents + 0.5))
