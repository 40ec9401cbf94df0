"""Opening, merging and editing tickets: the use cases that are more than one draft."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hdcli.errors import BadUsage, Conflict, Refused
from hdcli.model import fields, ids
from hdcli.model.entry import Entry
from hdcli.model.message import ticket_message
from hdcli.model.schema import MAX_BODY, MAX_TITLE
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket, fold, stamp
from hdcli.services.actions import Draft, value_for
from hdcli.services.session import Session
from hdcli.store.transaction import Transaction

_ADDRESS = re.compile(r"[^\s<>@,;]+@[^\s<>@,;]+")


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
    files: Mapping[str, bytes] = field(default_factory=dict)


def values_of(settings: Settings, request: Request) -> dict[str, Any]:
    """The first values of a request's ticket, checked against the desk.

    Raises NotOnDesk, BadUsage, BadField.
    """
    title = " ".join(request.title.split())
    if not title:
        raise BadUsage("a title is missing", 'hd new "what is wrong"')
    if len(title) > MAX_TITLE:
        raise BadUsage(f"the title is longer than {MAX_TITLE} characters", "put the rest in --body")
    if len(request.body) > MAX_BODY:
        raise BadUsage(f"the body is longer than {MAX_BODY} characters", "attach it as a file")
    impact = request.impact or settings.default_impact
    urgency = request.urgency or settings.default_urgency
    given = {
        "impact": impact,
        "urgency": urgency,
        "category": request.category,
        "team": request.team or settings.default_team,
        "assignee": request.assignee,
        "requester": requester_of(request.requester),
        "channel": request.channel,
        "due": request.due,
        "external_id": request.external_id,
        **request.custom,
    }
    checked = {name: value_for(settings, name, text) for name, text in given.items() if text}
    priority = request.priority or settings.priority_of(impact, urgency)
    return {
        "title": title,
        "status": "open" if request.assignee else "new",
        "level": settings.teams[checked["team"]].level if checked.get("team") else 1,
        "priority": value_for(settings, "priority", priority),
        **checked,
    }


def requester_of(text: str) -> str:
    """A requester in the form ``Name <mail>``, ``mail`` or ``Name``, on one line."""
    clean = " ".join(text.split())
    if "<" in clean or ">" in clean:
        name, _, rest = clean.partition("<")
        address, _, tail = rest.partition(">")
        if not _ADDRESS.fullmatch(address.strip()) or tail.strip():
            raise BadUsage(f"'{clean}' is no requester", 'write "Name <mail@example.org>"')
        return f"{name.strip()} <{address.strip()}>" if name.strip() else address.strip()
    return clean


def first_entry(session: Session, request: Request, values: Mapping[str, Any]) -> Entry:
    """The entry that opens a ticket."""
    add: dict[str, Any] = {}
    if request.tags:
        for tag in request.tags:
            if not fields.TAG.fullmatch(tag):
                raise BadUsage(f"'{tag}' is no tag", "a tag is one word")
        add["tags"] = list(dict.fromkeys(request.tags))
    if request.cc:
        add["cc"] = [requester_of(each) for each in request.cc]
    number, at = stamp((), session.at, session.entropy)
    body = request.body.replace("\r\n", "\n").strip("\n ")
    return Entry(number, at, session.who.handle, "new", values, add, body=body)


def create(session: Session, request: Request, attach: Mapping[str, bytes] | None = None) -> Ticket:
    """A new ticket, in one commit. ``attach`` are files by their own names."""
    from hdcli.services.attachments import stored

    def plan(transaction: Transaction) -> Ticket:
        identifier = free_id(session, transaction)
        values = values_of(session.settings, request)
        entry = first_entry(session, request, values)
        files = stored(identifier, attach or {})
        if files:
            entry = replace(entry, add={**entry.add, "attachments": list(files)})
        ticket = Ticket(identifier, fold([entry]), (entry,))
        message = ticket_message(None, ticket, entry)
        transaction.commit(message, session.who.signed(session.now), [ticket], files)
        return ticket

    return session.write(plan)


def free_id(session: Session, transaction: Transaction, tickets: int = 0) -> str:
    """An id that no ticket of the desk has."""
    while True:
        identifier = ids.draw_ticket_id(session.settings.prefix, tickets, session.entropy)
        if not transaction.taken(identifier):
            return identifier


def merge(session: Session, sources: Sequence[str], target: str, body: str = "") -> list[Ticket]:
    """Duplicates into one ticket: their requesters, tags, files and story follow, they are closed.

    A commit for each source, which changes both files. Raises Refused.
    """

    def plan(transaction: Transaction) -> list[Ticket]:
        done = []
        for source_id in dict.fromkeys(sources):
            into = session.ticket(transaction, target)
            source = session.ticket(transaction, source_id)
            done.append(_merge_one(session, transaction, source, into, body))
        return done

    return session.write(plan)


def _merge_one(
    session: Session, transaction: Transaction, source: Ticket, into: Ticket, body: str
) -> Ticket:
    if source.id == into.id:
        raise Refused(f"{source.id} can't be merged into itself")
    for ticket in (source, into):
        if ticket.text("merged_into"):
            other = ticket.text("merged_into")
            raise Refused(f"{ticket.id} was merged into {other}", f"name {other} instead")
    moved = session.entry(into, _gain(source, into, body))
    story = tuple(
        Entry(e.id, e.at, e.by, e.action, body=e.body, of=e.of or source.id, extra=e.extra)
        for e in source.log
        if e.body
    )
    log = tuple(sorted((*into.log, *story, moved), key=lambda each: each.order))
    after = Ticket(into.id, fold(log), log)
    draft = Draft("merge", {"status": "closed", "merged_into": into.id}, body=body)
    return session.record(transaction, source, draft, [("Into", into.id)], [after])


def _gain(source: Ticket, into: Ticket, body: str) -> Draft:
    people = [source.text("requester"), *source.items("cc")]
    known = {into.text("requester"), *into.items("cc"), ""}
    gains = {
        "cc": [each for each in dict.fromkeys(people) if each not in known],
        "tags": [each for each in source.items("tags") if each not in into.items("tags")],
        "attachments": list(source.items("attachments")),
    }
    add = {name: items for name, items in gains.items() if items}
    return Draft("merge", add=add, merged=source.id)


def link(session: Session, ticket_id: str, draft: Draft, target: str) -> Ticket:
    """A link, or its end; both tickets must exist."""

    def plan(transaction: Transaction) -> Ticket:
        ticket = session.ticket(transaction, ticket_id)
        session.ticket(transaction, target)
        if ticket_id == target:
            raise Refused(f"{ticket_id} can't be linked to itself")
        item = next(iter([*draft.add.get("links", ()), *draft.remove.get("links", ())]))
        there = item in ticket.items("links")
        if draft.remove and not there:
            raise Refused(f"{ticket_id} has no link '{item}'")
        return ticket if draft.add and there else session.record(transaction, ticket, draft)

    return session.write(plan)


def require_unchanged(before: Ticket, now: Ticket) -> None:
    """Raises Conflict when a ticket changed while somebody edited it."""
    if before != now:
        raise Conflict(f"{now.id} was changed by somebody while you edited it")
