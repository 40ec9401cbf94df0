"""Gaps in the knowledge base: what no article answers, and which articles fail people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any, Literal

from hdcli.model.dates import parse_utc
from hdcli.search.alike import alike
from hdcli.search.clusters import Cluster, Item, clustered
from hdcli.search.document import Kind
from hdcli.search.index import Index
from hdcli.search.question import Synonyms
from hdcli.services.indexing import Progress, ask
from hdcli.store import articles, learning
from hdcli.store.desk import Desk
from hdcli.store.learning import Failing, Recent

_ARTICLES: tuple[Kind, ...] = ("article",)
By = Literal["count", "time"]
# The latest so many tickets are looked at: what is asked now, in a second or two.
_MOST = 2000
# Fewer are no habit.
_LEAST = 3
# An article that solved this share of them answers them.
_ANSWERED = 1 / 3
# So does one whose own text is so close to most of a few of them.
_CLOSE, _FEW = 0.6, 5
# One that is this close may want to be extended instead.
_NEAR = 0.35
_TICKETS = 5
# Of a text the beginning says what is wrong; below it stands how it was solved.
_READ = 1500


@dataclass(frozen=True, slots=True)
class Gap:
    """Tickets about one thing that no article answers, the latest first.

    ``seconds`` is the sum of the times from when they were opened until they were solved (or now),
    ``each`` the median; ``near`` the article that comes closest, or empty; ``source`` the latest
    one that was solved, to draft from.
    """

    category: str
    words: tuple[str, ...]
    tickets: tuple[str, ...]
    seconds: int
    each: int
    near: str
    source: str

    def document(self) -> dict[str, Any]:
        """As JSON has it; see docs/json.md."""
        return {
            "category": self.category or None,
            "words": list(self.words),
            "count": len(self.tickets),
            "seconds": self.seconds,
            "median_seconds": self.each,
            "tickets": list(self.tickets),
            "near": self.near or None,
            "source": self.source or None,
        }


@dataclass(frozen=True, slots=True)
class Failed:
    """An article that failed people, and the tickets that say so, the latest first."""

    article: Failing
    tickets: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """As JSON has it; see docs/json.md."""
        return {**self.article._asdict(), "tickets": list(self.tickets)}


@dataclass(frozen=True, slots=True)
class Gaps:
    """What there is to write and to mend, of ``looked_at`` tickets of those ``opened`` since."""

    opened: int
    looked_at: int
    gaps: tuple[Gap, ...]
    failing: tuple[Failed, ...]


def gaps(
    desk: Desk, since: str, now: datetime, by: By = "count", progress: Progress | None = None
) -> Gaps:
    """The gaps that the tickets opened since a time (UTC) show, the largest first. Raises Busy."""
    opened = desk.cache.ask(lambda db: learning.opened_since(db, since))
    recent = desk.cache.ask(lambda db: learning.recent(db, since, _MOST))
    tickets = {each.id: each for each in recent}
    clusters = clustered([Item(e.id, e.category, e.title, e.text) for e in recent], _LEAST)
    unsolved = [each for each in clusters if not _solved(each, tickets)]
    found: list[Gap] = []
    if unsolved:
        found = ask(desk, lambda index: _unanswered(desk, index, unsolved, tickets, now), progress)
    size = _by_time if by == "time" else _by_count
    return Gaps(opened, len(recent), tuple(sorted(found, key=size)), tuple(_failing(desk, since)))


def _by_count(gap: Gap) -> tuple[int, int]:
    return -len(gap.tickets), -gap.seconds


def _by_time(gap: Gap) -> tuple[int, int]:
    return -gap.seconds, -len(gap.tickets)


def _solved(cluster: Cluster, tickets: Mapping[str, Recent]) -> bool:
    solved = sum(tickets[key].solved for key in cluster.keys)
    return solved >= _ANSWERED * len(cluster.keys)


def _unanswered(
    desk: Desk,
    index: Index,
    clusters: Sequence[Cluster],
    tickets: Mapping[str, Recent],
    now: datetime,
) -> list[Gap]:
    known = {each.slug: each.state for each in desk.cache.ask(articles.every)}
    found = []
    for cluster in clusters:
        own = [tickets[key] for key in cluster.keys]
        near = _closeness(index, own, desk.settings.synonyms)
        if any(near[slug] >= _CLOSE for slug in near if known.get(slug) == "published"):
            continue
        likely = [slug for slug in near if slug in known and near[slug] >= _NEAR]
        best = max(likely, key=lambda slug: (near[slug], slug), default="")
        found.append(_gap(cluster, tickets, best, now))
    return found


def _closeness(index: Index, tickets: Sequence[Recent], synonyms: Synonyms) -> dict[str, float]:
    """How close articles' texts are to most of a few of the tickets, by slug."""
    looked_at = tickets[:: max(1, len(tickets) // _FEW)][:_FEW]
    found: dict[str, list[float]] = {}
    for ticket in looked_at:
        like = alike(index, ticket.title, ticket.text[:_READ], synonyms, kinds=_ARTICLES)
        for near in like.nearest("article", _FEW):
            found.setdefault(near.key, []).append(near.closeness)
    missing = [0.0] * len(looked_at)
    return {slug: median((each + missing)[: len(looked_at)]) for slug, each in found.items()}


def _gap(cluster: Cluster, tickets: Mapping[str, Recent], near: str, now: datetime) -> Gap:
    own = [tickets[key] for key in reversed(cluster.keys)]
    spent = [_seconds(each, now) for each in own]
    source = next((each.id for each in own if each.resolved), "")
    keys = tuple(each.id for each in own)
    return Gap(cluster.category, cluster.words, keys, sum(spent), int(median(spent)), near, source)


def _seconds(ticket: Recent, now: datetime) -> int:
    end = parse_utc(ticket.resolved) if ticket.resolved else now
    return max(0, int((end - parse_utc(ticket.created)).total_seconds()))


def _failing(desk: Desk, since: str) -> list[Failed]:
    found = desk.cache.ask(lambda db: learning.failing(db, since))
    slugs = [each.slug for each in found]
    tickets = desk.cache.ask(lambda db: learning.failed_on(db, slugs, since))
    return [Failed(each, tuple(tickets.get(each.slug, ())[:_TICKETS])) for each in found]
