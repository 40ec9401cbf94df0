"""A ticket with all that is read with it: links both ways, what was taken back, lost edits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hdcli.model import fields
from hdcli.model.addressbook import Known
from hdcli.model.concurrent import Lost, lost_edits
from hdcli.model.entry import Entry
from hdcli.model.fold import undone
from hdcli.model.record import hand_edit
from hdcli.model.schema import document
from hdcli.model.ticket import Ticket
from hdcli.store import addressbook, articles, listing
from hdcli.store.articles import Glimpse
from hdcli.store.desk import Desk

if TYPE_CHECKING:
    from hdcli.services.following import Following


@dataclass(frozen=True, slots=True)
class Related:
    """Another ticket, and what it is to the one that is read: ``duplicates``, ``child of``.

    ``status`` is empty when it can't be read or is not on this desk.
    """

    relation: str
    id: str
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class Named:
    """An article, and what it is to the ticket that is read: ``helped``, ``came from this``.

    ``known`` is None where it is not on this desk.
    """

    relation: str
    slug: str
    known: Glimpse | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A ticket and what is read with it; ``taken_back`` are entries, by id."""

    ticket: Ticket
    related: tuple[Related, ...]
    taken_back: frozenset[str]
    lost: tuple[Lost, ...]
    unlogged: tuple[str, ...]
    """The fields that were edited by hand, and committed, without an entry."""
    procedure: Following | None = None
    articles: tuple[Named, ...] = ()
    known: Known | None = None
    """What the address book has of the requester."""

    def document(self) -> dict[str, Any]:
        """The ticket as a plain mapping, its log with it; see docs/json.md."""
        return document(self.ticket)

    @property
    def last_escalation(self) -> Entry | None:
        """Why the ticket is above the first level."""
        raised = (e for e in reversed(self.ticket.log) if e.action == "escalate" and not e.of)
        return next((e for e in raised if e.id not in self.taken_back), None)


def sheet(desk: Desk, ticket_id: str) -> Sheet:
    """Everything that is read with the ticket of a whole id. Raises NotFound, BadData."""
    ticket = desk.ticket(ticket_id)
    return Sheet(
        ticket,
        _related(desk, ticket),
        undone(ticket.log),
        tuple(lost_edits(ticket.log)),
        tuple(hand_edit(ticket).names),
        _procedure(desk, ticket),
        _articles(desk, ticket),
        known(desk, ticket),
    )


def _articles(desk: Desk, ticket: Ticket) -> tuple[Named, ...]:
    helped, not_so = ticket.items("articles"), ticket.items("unhelpful")
    sourced = desk.cache.ask(lambda db: articles.sourced(db, ticket.id))
    if not (helped or not_so or sourced):
        return ()
    known = desk.cache.ask(lambda db: articles.glimpses(db, [*helped, *not_so]))
    found = [Named("helped", slug, known.get(slug)) for slug in helped]
    found += [Named("did not help", slug, known.get(slug)) for slug in not_so]
    return (*found, *(Named("came from this", each.slug, each) for each in sourced))


def known(desk: Desk, ticket: Ticket) -> Known | None:
    """What the address book has of a ticket's requester."""
    who = ticket.text("requester")
    return addressbook.of_desk(desk).of(who) if who else None


def _procedure(desk: Desk, ticket: Ticket) -> Following | None:
    if not ticket.text("procedure"):
        return None
    from hdcli.services.following import following

    return following(desk, ticket)


def _related(desk: Desk, ticket: Ticket) -> tuple[Related, ...]:
    pairs = [(relation.replace("-", " "), other) for relation, other in _links(ticket)]
    incoming = desk.cache.ask(lambda db: listing.links_to(db, ticket.id))
    pairs += [(fields.INVERSE.get(relation, relation), source) for relation, source in incoming]
    if into := ticket.text("merged_into"):
        pairs.insert(0, ("merged into", into))
    gone = desk.cache.ask(lambda db: listing.merged_into(db, [ticket.id]))
    pairs += [("merged in", other) for other in gone]
    unique = dict.fromkeys(pairs)
    titles = desk.cache.ask(lambda db: listing.titles(db, [other for _, other in unique]))
    unknown = listing.Named("", "")
    return tuple(Related(rel, other, *titles.get(other, unknown)) for rel, other in unique)


def _links(ticket: Ticket) -> list[tuple[str, str]]:
    return [(link.partition(" ")[0], link.partition(" ")[2]) for link in ticket.items("links")]
