"""From a question to its answer: filtered, looked at once more with the texts, in order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from hdcli.search import ranking
from hdcli.search.document import KINDS, Kind, Scored
from hdcli.search.question import Question
from hdcli.search.ranking import Corpus, Hit
from hdcli.search.spotting import Likeness

Texts = Callable[[Kind, Sequence[str]], Mapping[str, str]]
"""Gives the plain texts of documents by their keys: ``model.plain``, the title as first line."""

# How many of the best are looked at once more, with their texts.
_LOOKED_AT = 100
# A longer question is a ticket: which of its words are neighbours is chance, and it has many.
_LONG = 32


class Found(NamedTuple):
    """The documents that answer a question, the best first, and how many there are in all.

    There may be more ``hits`` than were asked for: those that were looked at.
    """

    hits: list[Scored]
    total: int


def answer(
    corpus: Corpus,
    question: Question,
    kinds: Collection[Kind],
    limit: int,
    *,
    every: bool,
    allowed: Collection[str] | None,
    without: Collection[str],
    texts: Texts | None,
) -> Found:
    """See ``Index.answer``."""
    hits = ranking.ranked(corpus, question, kinds, every=every, allowed=allowed, without=without)
    hits = _without_banned(corpus, hits, question, texts)
    if question.phrases and texts:
        read = _texts_of(hits, texts)
        hits = [hit for hit in hits if all(p.search(read[hit.key]) for p in question.phrases)]
    chosen = ranking.best(hits, max(limit, _LOOKED_AT))
    if texts and len(question.words) <= _LONG:
        chosen = _looked_at(corpus, chosen, question, texts)
    return Found(_scored(corpus, chosen, question), len(hits))


def _without_banned(
    corpus: Corpus, hits: list[Hit], question: Question, texts: Texts | None
) -> list[Hit]:
    for banned in question.banned:
        having = {
            each.entry.name: frozenset(ranking.fulfilling(corpus, at, banned.way))
            for at, each in enumerate(corpus.segments)
        }
        bad = {hit.key for hit in hits if hit.number in having[hit.segment.entry.name]}
        if banned.phrase is not None and texts:
            read = _texts_of([hit for hit in hits if hit.key in bad], texts)
            bad = {key for key, text in read.items() if banned.phrase.search(text)}
        hits = [hit for hit in hits if hit.key not in bad]
    return hits


def _looked_at(corpus: Corpus, hits: list[Hit], question: Question, texts: Texts) -> list[Hit]:
    terms = dict.fromkeys(term for clause in question.clauses for term in clause.terms)
    likeness = Likeness(question, {each: corpus.text_rarity(each) for each in terms})
    nearest, others = hits[:_LOOKED_AT], hits[_LOOKED_AT:]
    read = _texts_of(nearest, texts)
    nearest = [hit._replace(score=hit.score + likeness.bonus(read[hit.key])) for hit in nearest]
    return ranking.best(nearest, len(nearest)) + others


def _texts_of(hits: Sequence[Hit], texts: Texts) -> dict[str, str]:
    """The text of each hit by its key; empty where there is none any more."""
    read = dict.fromkeys((hit.key for hit in hits), "")
    for kind in KINDS:
        keys = [hit.key for hit in hits if hit.segment.kind == kind]
        if keys:
            read.update(texts(kind, keys))
    return read


def _scored(corpus: Corpus, hits: Sequence[Hit], question: Question) -> list[Scored]:
    fulfilled: dict[str, list[tuple[str, Collection[int]]]] = {}
    for at, segment in enumerate(corpus.segments):
        numbers = sorted(hit.number for hit in hits if hit.segment is segment)
        if numbers:
            fulfilled[segment.entry.name] = [
                (clause.label, ranking.among(corpus, at, clause, numbers))
                for clause in question.clauses
            ]
    return [
        Scored(
            hit.segment.kind,
            hit.key,
            hit.score,
            tuple(
                label
                for label, numbers in fulfilled[hit.segment.entry.name]
                if hit.number in numbers
            ),
        )
        for hit in hits
    ]
