"""From a question to its answer: filtered, looked at once more with the texts, in order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from hdcli.search import ranking
from hdcli.search.document import KINDS, Kind, Scored
from hdcli.search.question import Question
from hdcli.search.ranking import Allowed, Corpus, Hit, Scores
from hdcli.search.segment import Segment
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
    allowed: Allowed | None,
    without: Collection[str],
    texts: Texts | None,
) -> Found:
    """See ``Index.answer``."""
    found = ranking.ranked(corpus, question, kinds, every=every, allowed=allowed, without=without)
    for at, scores in enumerate(found):
        _drop_banned(corpus, at, scores, question, texts)
        _drop_without_phrases(corpus.segments[at], scores, question, texts)
    chosen = ranking.best(corpus, found, max(limit, _LOOKED_AT))
    if texts and len(question.words) <= _LONG:
        chosen = _looked_at(corpus, chosen, question, texts)
    hits = [Scored(each.segment.kind, each.key, each.score) for each in chosen]
    return Found(hits, sum(map(len, found)))


def _drop_banned(
    corpus: Corpus, at: int, scores: Scores, question: Question, texts: Texts | None
) -> None:
    segment = corpus.segments[at]
    for banned in question.banned if scores else ():
        bad = scores.keys() & frozenset(ranking.fulfilling(corpus, at, banned.way))
        if banned.phrase is not None and texts:
            having = _having(segment, bad, texts)
            bad = {number for number in bad if banned.phrase.search(having[number])}
        for number in bad:
            del scores[number]


def _drop_without_phrases(
    segment: Segment, scores: Scores, question: Question, texts: Texts | None
) -> None:
    if question.phrases and texts and scores:
        for number, text in _having(segment, scores, texts).items():
            if not all(each.search(text) for each in question.phrases):
                del scores[number]


def _having(segment: Segment, numbers: Iterable[int], texts: Texts) -> dict[int, str]:
    """The texts of documents of a segment."""
    keys = {number: segment.keys[number] for number in numbers}
    read = texts(segment.kind, list(keys.values()))
    return {number: read.get(key, "") for number, key in keys.items()}


def _looked_at(corpus: Corpus, hits: list[Hit], question: Question, texts: Texts) -> list[Hit]:
    terms = dict.fromkeys(term for clause in question.clauses for term in clause.terms)
    likeness = Likeness(question, {each: corpus.text_rarity(each) for each in terms})
    nearest, others = hits[:_LOOKED_AT], hits[_LOOKED_AT:]
    read = _texts_of(nearest, texts)
    nearest = [hit._replace(score=hit.score + likeness.bonus(read[hit.key])) for hit in nearest]
    return ranking.in_order(nearest) + others


def _texts_of(hits: Sequence[Hit], texts: Texts) -> dict[str, str]:
    """The text of each hit by its key; empty where there is none any more."""
    read = dict.fromkeys((hit.key for hit in hits), "")
    for kind in KINDS:
        keys = [hit.key for hit in hits if hit.segment.kind == kind]
        if keys:
            read.update(texts(kind, keys))
    return read
