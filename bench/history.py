"""A folder of judged queries as the history of a desk: ``bench/retrieval.py --history FOLDER``.

The queries are tickets, the documents articles, the judgements what solved them. They are replayed
in the order of their ids: hd answers each with what ``hd suggest`` runs, knowing nothing but the
tickets before it; then the ticket is indexed and what solved it is known. Nothing is set here.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hdcli.search.alike import alike
from hdcli.search.document import Document
from hdcli.search.index import Index, rebuild
from hdcli.search.voting import Ballot, Standing, candidates

if TYPE_CHECKING:
    from bench.retrieval import Engine, Judged, Query

_NUMBER = re.compile(r"(\d+)")


def in_order(queries: Iterable[Query]) -> list[Query]:
    """By id, the numbers in ids as numbers."""
    return sorted(queries, key=lambda query: _natural(query.id))


def _natural(text: str) -> list[tuple[int, str]]:
    return [(int(each) if each.isdigit() else -1, each) for each in _NUMBER.split(text)]


class MostUsed:
    """The articles that solved most so far, whatever is asked."""

    def __init__(self, _judged: Judged) -> None:
        self._used: Counter[str] = Counter()

    def rank(self, _query: Query) -> Sequence[str]:
        """The same for all."""
        return [slug for slug, _ in sorted(self._used.items(), key=lambda each: (-each[1], each))]

    def learn(self, _query: Query, relevance: Mapping[str, float]) -> None:
        """One more for each that was relevant."""
        self._used.update(slug for slug, grade in relevance.items() if grade > 0)


class Suggest:
    """hd suggest; ``learning`` says whether the tickets before may vote."""

    def __init__(self, judged: Judged, *, learning: bool = True) -> None:
        self._learning = learning
        self._solved: dict[str, list[Ballot]] = {}
        self._helped: Counter[str] = Counter()
        self._folder = tempfile.TemporaryDirectory()
        articles = [
            Document("article", each["id"], each["title"], each["text"])
            for each in judged.documents
        ]
        self._index: Index = rebuild(Path(self._folder.name) / "index", articles, "0")

    def close(self) -> None:
        """Deletes its index."""
        self._index.close()
        self._folder.cleanup()

    def rank(self, query: Query) -> Sequence[str]:
        """As ``hd suggest`` does for a ticket whose title is the query's first line."""
        title, _, text = query.text.partition("\n")
        found = candidates(alike(self._index, title, text), self._ballots, self._standings)
        return [each.slug for each in found]

    def learn(self, query: Query, relevance: Mapping[str, float]) -> None:
        """A ticket, solved with the articles that were relevant."""
        if not self._learning:
            return
        key, (title, _, text) = f"ticket {query.id}", query.text.partition("\n")
        solved = [slug for slug, grade in relevance.items() if grade > 0]
        self._solved[key] = [Ballot(slug, helped=True) for slug in solved]
        self._helped.update(solved)
        self._index = self._index.update([Document("ticket", key, title, text)], (), query.id)

    def _ballots(self, tickets: Sequence[str]) -> Mapping[str, Sequence[Ballot]]:
        return {key: self._solved[key] for key in tickets if key in self._solved}

    def _standings(self, slugs: Sequence[str]) -> Mapping[str, Standing]:
        return {slug: Standing(self._helped[slug]) for slug in slugs}


ENGINES: Mapping[str, Callable[[Judged], Engine]] = {
    "hd suggest": Suggest,
    "hd suggest, articles' own words only": lambda judged: Suggest(judged, learning=False),
    "the most used articles": MostUsed,
}
