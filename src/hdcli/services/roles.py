"""What an agent's role does not allow is refused before it is done, by the rules of a hub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hdcli.errors import BadData, Refused
from hdcli.model import place
from hdcli.model.rights import ASK_A_LEAD, Rights, beyond
from hdcli.model.settings import Agent, Settings
from hdcli.model.ticket import Ticket
from hdcli.model.vetting import fresh

if TYPE_CHECKING:
    from hdcli.store.transaction import Transaction


def require_writer(settings: Settings, handle: str) -> None:
    """Raises Refused for an agent who may only read."""
    agent = settings.agents.get(handle)
    if agent and agent.role == "read-only":
        raise Refused(f"{handle} may only read this desk (role: read-only)", ASK_A_LEAD)


def require_lead(settings: Settings, handle: str, what: str) -> None:
    """Raises Refused for who may not do what is a lead's, where the desk has one.

    ``what`` says what it is, as in "change the desk's settings". Who joins has no handle yet.
    """
    rights = Rights(settings)
    agent = settings.agents.get(handle)
    if not (rights.leads(agent) if agent else not rights.has_lead):
        who = f"{handle} is {agent.role}" if agent else "you are no agent yet"
        raise Refused(f"only a lead may {what}, and {who}", ASK_A_LEAD)


def require_role(settings: Settings, handle: str, transaction: Transaction) -> None:
    """Raises Refused where a transaction has what its agent's role does not allow."""
    for path in transaction.changes:
        kind = place.kind_of(path)
        if kind == "settings":
            require_lead(settings, handle, "change the desk's settings")
        elif kind == "other":
            require_lead(settings, handle, f"change {path}")
    agent = settings.agents.get(handle)
    if agent:
        _require_deeds(Rights(settings), agent, transaction)


def _require_deeds(rights: Rights, agent: Agent, transaction: Transaction) -> None:
    if agent.role == "intake" and transaction.articles:
        raise Refused(f"{agent.handle} is an intake agent, who opens tickets", ASK_A_LEAD)
    if agent.role == "intake" or not rights.leads(agent):
        for ticket in transaction.tickets.values():
            _require_entries(rights, agent, ticket, transaction.committed(ticket.path))


def _require_entries(rights: Rights, agent: Agent, ticket: Ticket, before: bytes | None) -> None:
    from hdcli.store import codec

    try:
        olds = [codec.read_ticket(before, ticket.path)] if before else []
    except BadData:
        return
    own = [entry for entry in fresh(olds, ticket) if entry.by == agent.handle]
    for flaw in beyond(rights, agent, olds, ticket, own):
        raise Refused(f"{ticket.id}: {flaw.message}", flaw.remedy)
