"""Which documents answer a question, the best first: BM25 over Whoosh's postings.

A clause's score in a document is that of the best way it is fulfilled; a document's score is the
sum of its clauses'. A term weighs by how rare it is among all documents, in its title by the mean
of that and of how rare it is among titles. docs/search.md has the reasons and the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import chain
from typing import NamedTuple

from hdcli.search.postings import Found
from hdcli.search.question import Clause, Question, Way
from hdcli.search.segment import TEXT, TITLE, Segment
from hdcli.search.weights import TITLE as TITLE_WEIGHT
from hdcli.search.weights import rarity

Scores = dict[int, float]
Allowed = Callable[[Sequence[str]], AbstractSet[str]]
"""Chooses among some keys those that count; what it gives may have others too."""
# With any word being enough: what postings are read of without asking. Words more common than fit
# in here only add to what rarer ones found.
_BUDGET = 150_000


class Hit(NamedTuple):
    """A document of a segment, and its score."""

    score: float
    segment: Segment
    number: int

    @property
    def key(self) -> str:
        """The document's key."""
        return self.segment.keys[self.number]


@dataclass(frozen=True, slots=True)
class Corpus:
    """The segments of an index, and what is asked of all of them together."""

    segments: Sequence[Segment]
    documents: int
    _known: dict[tuple[str, str], list[Found | None]] = field(default_factory=dict)

    def found(self, name: str, term: str) -> list[Found | None]:
        """A term in each segment's field of that name."""
        there = self._known.get((name, term))
        if there is None:
            there = self._known[name, term] = [each.find(name, term) for each in self.segments]
        return there

    def count(self, name: str, term: str) -> int:
        """How many documents have the term in the field."""
        return sum(each.documents for each in self.found(name, term) if each)

    def text_rarity(self, term: str) -> float:
        """What a term weighs in a text."""
        return rarity(self.count(TEXT, term), self.documents)

    def title_rarity(self, term: str) -> float:
        """What it weighs on top in a title."""
        in_titles = rarity(self.count(TITLE, term), self.documents)
        return TITLE_WEIGHT * (in_titles + self.text_rarity(term)) / 2

    def reach(self, clause: Clause) -> int:
        """How many documents fulfil a clause, at most."""
        ways = (*clause.ways, clause.parts) if clause.parts else clause.ways
        return sum(min(self.count(TEXT, term) for term in way.terms) for way in ways)


def ranked(
    corpus: Corpus,
    question: Question,
    kinds: Collection[str],
    *,
    every: bool,
    allowed: Allowed | None = None,
    without: Collection[str] = (),
) -> list[Scores]:
    """For each segment, the documents that fulfil every clause, or any, with their scores.

    Only keys that are ``allowed`` count, where that is given, and none in ``without``.
    """
    clauses = sorted(question.clauses, key=corpus.reach)
    found: list[Scores] = []
    for at, segment in enumerate(corpus.segments):
        if segment.kind not in kinds:
            found.append({})
            continue
        scores = _every(corpus, at, clauses) if every else _any(corpus, at, clauses)
        _drop(scores, segment, without)
        found.append(scores)
    if allowed is not None:
        _keep(corpus.segments, found, allowed)
    return found


def best(corpus: Corpus, found: Sequence[Scores], limit: int) -> list[Hit]:
    """The best documents of all segments, in order."""
    scores = chain.from_iterable(each.values() for each in found)
    least = min(nlargest(limit, scores), default=0.0)
    chosen = [
        Hit(score, segment, number)
        for segment, scores in zip(corpus.segments, found, strict=True)
        for number, score in scores.items()
        if score >= least
    ]
    return in_order(chosen)[:limit]


def in_order(hits: Iterable[Hit]) -> list[Hit]:
    """The best first; equal ones by key, so that the order is always the same."""
    return sorted(hits, key=lambda hit: (-hit.score, hit.key))


def fulfilling(corpus: Corpus, at: int, way: Way) -> Collection[int]:
    """The documents of a segment that fulfil a way."""
    return _way(corpus, at, way, None)


