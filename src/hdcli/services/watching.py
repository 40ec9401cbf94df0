"""What changes on a desk, as it happens: commit after commit, whoever makes or brings it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

from hdcli.model.dates import format_utc
from hdcli.model.ids import ID_PATTERN
from hdcli.model.query import Query
from hdcli.services import history
from hdcli.services.history import Event
from hdcli.store import condition, listing
from hdcli.store.ancestry import is_ancestor
from hdcli.store.desk import Desk
from hdcli.store.history import Span

_LOOKED_AT = 200
"""So many events are asked about at a time, of a past that may be long."""


class Watch:
    """A desk, watched from now on.

    With a query only what is done on tickets that match it afterwards; ``me`` is the handle that
    ``mine`` means, or empty.
    """

    def __init__(self, desk: Desk, query: Query | None, me: str) -> None:
        self._desk = desk
        self._query = query
        self._me = me
        self._head = desk.place.head

    def past(self, count: int) -> list[Event]:
        """The last events before now, the oldest first."""
        events = history.events(self._desk, Span(), whole=True)
        found: deque[Event] = deque(islice(self._wanted(events), count))
        found.reverse()
        return list(found)

    def news(self) -> list[Event]:
        """What happened since it was asked last, the oldest first; nothing of a history that was
        rewritten meanwhile."""
        desk, old = self._desk, self._head
        desk.renew()
        self._head = desk.place.head
        if self._head == old or not is_ancestor(desk.place.repository, old, self._head):
            return []
        events = history.events_between(desk, old, self._head, oldest_first=True)
        return list(self._wanted(events))

    def _wanted(self, events: Iterator[Event]) -> Iterator[Event]:
        if self._query is None:
            yield from events
            return
        while portion := list(islice(events, _LOOKED_AT)):
            names = {each.place for each in portion if ID_PATTERN.fullmatch(each.place)}
            asked = condition.where(self._query, format_utc(datetime.now(UTC)), self._me)
            there = self._desk.cache.ask(
                lambda db: listing.matching_of(db, asked, sorted(names))  # noqa: B023
            )
            yield from (each for each in portion if each.place in there)
