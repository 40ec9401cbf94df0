"""A ticket with all that is read with it: links both ways, what was taken back, lost edits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hdcli.model import fields
from hdcli.model.concurrent import Lost, lost_edits
from hdcli.model.entry import Entry
from hdcli.model.schema import document
from hdcli.model.ticket import Ticket, hand_edit, undone
from hdcli.store import listing
from hdcli.store.desk import Desk


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
class Sheet:
    """A ticket and what is read with it; ``taken_back`` are entries, by id."""

    ticket: Ticket
    related: tuple[Related, ...]
    taken_back: frozenset[str]
    lost: tuple[Lost, ...]
    unlogged: tuple[str, ...]
    """The fields that were edited by hand, and committed, without an entry."""

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
    )


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
