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

from hdcli.model.plain import plain
from hdcli.search import analysis, ranking
from hdcli.search.document import KINDS, Kind
from hdcli.search.index import Index
from hdcli.search.question import Question, of_text
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
    """A word that a text is compared by: as it was written, in its plain form, how often it was
    said (in the subject twice), and what it weighs."""

    written: str
    plain: str
    times: float
    weight: float


class Near(NamedTuple):
    """A document and how close it is: 0 for nothing in common, about 1 for the same words."""

    key: str
    closeness: float


@dataclass(frozen=True, slots=True)
class Alike:
    """The documents that have something in common with a text, from the closest on."""

    words: Sequence[Telling]
    _corpus: Corpus
    _question: Question
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

    def shared(self, kind: Kind, keys: Collection[str]) -> dict[str, tuple[str, ...]]:
        """The words that some documents share with the text, as written there, rarest first."""
        wanted = frozenset(keys)
        counts = [count for each, count in self._hits if each == kind]
        hits = [hit for hit in self._best(kind, max(counts, default=0)) if hit.key in wanted]
        found: dict[str, tuple[str, ...]] = {}
        for at, segment in enumerate(self._corpus.segments):
            inside = {each.number: each.key for each in hits if each.segment is segment}
            having = self._having(at, sorted(inside))
            for number, key in inside.items():
                words = (each for each in self.words if number in having[each.plain])
                found[key] = tuple(each.written for each in words)
        return found

    def overlap(self, one: str, other: str) -> float:
        """How much two titles say the same: what the words of both weigh, as a share of all."""
        first, second = (
            {each.whole for each in analysis.forms(plain(title)) if not each.stop}
            for title in (one, other)
        )
        either = sum(map(self._corpus.text_rarity, first | second))
        return sum(map(self._corpus.text_rarity, first & second)) / either if either else 0.0

    def _best(self, kind: Kind, count: int) -> list[Hit]:
        if (kind, count) not in self._hits:
            segments = zip(self._corpus.segments, self._scores, strict=True)
            scores = [each if segment.kind == kind else {} for segment, each in segments]
            self._hits[kind, count] = ranking.best(self._corpus, scores, count)
        return self._hits[kind, count]

    def _having(self, at: int, numbers: Sequence[int]) -> dict[str, Collection[int]]:
        """Which of some documents of a segment (ascending) have each word."""
        return {
            each.label: ranking.among(self._corpus, at, each, numbers) if numbers else ()
            for each in self._question.clauses
        }


def alike(
    index: Index,
    title: str,
    text: str,
    kinds: Collection[Kind] = KINDS,
    without: Collection[str] = (),
) -> Alike:
    """The documents like a title and a text, but for those ``without``."""
    words = telling(index.corpus, title, text)
    question = of_text((each.plain, each.times) for each in words)
    scores = ranking.ranked(index.corpus, question, kinds, every=False, without=without)
    own = _ONCE * sum(each.weight for each in words) or 1.0
    return Alike(words, index.corpus, question, scores, own)


def telling(corpus: Corpus, title: str, text: str) -> list[Telling]:
    """The words that say most about a title and a text, heaviest first; no more than twenty.

    A word that no document has says nothing.
    """
    times: dict[str, float] = {}
    written: dict[str, tuple[str, str]] = {}
    for weight, part in ((_SUBJECT, title), (1.0, text[:_READ])):
        for chunk, original in analysis.written(part):
            form = analysis.form(chunk)
            if not form.stop:
                times[form.whole] = times.get(form.whole, 0.0) + weight
                written.setdefault(form.whole, (original, chunk))
    known = (
        Telling(*written[term], count, count * corpus.text_rarity(term))
        for term, count in times.items()
        if any(corpus.found(TEXT, term))
    )
    return sorted(known, key=lambda each: (-each.weight, each.plain))[:_WORDS]
