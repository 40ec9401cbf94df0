"""What would be sent, before anything is: about a commit, a ticket, an event of one's choice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Any

from hdcli.errors import HdError, NotFound, Refused
from hdcli.model.canned import EVENTS
from hdcli.model.heard import heard
from hdcli.model.settings import NotOnDesk
from hdcli.services.notify import digest, hooks
from hdcli.services.notify.events import Event, Events
from hdcli.services.notify.planning import Planner
from hdcli.store import history, stream
from hdcli.store.desk import Desk
from hdcli.store.history import Span
from hdcli.store.outbox import Notice
from hdcli.store.stream import Told

_SHOWN = ("From", "To", "Reply-To", "Subject")


@dataclass(frozen=True, slots=True)
class Seen:
    """A mail as it is read: its headers, its text, the names of its files."""

    headers: tuple[tuple[str, str], ...]
    text: str
    files: tuple[str, ...]


def seen(content: bytes) -> Seen:
    """A mail that hd wrote, for a person to read."""
    mail = message_from_bytes(content, policy=policy.default)
    body = mail.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    headers = tuple((name, str(mail[name])) for name in _SHOWN if mail[name])
    files = tuple(part.get_filename() or "" for part in mail.iter_attachments())
    return Seen(headers, str(text).replace("\r\n", "\n").rstrip("\n"), files)


def told(notice: Notice) -> Any:
    """What a webhook gets, as the plain data of its JSON."""
    import json

    return json.loads(notice.content)


def preview(desk: Desk, name: str, event: str, now: int) -> list[Notice]:
    """The mails about a ticket (by any beginning of its id: its last commit that is told) or about
    a commit, and what webhooks are told; with ``event``, the mails that would tell of it now.

    Raises NotFound, NotOnDesk, Refused where nobody is told.
    """
    if event and event not in EVENTS:
        raise NotOnDesk("event", event, tuple(EVENTS))
    if event == digest.EVENT:
        raise Refused("a digest is of no ticket", "hd notify digest --dry-run shows it")
    settings = desk.settings
    planner = Planner(desk, now) if settings.mail.addresses or not settings.webhooks else None
    for told, events in _candidates(desk, name, event):
        mails = list(planner.notices(planner.each(events))) if planner else []
        if found := [*mails, *hooks.planned(desk, told, "", now)[0]]:
            return found
    raise Refused(f"nobody is told of {event or name}", "no address is known, or it is no event")


def _candidates(desk: Desk, name: str, event: str) -> Iterator[tuple[list[Told], list[Event]]]:
    """What may be told, the best guess first: a commit, and its events."""
    events = Events(desk)
    try:
        ticket_id = desk.resolve(name)
    except HdError:
        ticket_id = ""
    if not ticket_id:
        told = stream.one(desk.place.repository, name)
        if told is None:
            raise NotFound(f"'{name}' is no ticket, and no commit on one", "hd log shows both")
        yield [] if event else [told], _renamed(list(events.of([told])), event)
        return
    ticket = events.ticket(ticket_id)
    if event and ticket is not None:
        entry = ticket.log[-1] if ticket.log else None
        yield [], [Event(event, ticket, entry, desk.place.head, since=heard(ticket))]
        return
    repository = desk.place.repository
    for commit in history.commits_of(repository, desk.cache, [ticket_id], Span(), whole=False):
        if told := stream.one(repository, commit.id):
            yield [told], list(events.of([told]))


def _renamed(events: list[Event], event: str) -> list[Event]:
    if not event or not events:
        return events
    first = events[0]
    return [Event(event, first.ticket, first.entry, first.commit)]
