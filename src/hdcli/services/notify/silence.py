"""Requesters who have heard nothing for long: they are told where things stand, or the agent who
has their ticket is reminded of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from hdcli.model.dates import format_utc
from hdcli.model.heard import heard
from hdcli.services.notify.events import Event, Events
from hdcli.services.notify.planning import key_of
from hdcli.services.session import utc
from hdcli.store import listing
from hdcli.store.condition import Where
from hdcli.store.desk import Desk
from hdcli.store.outbox import Outbox

_HOUR = 3600


def silences(desk: Desk, outbox: Outbox, begin: str, now: int) -> Iterator[Event]:
    """The tickets of whom somebody is to be told, as the desk's ``mail.prompt`` and
    ``mail.progress`` say.

    What was quiet before the sender began (``begin``, UTC) counts from then on; who was told counts
    from there. Out of working hours nobody is.
    """
    mail = desk.settings.mail
    if not desk.settings.hours.is_open(datetime.fromtimestamp(now, UTC)):
        return
    for name, hours in (("agent-quiet", mail.prompt), ("progress", mail.progress)):
        if hours:
            yield from _silent(desk, outbox, name, hours, begin, now)


def _silent(
    desk: Desk, outbox: Outbox, name: str, hours: int, begin: str, now: int
) -> Iterator[Event]:
    moment = datetime.fromtimestamp(now, UTC)
    until = format_utc(desk.settings.hours.before(moment, hours * _HOUR))
    where = Where("quiet != '' AND quiet < :until", {"until": until})
    events = Events(desk)
    for ticket_id in desk.cache.ask(lambda db: listing.ids_of(db, where, "created")):
        told = outbox.last(ticket_id, name)
        ticket = events.ticket(ticket_id)
        if ticket is None or not (silent := heard(ticket)):
            continue
        since = max(silent, utc(told) if told else "")
        if max(since, begin) < until:
            said = since if name == "progress" else silent
            # No commit, nor another such time, may have the same Message-ID.
            yield Event(name, ticket, None, key_of(ticket_id, name, since), since, said)