def among(corpus: Corpus, at: int, clause: Clause, numbers: Sequence[int]) -> Collection[int]:
    """Which of some documents of a segment (ascending) fulfil a clause."""
    return _clause(corpus, at, clause, numbers)


def _every(corpus: Corpus, at: int, clauses: Sequence[Clause]) -> Scores:
    scores: Scores | None = None
    for clause in clauses:
        among = None if scores is None else sorted(scores)
        new = _clause(corpus, at, clause, among)
        if scores is None:
            scores = new
        else:
            scores = {number: scores[number] + score for number, score in new.items()}
        if not scores:
            break
    return scores or {}


def _any(corpus: Corpus, at: int, clauses: Sequence[Clause]) -> Scores:
    scores: Scores = {}
    read = 0
    for clause in clauses:
        read += corpus.reach(clause)
        among = sorted(scores) if read > _BUDGET and scores else None
        for number, score in _clause(corpus, at, clause, among).items():
            scores[number] = scores.get(number, 0.0) + score
    return scores


def _clause(corpus: Corpus, at: int, clause: Clause, among: Sequence[int] | None) -> Scores:
    """The documents that fulfil a clause (only those ``among``), each by its best way."""
    ways = [_way(corpus, at, way, among) for way in clause.ways]
    scores = ways[0] if ways else {}
    for other in ways[1:]:
        for number, score in other.items():
            if score > scores.get(number, 0.0):
                scores[number] = score
    if clause.parts:
        for number, score in _way(corpus, at, clause.parts, among).items():
            scores[number] = scores.get(number, 0.0) + score
    if clause.weight != 1.0:
        return {number: score * clause.weight for number, score in scores.items()}
    return scores


def _way(corpus: Corpus, at: int, way: Way, among: Sequence[int] | None) -> Scores:
    scores: Scores | None = None
    for term in sorted(way.terms, key=lambda each: corpus.count(TEXT, each)):
        within = sorted(scores) if scores is not None else among
        new = _term(corpus, at, term, way.factor, within)
        scores = new if scores is None else {n: scores[n] + score for n, score in new.items()}
        if not scores:
            return {}
    return scores or {}


def _term(corpus: Corpus, at: int, term: str, factor: float, among: Sequence[int] | None) -> Scores:
    """What a term adds to each document of a segment that has it (only to those ``among``)."""
    segment, in_text = corpus.segments[at], corpus.found(TEXT, term)[at]
    if in_text is None:
        return {}
    weight = corpus.text_rarity(term) * factor
    wanted = None if among is None else frozenset(among)
    scores: Scores = {}
    for numbers, weights in segment.postings(in_text, among):
        if wanted is None:
            scores.update(zip(numbers, [weight * each for each in weights], strict=True))
        else:
            scores.update(
                (n, weight * each) for n, each in zip(numbers, weights, strict=True) if n in wanted
            )
    in_title = corpus.found(TITLE, term)[at]
    if in_title is not None and scores:
        weight = corpus.title_rarity(term) * factor
        for numbers, weights in segment.postings(in_title, among):
            for number, each in zip(numbers, weights, strict=True):
                if number in scores:
                    scores[number] += weight * each
    return scores


def _drop(scores: Scores, segment: Segment, without: Collection[str]) -> None:
    for number in segment.gone:
        scores.pop(number, None)
    for key in without:
        named = segment.number_of(key)
        if named is not None:
            scores.pop(named, None)


def _keep(segments: Sequence[Segment], found: Sequence[Scores], allowed: Allowed) -> None:
    """Leaves of what was found only what is allowed; asks once for all segments."""
    pairs = [(each.keys, scores) for each, scores in zip(segments, found, strict=True) if scores]
    counting = allowed([keys[number] for keys, scores in pairs for number in scores])
    for keys, scores in pairs:
        for number in [each for each in scores if keys[each] not in counting]:
            del scores[number]
