"""What the desk's rules would do with a ticket as it came in, a mail, a request: a rehearsal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo

from hdcli.errors import BadData
from hdcli.model.fields import SETS
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
    from hdcli.services.intake import keeping, letters, opening

    settings = session.settings
    found = letters.letter(data, letters.Source("", session.now), settings.mail.addresses)
    if found.mail is None:
        raise BadData(f"neither a request nor a mail: {found.trouble}")
    recipients = found.mail.delivered_to

    def plan(transaction: Transaction) -> Applied:
        text = keeping.text_of(found, settings)
        identifier = free_id(session, transaction)
        ticket = opening.open_for(session, transaction, identifier, found, text)
        return Ruling(session).apply(session, transaction, ticket, (), recipients)

    return _try(session, plan)


def _request(settings: Settings, ticket: Ticket) -> Request:
    first = next((entry for entry in ticket.log if not entry.of), None)
    values = dict(first.set) if first else {**ticket.values}
    usual = {
        "impact": settings.default_impact,
        "urgency": settings.default_urgency,
        "team": settings.default_team,
    }
    impact, urgency = (str(values.get(name) or usual[name]) for name in ("impact", "urgency"))
    usual["priority"] = settings.priority_of(impact, urgency)
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
