"""Somebody calls: who that is, what they have open, and what may help, while one types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from hdcli.model.addressbook import AddressBook
from hdcli.model.person import address
from hdcli.model.plain import plain
from hdcli.model.ticket import Ticket
from hdcli.services import triage
from hdcli.services.triage import Advice
from hdcli.store import addressbook, votes
from hdcli.store import mentions as named
from hdcli.store.desk import Desk
from hdcli.store.votes import Open

_OPEN = 3


@dataclass
class Calls:
    """What is known of a desk's people and tickets."""

    desk: Desk
    _advised: dict[tuple[str, str], Advice] = field(default_factory=dict)

    @cached_property
    def book(self) -> AddressBook:
        """The address book."""
        return addressbook.of_desk(self.desk)

    @cached_property
    def _people(self) -> list[tuple[str, str]]:
        """Everybody known, as they are looked for and as tickets name them: those of the address
        book, then those who asked before, who asked most often first."""
        counted: Counter[str] = Counter()
        called: dict[str, str] = {}
        for who, times in self.desk.cache.ask(named.who_asked):
            counted[address(who)] += times
            called.setdefault(address(who), who)
        there = {address(str(each)): str(each) for each in self.book}
        asked = (called[key] for key, _ in counted.most_common() if key not in there)
        listed = [*there.values(), *asked]
        return [(plain(each), each) for each in listed]

    def people(self, text: str, most: int) -> list[str]:
        """Those whose name or address has every word typed, those that begin so first."""
        words = plain(text).split()
        if not words:
            return []
        found = [each for each in self._people if all(word in each[0] for word in words)]
        found.sort(key=lambda each: not any(p.startswith(words[0]) for p in each[0].split()))
        return [who for _, who in found[:most]]

    def open_of(self, requester: str) -> Sequence[Open]:
        """The open tickets of somebody, the latest first."""
        key = address(requester)
        return self.desk.cache.ask(lambda db: votes.open_of(db, key, _OPEN)) if key else []

    def advice(self, title: str, requester: str) -> Advice:
        """What tickets like it suggest, for a title that is being typed. Raises Busy."""
        key = (title, requester)
        if key not in self._advised:
            values = {"title": title, "status": "new", "level": 1, "requester": requester}
            self._advised[key] = triage.advice(self.desk, Ticket("", values, ()))
        return self._advised[key]
