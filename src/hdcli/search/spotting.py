"""Where a text has the words that were asked for: for neighbours, phrases, excerpts.

Stemming every word of a text would cost more than the search: only those are that begin as a word
asked for does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from hdcli.search import analysis
from hdcli.search.question import Question
from hdcli.search.weights import PAIR, STOP_IDF, STOP_WORD

_BEGINNING = 3
_TIE = r"[_&'’‐‑-]?"
_WORD = re.compile(r"\w+")


class Spot(NamedTuple):
    """A place of a plain text that has a term."""

    start: int
    end: int
    term: str


class Spotter:
    """Finds terms in plain text. ``written`` are words as typed that have them, or the terms."""

    def __init__(self, terms: Iterable[str], written: Iterable[str] = ()) -> None:
        self._terms = frozenset(terms)
        beginnings = {each[:_BEGINNING] for each in self._terms}
        for chunk in written:
            beginnings |= {each[:_BEGINNING] for each in analysis.surfaces(chunk)}
            beginnings.add(chunk[:_BEGINNING])
        shortest = {each for each in beginnings if each and not _covered(each, beginnings)}
        parts = [_TIE.join(map(re.escape, each)) for each in sorted(shortest)]
        self._search = re.compile(rf"(?<!\w)(?:{'|'.join(parts)})") if parts else None

    def spots(self, text: str) -> list[Spot]:
        """Every place, in order; they do not overlap."""
        found: list[Spot] = []
        place = 0
        while self._search and (match := self._search.search(text, place)):
            start = match.start()
            spot = self._at(text, start)
            if spot:
                found.append(spot)
            word = _WORD.match(text, start)
            place = spot.end if spot else word.end() if word else start + 1
        return found

    def _at(self, text: str, start: int) -> Spot | None:
        """What a word asked for begins at a place: all that is written together, or its first word.

        The words behind that are looked at next.
        """
        chunk = analysis.chunk_at(text, start)
        if not chunk:
            return None
        form = analysis.form(chunk)
        if form.whole in self._terms:
            return Spot(start, start + len(chunk), form.whole)
        word = _WORD.match(text, start)
        if word and word[0] != chunk:
            first = analysis.form(word[0]).whole
            if first in self._terms:
                return Spot(start, word.end(), first)
        term = next((each for each in form.others if each in self._terms), None)
        return Spot(start, start + len(chunk), term) if term else None


def _covered(beginning: str, among: Iterable[str]) -> bool:
    return any(beginning != other and beginning.startswith(other) for other in among)


class Likeness:
    """What a text has of the wording of a question: words that follow each other, stop words."""

    def __init__(self, question: Question, rarities: Mapping[str, float]) -> None:
        pairs: dict[tuple[str, str], float] = {}
        for first, second in zip(question.sequence, question.sequence[1:], strict=False):
            if first and second:
                weights = [rarities.get(each, STOP_IDF) for each in (first, second)]
                pairs[first, second] = PAIR * sum(weights) / 2
        self._pairs = pairs
        terms = {each for pair in pairs for each in pair}
        self._spotter = Spotter(terms, question.words) if pairs else None
        forms = map(analysis.form, question.words)
        self._stops = frozenset(each.whole for each in forms if each.stop)

    def bonus(self, text: str) -> float:
        """What it adds to the score of a plain text, whose first line is its title."""
        return self._neighbours(text) + self._common(text)

    def _neighbours(self, text: str) -> float:
        if not self._spotter:
            return 0.0
        seen: set[tuple[str, str]] = set()
        before: Spot | None = None
        for spot in self._spotter.spots(text):
            if before and not _WORD.search(text, before.end, spot.start):
                seen.add((before.term, spot.term))
            before = spot
        return sum(weight for pair, weight in self._pairs.items() if pair in seen)

    def _common(self, text: str) -> float:
        if not self._stops:
            return 0.0
        title, _, rest = text.partition("\n")
        parts = (self._stops.intersection(_WORD.findall(part)) for part in (title, rest))
        return STOP_WORD * sum(map(len, parts))
