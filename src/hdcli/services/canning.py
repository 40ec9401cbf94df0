"""A canned reply as it is for a ticket: in its requester's language, its placeholders filled."""

from __future__ import annotations

from hdcli.errors import Refused
from hdcli.model.canned import Canned, filled
from hdcli.model.ticket import Ticket
from hdcli.services import canned
from hdcli.services.notify import facts, people
from hdcli.store import addressbook
from hdcli.store.desk import Desk


def filled_for(desk: Desk, ticket_id: str, name: str, agent: str, language: str = "") -> str:
    """The text of a canned reply, or of an event's mail, for a ticket by its whole id; ``agent``
    (by handle) is who writes. Raises NotFound, BadData."""
    return text_for(desk, desk.ticket(ticket_id), canned.of_desk(desk, name), agent, language)


def text_for(desk: Desk, ticket: Ticket, prepared: Canned, agent: str, language: str = "") -> str:
    """The same for a ticket and a canned reply that are known. Raises Refused for an empty one."""
    settings = desk.settings
    book = addressbook.of_desk(desk)
    theirs = people.language(settings, book, ticket, ticket.text("requester"))
    chosen = prepared.language(language or theirs, settings.language)
    if not chosen:
        raise Refused(f"there is no text in the canned reply '{prepared.name}'")
    values = facts.of_ticket(settings, ticket, chosen)
    values["agent"] = facts.agent_named(settings, agent)
    return filled(prepared.texts[chosen].body, values)
