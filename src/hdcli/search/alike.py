"""What a ticket is like: the documents that share the words that tell most about it.

A whole ticket as one question is slow and mostly noise. So it is compared by its rarest words, the
subject's above the rest; how close a document comes is told as a share of what a ticket of the same
words would reach, which makes the closeness of tickets and of articles, of long and of short texts
comparable. docs/suggestions.md has the reasons and the figures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hdcli.search import ranking
from hdcli.search.document import KINDS, Kind
from hdcli.search.index import Index
from hdcli.search.question import Clause, Question, Synonyms, of_text
from hdcli.search.ranking import Corpus, Hit, Scores
from hdcli.search.segment import TEXT

# More words find the same; fewer find less (a hundredth less nDCG with ten).
_WORDS = 20
# What a word of the subject counts, said once, against one of the text.
_SUBJECT = 2.0
# A word said once in a title: it counts as one of the text and as one of the title.
_ONCE = 2.0
# Of a log that somebody pasted the beginning will do.
_READ = 20_000
# So many documents are looked at first, and so many times as many whenever these were too few.
_FIRST, _MORE = 100, 6


class Telling(NamedTuple):
    """A word that a text is compared by, as a clause (it weighs as often as it was said, in the
    subject twice), and what it weighs on this desk."""

    clause: Clause
    weight: float

    @property
    def written(self) -> str:
        """The word as it was first written."""
        return self.clause.label


class Shared(NamedTuple):
    """A word that a document has in common with a text, or has the desk's ``synonym`` of it."""

    word: str
    synonym: str = ""


class Near(NamedTuple):
    """A document and how close it is: 0 for nothing in common, about 1 for the same words."""

    key: str
    closeness: float


@dataclass(frozen=True, slots=True)
class Alike:
    """The documents that have something in common with a text, from the closest on."""

    words: Sequence[Telling]
    _corpus: Corpus
    _synonyms: Synonyms
    _scores: Sequence[Scores]
    _own: float
    _hits: dict[tuple[Kind, int], list[Hit]] = field(default_factory=dict)

    def nearest(self, kind: Kind, count: int) -> list[Near]:
        """The closest documents of a kind."""
        return [Near(hit.key, hit.score / self._own) for hit in self._best(kind, count)]

    def onwards(self, kind: Kind) -> Iterator[list[Near]]:
        """All documents of a kind from the closest on, in portions that grow."""
        count, seen = _FIRST, 0
        while True:
            found = self.nearest(kind, count)
            if len(found) > seen:
                yield found[seen:]
            if len(found) < count:
                return
            seen, count = len(found), count * _MORE

    def among(self, kind: Kind, keys: Collection[str]) -> list[Near]:
        """Those of some documents that have something in common with the text, closest first."""
        hits = [
            Hit(scores[number], segment, number)
            for segment, scores in zip(self._corpus.segments, self._scores, strict=True)
            if segment.kind == kind and scores
            for number in map(segment.number_of, keys)
            if number is not None and number in scores
        ]
        return [Near(hit.key, hit.score / self._own) for hit in ranking.in_order(hits)]

    def shared(self, kind: Kind, keys: Collection[str]) -> dict[str, tuple[Shared, ...]]:
        """The words that some documents share with the text, as written there, rarest first."""
        wanted = frozenset(keys)
        counts = [count for each, count in self._hits if each == kind]
        hits = [hit for hit in self._best(kind, max(counts, default=0)) if hit.key in wanted]
        found: dict[str, tuple[Shared, ...]] = {}
        for at, segment in enumerate(self._corpus.segments):
            inside = {each.number: each.key for each in hits if each.segment is segment}
            having = [self._having(at, each.clause, sorted(inside)) for each in self.words]
            for number, key in inside.items():
                found[key] = tuple(each[number] for each in having if number in each)
        return found

    def overlap(self, one: str, other: str) -> float:
        """How much two titles say the same: what the words of both weigh, as a share of all."""
        first, second = self._said(one), self._said(other)
        either = sum({**first, **second}.values())
        return sum(first[each] for each in first.keys() & second.keys()) / either if either else 0.0

    def _said(self, title: str) -> dict[str, float]:
        """What the words of a title weigh; those that mean the same are one."""
        said = of_text([(1.0, title)], self._synonyms)
        return {
            min(way.terms[0] for way in each.ways if len(way.terms) == 1): _rarity(
                self._corpus, each
            )
            for each in said
        }

    def _best(self, kind: Kind, count: int) -> list[Hit]:
        if (kind, count) not in self._hits:
            segments = zip(self._corpus.segments, self._scores, strict=True)
            scores = [each if segment.kind == kind else {} for segment, each in segments]
            self._hits[kind, count] = ranking.best(self._corpus, scores, count)
        return self._hits[kind, count]

    def _having(self, at: int, clause: Clause, numbers: Sequence[int]) -> dict[int, Shared]:
        """Those of some documents of a segment (ascending) that have a word, or else a synonym."""
        found: dict[int, Shared] = {}
        for way in clause.ways if numbers else ():
            parts = None if way.synonym else clause.parts
            one = clause._replace(ways=(way,), parts=parts)
            for number in ranking.among(self._corpus, at, one, numbers):
                found.setdefault(number, Shared(clause.label, way.synonym))
        return found


def alike(
    index: Index,
    title: str,
    text: str,
    synonyms: Synonyms = (),
    kinds: Collection[Kind] = KINDS,
    without: Collection[str] = (),
) -> Alike:
    """The documents like a title and a text, but for those ``without``."""
    words = telling(index.corpus, title, text, synonyms)
    question = Question(tuple(each.clause for each in words))
    scores = ranking.ranked(index.corpus, question, kinds, every=False, without=without)
    own = _ONCE * sum(each.weight for each in words) or 1.0
    return Alike(words, index.corpus, synonyms, scores, own)


def telling(corpus: Corpus, title: str, text: str, synonyms: Synonyms = ()) -> list[Telling]:
    """The words that say most about a title and a text, heaviest first; no more than twenty.

    A word that no document has says nothing, unless one has a synonym of it.
    """
    said = of_text([(_SUBJECT, title), (1.0, text[:_READ])], synonyms)
    words = (Telling(each, each.weight * _rarity(corpus, each)) for each in said)
    known = (each for each in words if each.weight)
    return sorted(known, key=lambda each: (-each.weight, each.clause.ways[0]))[:_WORDS]


def _rarity(corpus: Corpus, clause: Clause) -> float:
    """What a word weighs: itself where the desk has it, else its best synonym; 0 for neither."""
    own, *others = (
        way.factor * sum(map(corpus.text_rarity, way.terms))
        if all(any(corpus.found(TEXT, term)) for term in way.terms)
        else 0.0
        for way in clause.ways
    )
    return own or max(others, default=0.0)
