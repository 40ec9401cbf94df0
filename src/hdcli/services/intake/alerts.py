"""Alerts of a monitoring: a new one opens a ticket, one that repeats is counted there, one that
clears solves it.

What fires again within a day of clearing opens its ticket again; later it opens a new one, linked
to the last. What arrives twice within a minute, word for word, is one alert sent again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hdcli.errors import BadData, HdError
from hdcli.model import ids
from hdcli.model.alerts import Event, events
from hdcli.model.dates import parse_utc
from hdcli.model.entry import Entry
from hdcli.model.fields import OPEN_STATUSES
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.services.actions import Draft, settled
from hdcli.services.intake.requests import Answer
from hdcli.services.rules import Applied, Ruling
from hdcli.services.session import Session
from hdcli.services.tickets import Request, open_in
from hdcli.store import listing
from hdcli.store.transaction import Transaction

ACTION = "alert"
COUNT = "alerts"
"""The value that says how often a ticket's alert has come."""
_AGAIN = 86_400
_SAME = 60


def take_in(session: Session, payloads: Sequence[tuple[int, object]]) -> list[Answer]:
    """Takes in some payloads, each with its number, in one transaction; an answer for each event.

    Raises what keeps a desk from being written; then nothing was done.
    """
    found = [each for number, payload in payloads for each in _understood(number, payload)]
    if not any(isinstance(each, tuple) for each in found):
        return [each for each in found if isinstance(each, Answer)]

    def plan(transaction: Transaction) -> list[Answer]:
        watch = _Watch(session, transaction, Ruling(session))
        return [each if isinstance(each, Answer) else watch.one(*each) for each in found]

    return session.write(plan)


def _understood(number: int, payload: object) -> Iterator[tuple[Answer, Event] | Answer]:
    try:
        found = events(payload)
    except BadData as error:
        found = [error]
    for event in found:
        if isinstance(event, BadData):
            yield Answer(number, error=str(event), code=event.exit_code)
        elif event.ignored:
            yield Answer(number, event.key, outcome="ignored", reason=event.ignored)
        else:
            yield Answer(number, event.key), event


@dataclass
class _Watch:
    """What becomes of events within one transaction; ``known`` are the tickets by event's key."""

    session: Session
    transaction: Transaction
    ruling: Ruling
    known: dict[str, str] = field(default_factory=dict)

    def one(self, answer: Answer, event: Event) -> Answer:
        try:
            return self._done(answer, event)
        except HdError as error:
            return replace(answer, error=str(error), code=error.exit_code)

    def _done(self, answer: Answer, event: Event) -> Answer:
        ticket = self._ticket(event.key)
        is_open = ticket is not None and ticket.status in OPEN_STATUSES
        if not event.firing and not is_open:
            return replace(answer, outcome="ignored", reason="nothing open that it clears")
        if ticket is not None and is_open and self._was_here(ticket, event):
            return replace(answer, id=ticket.id, outcome="known")
        if ticket is not None and not event.firing:
            self._clear(ticket, event)
            return replace(answer, id=ticket.id, outcome="cleared")
        if ticket is not None and (is_open or self._is_late(ticket)):
            self._count(ticket, event)
            return replace(answer, id=ticket.id, outcome="counted" if is_open else "reopened")
        opened = answer.opened(self._open(event, ticket))
        self.known[event.key] = opened.id
        return opened

    def _ticket(self, key: str) -> Ticket | None:
        """The ticket of an alert: one that is open, else the latest."""
        if key in self.known:
            return self.session.current(self.transaction, self.known[key])
        found = self.session.desk.cache.ask(lambda db: listing.by_external(db, key))
        tickets = [self.session.current(self.transaction, each) for each in found]
        tickets.sort(key=lambda each: (each.status in OPEN_STATUSES, each.text("created"), each.id))
        return tickets[-1] if tickets else None

    def _was_here(self, ticket: Ticket, event: Event) -> bool:
        last = _last(ticket)
        if last is None or last.extra.get("event") != _mark(event):
            return False
        return self.session.now - parse_utc(last.at).timestamp() < _SAME

    def _is_late(self, ticket: Ticket) -> bool:
        """Whether it was the alert itself that cleared, not long ago."""
        last = next((e for e in reversed(ticket.log) if e.set.get("status") == "resolved"), None)
        if ticket.status != "resolved" or last is None or last.action != ACTION:
            return False
        return self.session.now - parse_utc(last.at).timestamp() < _AGAIN

    def _clear(self, ticket: Ticket, event: Event) -> None:
        """Solves the ticket, unless it is another's into which that of the alert was merged."""
        body = f"Cleared: {event.body}" if event.body else "Cleared."
        own = ticket.text("external_id") == event.key
        self._record(ticket, event, {"status": "resolved"} if own else {}, body)

    def _count(self, ticket: Ticket, event: Event) -> None:
        count = ticket.values.get(COUNT, 1)
        changes: dict[str, Any] = {COUNT: count + 1 if isinstance(count, int) else 2}
        if ticket.status not in OPEN_STATUSES:
            changes["status"] = "open"
        texts = [e.body for e in ticket.log if e.action in (ACTION, "new") and not e.of]
        said = "" if event.body in texts[:1] + texts[-1:] else event.body
        self._record(ticket, event, changes, said)

    def _record(self, ticket: Ticket, event: Event, changes: dict[str, Any], body: str) -> None:
        draft = Draft(ACTION, changes, body=body, extra={"event": _mark(event)})
        self.session.record(self.transaction, ticket, settled(ticket, draft))

    def _open(self, event: Event, before: Ticket | None) -> Applied:
        settings = self.session.settings
        request = Request(
            title=event.title[:500],
            body=event.body,
            channel="monitoring",
            urgency=_urgency(settings, event.severity),
            external_id=event.key,
        )
        came = event.begun or self.session.at[:10]
        own = replace(self.session, entropy=ids.drawn_from("alert", event.key, came))
        links = [f"relates-to {before.id}"] if before else []
        more = Draft("new", add={"links": links} if links else {}, extra={"event": _mark(event)})
        ticket = open_in(own, self.transaction, request, (), more)
        return self.ruling.apply(own, self.transaction, ticket)


def _last(ticket: Ticket) -> Entry | None:
    return next((entry for entry in reversed(ticket.log) if "event" in entry.extra), None)


def _mark(event: Event) -> str:
    """What tells an event from any other: the same when it is sent again."""
    from hashlib import sha256

    text = "\0".join((event.key, str(event.firing), event.title, event.body, event.begun))
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _urgency(settings: Settings, severity: int) -> str:
    """The desk's word for how bad it is: the highest, the usual one, the lowest."""
    if severity == 1:
        return settings.default_urgency
    return settings.urgencies[-1 if severity else 0]
