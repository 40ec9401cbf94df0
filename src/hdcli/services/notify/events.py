"""From commits to events: what was done on tickets, as those who wait for it are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from hdcli.errors import BadData, HdError
from hdcli.model import happening, vetting
from hdcli.model.entry import Entry
from hdcli.model.fold import fold, undone
from hdcli.model.ids import ticket_path
from hdcli.model.ticket import Ticket
from hdcli.store import codec, stream
from hdcli.store.desk import Desk
from hdcli.store.stream import Told

# Their commits change tickets and tell nobody of it.
_SILENT = frozenset(("import", "anonymise", "renumber", "undo", "repair"))


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a ticket as it is now, and the commit that it is known by.

    Where nothing has happened for long there is no ``entry``, and ``commit`` stands for none:
    ``known_by`` tells one such time from another, ``since`` (UTC) is when the requester last heard
    something.
    """

    name: str
    ticket: Ticket
    entry: Entry | None
    commit: str
    known_by: str = ""
    since: str = ""

    @property
    def key(self) -> str:
        """What tells it from every other event of its ticket."""
        return self.entry.id if self.entry else f"{self.name} {self.known_by}"

    @property
    def to_agents(self) -> bool:
        """Whether agents are told, not the requester."""
        return self.name.startswith("agent-")


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that a commit brought: the ticket as it is now, the entry as it is now, the values
    before (nothing: it was the first) and after it."""

    ticket: Ticket
    entry: Entry
    before: dict[str, Any]
    after: dict[str, Any]
    commit: str


class Events:
    """Reads the events of a desk; tickets as they are at the desk's commit."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._tickets: dict[str, Ticket | None] = {}

    def of(self, commits: Iterable[Told]) -> Iterator[Event]:
        """The events of some commits, in their order."""
        for each in self.changes(commits):
            for name in _names(each.before, each.after, each.entry):
                yield Event(name, each.ticket, each.entry, each.commit)

    def changes(self, commits: Iterable[Told]) -> Iterator[Change]:
        """The entries that some commits brought, in their order.

        What was taken back since, or is of a ticket that nobody can read any more, is left out.
        """
        for told in commits:
            if told.action in _SILENT:
                continue
            for ticket_id in told.tickets:
                yield from self._on(told, ticket_id)

    def ticket(self, ticket_id: str) -> Ticket | None:
        """A ticket as it is now; None where it can't be read."""
        if ticket_id not in self._tickets:
            try:
                self._tickets[ticket_id] = self._desk.ticket(ticket_id)
            except HdError:
                self._tickets[ticket_id] = None
        return self._tickets[ticket_id]

    def _on(self, told: Told, ticket_id: str) -> Iterator[Change]:
        now = self.ticket(ticket_id)
        data = stream.versions(self._desk.objects, told, ticket_id)
        old, new = (_read(each, ticket_id) for each in data)
        if now is None or new is None:
            return
        current = {entry.id: entry for entry in now.log}
        gone = undone(now.log)
        for entry in vetting.fresh([old] if old else [], new):
            present = current.get(entry.id)
            if present is None or entry.id in gone:
                continue
            until = [each for each in new.log if each.order < entry.order]
            yield Change(now, present, fold(until), fold([*until, entry]), told.commit)


def _names(before: dict[str, Any], after: dict[str, Any], entry: Entry) -> Iterator[str]:
    if name := happening.for_requester(before, after, entry):
        yield name
    yield from happening.for_agents(before, after, entry)


def _read(data: bytes | None, ticket_id: str) -> Ticket | None:
    try:
        return codec.read_ticket(data, ticket_path(ticket_id)) if data is not None else None
    except BadData:
        return None
