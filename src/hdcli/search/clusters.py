"""Tickets that are about one thing: clusters of those that share the words that tell most.

Each ticket is its telling words, weighed by how rare they are among the tickets given, the title's
above the text's. A ticket joins the cluster of its category that it is closest to (by the cosine
of it and the cluster's middle), or begins one; then every ticket is asked once more where it
belongs, so that the order in which they came matters little. It is all counting: two thousand
tickets take half a second.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import NamedTuple

from hdcli.search import analysis

_TITLE = 2.0
# Of a text the beginning says what is wrong.
_READ = 1500
_WORDS = 12
# A word that is said again and again says no more.
_TIMES = 2
# How close a ticket must be to join.
_CLOSE = 0.3
# What a cluster has in common: words of at least this share of its tickets.
_SHARED = 0.5
_TOLD = 5
# The middle of a cluster is reckoned with its heaviest words alone.
_MIDDLE = 40

Vector = Mapping[str, float]


class Item(NamedTuple):
    """A ticket to put into a cluster of its category."""

    key: str
    category: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Tickets about one thing, in the order given, and the words that they share."""

    category: str
    keys: tuple[str, ...]
    words: tuple[str, ...]


class _Group:
    """A cluster in the making: its members, and the sum of what they are."""

    def __init__(self, middle: Vector | None = None) -> None:
        self.members: list[int] = []
        self.sum = dict(middle or {})
        self.length = _length(self.sum)

    def add(self, number: int, vector: Vector) -> None:
        self.members.append(number)
        for term, weight in vector.items():
            self.sum[term] = self.sum.get(term, 0.0) + weight
        self.length = _length(self.sum)

    @property
    def middle(self) -> Vector:
        """What it is about, without its members."""
        return dict(_heaviest(self.sum, _MIDDLE))


def clustered(items: Sequence[Item], least: int) -> list[Cluster]:
    """The clusters of at least so many tickets, the largest first."""
    written: dict[str, Counter[str]] = {}
    counts = [_counted(each, written) for each in items]
    used = Counter(term for each in counts for term in each)
    vectors = [_vector(each, used, len(items)) for each in counts]
    found: list[Cluster] = []
    for category in dict.fromkeys(each.category for each in items):
        own = {n: vectors[n] for n, each in enumerate(items) if each.category == category}
        first = _grouped(own, [])
        again = [_Group(group.middle) for group in first if len(group.members) > 1]
        for group in _grouped(own, again):
            words = _words(group, vectors, written, used)
            if len(group.members) >= least and words:
                keys = tuple(items[n].key for n in group.members)
                found.append(Cluster(category, keys, words))
    return sorted(found, key=lambda each: -len(each.keys))


def _counted(item: Item, written: dict[str, Counter[str]]) -> dict[str, float]:
    """How much an item says each word; ``written`` learns how people write them."""
    counts: dict[str, float] = {}
    for weight, part in ((_TITLE, item.title), (1.0, item.text[:_READ])):
        said = Counter(
            (form.whole, surface)
            for chunk, surface in analysis.written(part)
            if not (form := analysis.form(chunk)).stop and not form.whole.isdigit()
        )
        for (term, surface), times in said.items():
            counts[term] = counts.get(term, 0.0) + weight * min(times, _TIMES)
            written.setdefault(term, Counter())[surface] += int(weight * times)
    return counts


def _vector(counts: Mapping[str, float], used: Mapping[str, int], of: int) -> Vector:
    """A ticket's heaviest words that another one has as well, of length 1."""
    weights = {
        term: count * log(1 + of / used[term]) for term, count in counts.items() if used[term] > 1
    }
    heaviest = dict(_heaviest(weights, _WORDS))
    length = _length(heaviest)
    return {term: weight / length for term, weight in heaviest.items()}


def _heaviest(weights: Vector, count: int) -> list[tuple[str, float]]:
    return sorted(weights.items(), key=lambda each: (-each[1], each[0]))[:count]


def _length(vector: Vector) -> float:
    return sqrt(sum(weight * weight for weight in vector.values())) or 1.0


def _grouped(vectors: Mapping[int, Vector], groups: list[_Group]) -> list[_Group]:
    """Every ticket in the cluster that it is closest to; new ones for those that fit in none."""
    having: dict[str, set[int]] = {}
    for number, group in enumerate(groups):
        for term in group.sum:
            having.setdefault(term, set()).add(number)
    for number, vector in vectors.items():
        best = _closest(vector, groups, having)
        if best is None:
            best = len(groups)
            groups.append(_Group())
        groups[best].add(number, vector)
        for term in vector:
            having.setdefault(term, set()).add(best)
    return [group for group in groups if group.members]


def _closest(
    vector: Vector, groups: Sequence[_Group], having: Mapping[str, set[int]]
) -> int | None:
    scores: dict[int, float] = {}
    for term, weight in vector.items():
        for number in having.get(term, ()):
            part = weight * groups[number].sum[term] / groups[number].length
            scores[number] = scores.get(number, 0.0) + part
    close = [(score, -number) for number, score in scores.items() if score >= _CLOSE]
    return -max(close)[1] if close else None


def _words(
    group: _Group,
    vectors: Sequence[Vector],
    written: Mapping[str, Counter[str]],
    used: Mapping[str, int],
) -> tuple[str, ...]:
    """What most of a cluster's tickets share, the most shared first, as people write it."""
    having = Counter(term for number in group.members for term in vectors[number])
    shared = [term for term, count in having.items() if count >= _SHARED * len(group.members)]
    shared.sort(key=lambda term: (-having[term], used[term], term))
    return tuple(written[term].most_common(1)[0][0] for term in shared[:_TOLD])
