"""Opening tickets: from what somebody asks for to the first entry and the commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hdcli.errors import BadUsage
from hdcli.model import ids
from hdcli.model.entry import Entry
from hdcli.model.fold import fold, stamp
from hdcli.model.message import one_line, ticket_message
from hdcli.model.person import person
from hdcli.model.schema import MAX_TITLE
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.services import placing
from hdcli.services.actions import Draft, body_of
from hdcli.services.attachments import File, stored
from hdcli.services.session import Session
from hdcli.services.values import tags, value_for
from hdcli.store.transaction import Transaction

# Tickets lie in so many folders, evenly: one tells how many there are in all.
_FOLDERS = len(ids.ALPHABET) ** 2


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for, as it came in. Empty fields take the desk's defaults."""

    title: str
    body: str = ""
    requester: str = ""
    channel: str = ""
    category: str = ""
    priority: str = ""
    impact: str = ""
    urgency: str = ""
    team: str = ""
    assignee: str = ""
    due: str = ""
    external_id: str = ""
    tags: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    custom: Mapping[str, str] = field(default_factory=dict)


def values_of(settings: Settings, request: Request) -> dict[str, Any]:
    """The first values of a request's ticket, checked against the desk.

    Raises NotOnDesk, Refused, BadUsage.
    """
    title = one_line(request.title)
    if not title:
        raise BadUsage("a title is missing", 'hd new "what is wrong"')
    if len(title) > MAX_TITLE:
        raise BadUsage(f"the title is longer than {MAX_TITLE} characters", "put the rest in --body")
    impact = request.impact or settings.default_impact
    urgency = request.urgency or settings.default_urgency
    given = {
        "priority": request.priority or settings.priority_of(impact, urgency),
        "impact": impact,
        "urgency": urgency,
        "category": request.category,
        "requester": request.requester,
        "channel": request.channel,
        "due": request.due,
        "external_id": request.external_id,
        **request.custom,
    }
    checked = {name: value_for(settings, name, text) for name, text in given.items() if text}
    opened = {"title": title, "status": "new", **_placed(settings, request), **checked}
    return {name: value for name, value in opened.items() if value is not None}


def _placed(settings: Settings, request: Request) -> dict[str, Any]:
    """Team, level and assignee: a team named puts the ticket on its level."""
    team = request.team or settings.default_team
    level = settings.team(team).level if team else 1
    if not request.assignee:
        return {"level": level, "team": team or None}
    agent = placing.require_active(settings, request.assignee)
    theirs = "" if request.team else placing.team_of(settings, agent, level, team)
    return {
        "status": "open",
        "level": level,
        "team": theirs or team or None,
        "assignee": agent.handle,
    }


def first_entry(session: Session, request: Request, values: Mapping[str, Any]) -> Entry:
    """The entry that opens a ticket. Raises BadUsage."""
    added = {
        "tags": tags(request.tags),
        "cc": list(dict.fromkeys(found for each in request.cc if (found := person(each)))),
    }
    number, at = stamp((), session.at, session.entropy)
    add = {name: items for name, items in added.items() if items}
    body = body_of(request.body)
    return Entry(number, at, session.who.handle, "new", values, add, body=body)


def rehearse(session: Session, request: Request) -> None:
    """Raises what ``create`` would refuse in a request whose title nobody has written yet."""
    draft = replace(request, title=request.title or "-")
    first_entry(session, draft, values_of(session.settings, draft))


def create(session: Session, request: Request, attach: Sequence[File] = ()) -> Ticket:
    """A new ticket, in one commit. ``attach`` are files by their own names."""
    return session.write(lambda transaction: open_in(session, transaction, request, attach))


def open_in(
    session: Session,
    transaction: Transaction,
    request: Request,
    attach: Sequence[File] = (),
    more: Draft | None = None,
) -> Ticket:
    """The same within a transaction; the entry adds what ``more`` does, and has its extra keys."""
    identifier = free_id(session, transaction)
    entry = first_entry(session, request, values_of(session.settings, request))
    if more:
        entry = replace(entry, add={**entry.add, **more.add}, extra=more.extra)
    files = stored(identifier, attach)
    if files:
        entry = replace(entry, add={**entry.add, "attachments": list(files)})
    ticket = Ticket(identifier, fold([entry]), (entry,))
    message = ticket_message(None, ticket, entry)
    transaction.commit(message, session.who.signed(session.now), [ticket], files)
    return ticket


def untold(settings: Settings, ticket: Ticket) -> str:
    """What is to be said of a requester without an address, on a desk that sends mail; else
    empty."""
    requester = ticket.text("requester")
    if not requester or "@" in requester or not settings.mail.addresses:
        return ""
    return f"'{requester}' has no mail address: no mail tells them anything"


def free_id(session: Session, transaction: Transaction, tickets: int | None = None) -> str:
    """An id that no ticket of the desk has, longer where there are (about) so many tickets."""
    draw = session.entropy
    if tickets is None:
        one = ids.draw(2, draw).lower()
        tickets = transaction.files_in(f"tickets/{one}") * _FOLDERS
    while True:
        identifier = ids.draw_ticket_id(session.settings.prefix, tickets, draw)
        if not transaction.taken(identifier):
            return identifier
