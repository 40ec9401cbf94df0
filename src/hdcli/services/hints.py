"""What is told beside a new ticket: what may help with it, and open tickets that are the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hdcli.model.person import address
from hdcli.model.ticket import Ticket
from hdcli.search.alike import Alike, alike
from hdcli.search.index import Index
from hdcli.services import indexing, suggest
from hdcli.services.indexing import Progress
from hdcli.services.suggest import Suggestions
from hdcli.store import votes
from hdcli.store.desk import Desk
from hdcli.store.votes import Open

# Only what is likely: nobody asked for it.
_LEAST_SCORE, _LEAST_CLOSENESS = 0.3, 0.25
# The same words: close, and most of what the titles say.
_CLOSE, _SAME_TITLE = 0.4, 0.5
_LOOKED_AT = 100
_MOST = 3


@dataclass(frozen=True, slots=True)
class Twin:
    """An open ticket that is perhaps the same: of the same ``requester``, in the same ``words``."""

    ticket: Open
    requester: bool
    words: bool

    def document(self) -> dict[str, Any]:
        """As JSON has it; see docs/json.md."""
        return {
            **self.ticket._asdict(),
            "same_requester": self.requester,
            "same_words": self.words,
        }


@dataclass(frozen=True, slots=True)
class Hints:
    """At most three articles, three solved tickets, three likely duplicates."""

    suggestions: Suggestions
    twins: tuple[Twin, ...]

    def document(self) -> dict[str, Any]:
        """As JSON has it; see docs/json.md."""
        twins = [each.document() for each in self.twins]
        return {**self.suggestions.document(), "duplicates": twins}


def at_hand(desk: Desk) -> bool:
    """Whether hints cost no waiting: the index is there, or soon made."""
    return indexing.at_hand(desk)


def hints(desk: Desk, ticket: Ticket, progress: Progress | None = None) -> Hints:
    """What is told beside a ticket that was just opened. Raises Busy."""
    about = suggest.about_ticket(ticket)

    def asked(index: Index) -> Hints:
        synonyms = desk.settings.synonyms
        like = alike(index, about.title, about.text, synonyms, without=[about.ticket])
        found = suggest.of_like(desk, about, like, _MOST)
        likely = Suggestions(
            found.words,
            tuple(each for each in found.articles if each.score >= _LEAST_SCORE),
            tuple(each for each in found.tickets if each.closeness >= _LEAST_CLOSENESS),
        )
        return Hints(likely, tuple(_twins(desk, ticket, like)))

    return indexing.ask(desk, asked, progress)


def _twins(desk: Desk, ticket: Ticket, like: Alike) -> list[Twin]:
    """In the same words first, the same requester's before others'; then what else they have."""
    who = address(ticket.text("requester"))
    near = like.nearest("ticket", _LOOKED_AT)
    close = [each.key for each in near if each.closeness >= _CLOSE]
    there = desk.cache.ask(lambda db: votes.still_open(db, close))
    same = {
        key for key, each in there.items() if like.overlap(ticket.title, each.title) >= _SAME_TITLE
    }
    own = desk.cache.ask(lambda db: votes.open_of(db, who, _MOST + 1)) if who else []
    there.update((each.id, each) for each in own)
    found = [
        Twin(each, bool(who) and address(each.requester) == who, key in same)
        for key, each in there.items()
        if key != ticket.id
    ]
    found = [twin for twin in found if twin.words or twin.requester]
    found.sort(key=lambda twin: twin.ticket.created, reverse=True)
    found.sort(key=lambda twin: (not twin.words, not twin.requester))
    return found[:_MOST]
