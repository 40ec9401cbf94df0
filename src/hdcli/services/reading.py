"""The tickets that a query finds: how many, which, and their values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hdcli.model.query import Query
from hdcli.store import condition, listing
from hdcli.store.condition import Where
from hdcli.store.desk import Desk

_PORTION = 400


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of the tickets that a query finds, as far as asked for, and how many there are."""

    desk: Desk
    ids: Sequence[str]
    total: int

    def documents(self) -> Iterator[str]:
        """Their values as JSON text: a file's, without the log.

        Read in portions, between which the cache is free: a slow reader blocks nobody.
        """
        for portion in self.portions():
            yield from portion

    def portions(self) -> Iterator[list[str]]:
        """The same, some hundred at a time."""
        for start in range(0, len(self.ids), _PORTION):
            yield documents(self.desk, self.ids[start : start + _PORTION])


def documents(desk: Desk, ids: Sequence[str]) -> list[str]:
    """The values of some tickets as JSON text, in their order."""
    return desk.cache.ask(lambda db: listing.documents(db, ids))


def wanted(query: Query, now: str, me: str, *, every: bool) -> Where:
    """What a query asks for: open work, unless it names statuses itself or ``every`` is said.

    ``now`` is UTC, ``me`` the asking agent's handle, or empty.
    """
    asked = condition.where(query, now, me)
    return asked if every or condition.names_status(query) else asked.and_open()


def find(desk: Desk, asked: Where, sort: str, limit: int | None) -> Found:
    """The tickets asked for, the first ``limit`` of them (None: all). Raises BadUsage."""
    found = desk.cache.ask(lambda db: listing.ids_of(db, asked, sort, limit))
    whole = limit is None or len(found) < limit
    return Found(desk, found, len(found) if whole else count(desk, asked))


def count(desk: Desk, asked: Where) -> int:
    """How many tickets are asked for."""
    return desk.cache.ask(lambda db: listing.count(db, asked))


def tickets_in_all(desk: Desk) -> int:
    """How many tickets the desk has, whatever their status."""
    return desk.cache.ask(listing.tickets_in_all)
