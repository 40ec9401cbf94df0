"""Suggestions: the articles and solved tickets that help with a ticket, and why they do."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from hdcli.errors import BadData, BadUsage, NotFound
from hdcli.model import ids
from hdcli.model.fold import undone
from hdcli.model.ticket import Ticket
from hdcli.search.alike import Alike, Near, Shared, alike
from hdcli.search.index import Index
from hdcli.search.voting import Candidate, Standing, candidates
from hdcli.services.indexing import Progress, ask
from hdcli.store import articles, listing, votes
from hdcli.store.articles import Glimpse
from hdcli.store.desk import Desk

# What scores less is hardly close to the question; so is what is far behind the best.
_LEAST_SCORE = 0.15
_LEAST_CLOSENESS = 0.1
_OF_BEST = 0.4
_LONGEST = 300
_SHORTEST_ID = 3
# So few tickets that say something of articles are found sooner than by looking through all.
_FEW = 1000


@dataclass(frozen=True, slots=True)
class About:
    """What suggestions are for: a subject and a text, of a ticket or of nobody yet.

    ``failed`` are the slugs of articles that did not help with the ticket.
    """

    title: str
    text: str = ""
    ticket: str = ""
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voter:
    """A ticket that an article was tried on: its title, and how much it says for the article
    (below 0: against it)."""

    ticket: str
    title: str
    weight: float


@dataclass(frozen=True, slots=True)
class Article:
    """A suggested article: how likely it helps, the words it shares, the tickets that vote."""

    glimpse: Glimpse
    score: float
    closeness: float
    words: tuple[Shared, ...]
    votes: tuple[Voter, ...]
    standing: Standing

    def document(self) -> dict[str, Any]:
        """As JSON has it; see docs/json.md."""
        return {
            **self.glimpse._asdict(),
            "score": round(self.score, 3),
            "closeness": round(self.closeness, 3),
            **_shared(self.words),
            "votes": [
                {"ticket": each.ticket, "title": each.title, "weight": round(each.weight, 3)}
                for each in self.votes
            ],
            "helped": self.standing.helped,
            "unhelpful": self.standing.unhelpful,
        }


def _shared(words: Sequence[Shared]) -> dict[str, Any]:
    return {
        "words": [each.word for each in words],
        "synonyms": {each.word: each.synonym for each in words if each.synonym},
    }


@dataclass(frozen=True, slots=True)
class Solved:
    """A solved ticket like it; ``solution`` is the first line of how, ``articles`` what helped."""

    id: str
    title: str
    status: str
    updated: str
    closeness: float
    words: tuple[Shared, ...]
    solution: str
    articles: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """As JSON has it; see docs/json.md."""
        return {
            "id": self.id,
            "title": self.title,
            "status": self.status,
            "closeness": round(self.closeness, 3),
            **_shared(self.words),
            "solution": self.solution or None,
            "articles": list(self.articles),
        }


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The best articles and solved tickets, and the ``words`` that all was compared by."""

    words: tuple[str, ...]
    articles: tuple[Article, ...]
    tickets: tuple[Solved, ...]

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.articles or self.tickets)

    def document(self) -> dict[str, Any]:
        """As JSON has it; see docs/json.md."""
        return {
            "words": list(self.words),
            "articles": [each.document() for each in self.articles],
            "tickets": [each.document() for each in self.tickets],
        }


def ticket_named(desk: Desk, text: str) -> str | None:
    """The ticket that a word names; None for what is a word and no more.

    ``@`` and an id with its prefix do; without it a whole id does, and the beginning of one
    ticket's id when it has a digit. Raises NotFound, Ambiguous, BadUsage.
    """
    if text == ids.LAST or text.upper().startswith(f"{desk.settings.prefix}-"):
        return desk.resolve(text)
    try:
        key = ids.key(text, desk.settings.prefix)
    except BadUsage:
        return None
    part = len(key) >= _SHORTEST_ID and any(map(str.isdigit, text)) and not text.isdigit()
    if not part and len(key) < ids.LENGTH:
        return None
    found = [each for each, _ in desk.cache.ask(lambda db: listing.by_prefix(db, key))]
    whole = [each for each in found if each == f"{desk.settings.prefix}-{key}"]
    return (whole or found)[0] if whole or (part and len(found) == 1) else None


def about_ticket(ticket: Ticket) -> About:
    """A ticket's subject, and what the requester first said."""
    tags = " ".join(ticket.items("tags"))
    text = f"{ticket.description}\n{tags}"
    return About(ticket.title, text, ticket.id, ticket.items("unhelpful"))


def about_text(text: str) -> About:
    """Somebody's words: the first line is the subject."""
    title, _, rest = text.strip().partition("\n")
    return About(title, rest)


