"""What the desk's rules would do with a ticket as it came in, a mail, a request: a rehearsal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from hdcli.errors import BadData
from hdcli.model.entry import Entry
from hdcli.model.fields import SETS
from hdcli.model.message import rules_of
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.services.opening import opened_in
from hdcli.services.rules import Applied, Ruling
from hdcli.services.session import Session
from hdcli.services.tickets import Request, free_id
from hdcli.store.transaction import Transaction

_TEXTS = ("title", "requester", "channel", "category", "priority", "impact", "urgency", "team")


def of_ticket(session: Session, ticket_id: str) -> Applied:
    """A ticket as its first entry has it: what is not the desk's default was said by the request.

    Raises NotFound, BadData.
    """
    ticket = session.desk.ticket(ticket_id)
    return _rehearsed(session, _request(session.settings, ticket))


def of_text(session: Session, data: bytes, zone: tzinfo) -> Applied:
    """A JSON object (a request as hd intake jsonl takes it), or a mail. Raises BadData."""
    if data.lstrip()[:1] == b"{":
        return _rehearsed(session, _read(session, data, zone))
    return _of_mail(session, data)


def _rehearsed(session: Session, request: Request) -> Applied:
    return _try(session, lambda t: opened_in(session, t, request, Ruling(session)))


def _try(session: Session, plan: Callable[[Transaction], Applied]) -> Applied:
    return session.desk.rehearse(plan, session.who.committing(session.now))


def _read(session: Session, data: bytes, zone: tzinfo) -> Request:
    from hdcli.services.bulk.incoming import Reader
    from hdcli.services.bulk.naming import Naming
    from hdcli.services.bulk.records import Line, Refusal, json_records

    (item,) = json_records([Line(1, b" ".join(data.splitlines()), 0)])
    if isinstance(item, Refusal):
        raise BadData(item.reason)
    known = Naming(session.settings, ()).apply(item.data)
    return Reader(session.settings, session.now, zone).read(known, "").request


def _of_mail(session: Session, data: bytes) -> Applied:
    from hdcli.mail import orders
    from hdcli.services.intake import byagents, keeping, letters, opening

    settings = session.settings
    found = letters.letter(data, letters.Source("", session.now), settings.mail.addresses)
    if found.mail is None:
        raise BadData(f"neither a request nor a mail: {found.trouble}")
    recipients = found.mail.delivered_to

    def plan(transaction: Transaction) -> Applied:
        text = keeping.text_of(found, settings)
        agent = byagents.author(settings, found)
        given, rest = orders.split(text) if agent else ([], text)
        own = byagents.acting(session, agent) if agent else session
        ticket = opening.open_for(own, transaction, free_id(own, transaction), found, rest)
        decided = byagents.decided(given)
        applied = Ruling(own).apply(own, transaction, ticket, decided, recipients)
        return replace(applied, ticket=byagents.follow(own, transaction, applied.ticket, given))

    return _try(session, plan)


def _request(settings: Settings, ticket: Ticket) -> Request:
    first = next((entry for entry in ticket.log if not entry.of), None)
    ordered = _ordered(ticket, first) if first else {}
    values = {**(first.set if first else ticket.values), **ordered}
    usual = {
        "impact": settings.default_impact,
        "urgency": settings.default_urgency,
        "team": settings.default_team,
    }
    impact, urgency = (str(values.get(name) or usual[name]) for name in ("impact", "urgency"))
    usual["priority"] = settings.priority_of(impact, urgency)
    for name in ordered:
        usual.pop(name, None)
    said = {n: str(values[n]) for n in _TEXTS if values.get(n) and values[n] != usual.get(n)}
    lists = first.add if first else {n: ticket.items(n) for n in SETS}
    return Request(
        **{"title": ticket.title, **said},
        body=ticket.description,
        assignee=str(values.get("assignee") or ""),
        tags=tuple(lists.get("tags", ())),
        cc=tuple(lists.get("cc", ())),
        custom={n: str(values[n]) for n in settings.fields if values.get(n)},
    )


def _ordered(ticket: Ticket, first: Entry) -> dict[str, Any]:
    """What the request said in entries of its own: the orders of a mail, followed as it came in."""
    found: dict[str, Any] = {}
    for each in ticket.log:
        if each is not first and (each.at, each.by) == (first.at, first.by) and not rules_of(each):
            found |= each.set
    return found