def suggest(
    desk: Desk,
    about: About,
    limit: int,
    *,
    public: bool = False,
    progress: Progress | None = None,
) -> Suggestions:
    """What helps with it, at most ``limit`` articles and as many tickets. Raises Busy.

    ``public`` leaves out whatever a requester may not read: tickets, drafts, articles for agents.
    """

    def asked(index: Index) -> Suggestions:
        synonyms = desk.settings.synonyms
        like = alike(index, about.title, about.text, synonyms, without=[about.ticket])
        return of_like(desk, about, like, limit, public=public)

    return ask(desk, asked, progress)


def of_like(
    desk: Desk, about: About, like: Alike, limit: int, *, public: bool = False
) -> Suggestions:
    """The same, of what is known already to be like it."""
    helping = _articles(desk, about, like, limit, public=public)
    tickets = [] if public else _tickets(desk, like, limit)
    return Suggestions(tuple(each.written for each in like.words), tuple(helping), tuple(tickets))


def _articles(desk: Desk, about: About, like: Alike, limit: int, *, public: bool) -> list[Article]:
    known: dict[str, Standing] = {}

    def standings(slugs: Sequence[str]) -> dict[str, Standing]:
        wanted = [each for each in slugs if each not in about.failed]
        known.update(desk.cache.ask(lambda db: votes.standings(db, wanted, public=public)))
        return known

    def ballots(tickets: Sequence[str]) -> Any:
        return desk.cache.ask(lambda db: votes.ballots(db, tickets))

    voters = desk.cache.ask(lambda db: votes.voters(db, _FEW))
    found = candidates(like, ballots, standings, voters)
    least = max([_LEAST_SCORE, *(each.score * _OF_BEST for each in found[:1])])
    best = [each for each in found if each.score >= least][:limit]
    slugs = [each.slug for each in best]
    glimpses = desk.cache.ask(lambda db: articles.glimpses(db, slugs))
    shared = like.shared("article", slugs)
    titles = _titles(desk, [] if public else best)
    return [
        Article(
            glimpses[each.slug],
            each.score,
            each.closeness,
            shared.get(each.slug, ()),
            tuple(
                Voter(vote.ticket, titles[vote.ticket], vote.weight)
                for vote in each.votes
                if vote.ticket in titles
            ),
            known[each.slug],
        )
        for each in best
        if each.slug in glimpses
    ]


def _titles(desk: Desk, best: Sequence[Candidate]) -> dict[str, str]:
    wanted = [vote.ticket for each in best for vote in each.votes]
    named = desk.cache.ask(lambda db: listing.titles(db, wanted))
    return {ticket: each.title for ticket, each in named.items()}


def _tickets(desk: Desk, like: Alike, limit: int) -> list[Solved]:
    chosen = _closest_solved(desk, like, limit)
    keys = [near.key for near, _ in chosen]
    shared = like.shared("ticket", keys)
    helped = desk.cache.ask(lambda db: articles.solved_by(db, keys))
    return [
        Solved(
            near.key,
            *there,
            near.closeness,
            shared.get(near.key, ()),
            _solution(desk, near.key),
            tuple(helped.get(near.key, ())),
        )
        for near, there in chosen
    ]


def _closest_solved(desk: Desk, like: Alike, limit: int) -> list[tuple[Near, votes.Solved]]:
    chosen: list[tuple[Near, votes.Solved]] = []
    for portion in like.onwards("ticket"):
        near = [each for each in portion if each.closeness >= _LEAST_CLOSENESS]
        there = _solved(desk, [each.key for each in near])
        chosen += [(each, there[each.key]) for each in near if each.key in there]
        if len(near) < len(portion) or len(chosen) >= limit:
            break
    least = chosen[0][0].closeness * _OF_BEST if chosen else 0.0
    return [(near, there) for near, there in chosen[:limit] if near.closeness >= least]


def _solved(desk: Desk, tickets: Sequence[str]) -> dict[str, votes.Solved]:
    return desk.cache.ask(lambda db: votes.solved(db, tickets))


def _solution(desk: Desk, ticket_id: str) -> str:
    """The first line of how a ticket was solved; empty where nothing says it."""
    with suppress(NotFound, BadData):  # it went, or broke, since it was indexed
        return solution(desk.ticket(ticket_id))
    return ""


def solution(ticket: Ticket) -> str:
    """The first line of what was said last when the ticket was resolved, or else closed."""
    gone = undone(ticket.log)
    for action in ("resolve", "close"):
        for entry in reversed(ticket.log):
            if entry.action == action and entry.body.strip() and entry.id not in gone:
                return entry.body.strip().partition("\n")[0][:_LONGEST]
    return ""
