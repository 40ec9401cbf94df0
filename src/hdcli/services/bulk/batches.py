"""Records understood and gathered into batches; the next one may be read while git is at work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from hdcli.errors import HdError
from hdcli.model.ticket import Ticket
from hdcli.services.bulk.incoming import Incoming, Reader, key_of, whole_ticket
from hdcli.services.bulk.naming import Naming
from hdcli.services.bulk.records import Item, Record, Refusal
from hdcli.store.importkeys import ImportKeys

SIZE = 2000
_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Ready:
    """A record understood, and the key that its commit will have."""

    record: Record
    key: str
    what: Incoming | Ticket


@dataclass(frozen=True, slots=True)
class Batch:
    """What goes into one transaction, and what does not; ``end`` is how far the file was read."""

    ready: list[Ready]
    refused: list[Refusal]
    end: int


class Batches:
    """The batches of a file; with ``stop`` the one with the first refusal ends there."""

    def __init__(
        self,
        items: Iterable[Item],
        naming: Naming,
        reader: Reader,
        keys: ImportKeys,
        *,
        stop: bool,
    ) -> None:
        self._items = _by_size(items)
        self._naming = naming
        self._reader = reader
        self._keys = keys
        self._stop = stop
        self._ahead: Batch | None = None
        self._error: Exception | None = None

    def next(self) -> Batch | None:
        """The next batch; None after the last. Raises what reading raises."""
        self.read_ahead()
        if self._error is not None:
            raise self._error
        batch, self._ahead = self._ahead, None
        return batch

    def read_ahead(self) -> None:
        """Makes the next batch ready; what goes wrong is raised when it is asked for."""
        if self._ahead is None and self._error is None:
            try:
                self._ahead = self._understood(next(self._items, None))
            except Exception as error:
                self._error = error

    def _understood(self, items: list[Item] | None) -> Batch | None:
        if items is None:
            return None
        batch = Batch([], [], items[-1].end)
        for item in items:
            found = self._one(item)
            if isinstance(found, Ready):
                batch.ready.append(found)
                continue
            batch.refused.append(found)
            if self._stop:
                break
        return batch

    def _one(self, item: Item) -> Ready | Refusal:
        if isinstance(item, Refusal):
            return item
        try:
            ticket = whole_ticket(item.data)
            if ticket is not None:
                return Ready(item, key_of(ticket.id), ticket)
            data = self._naming.apply(item.data)
            key = self._key(data)
            return Ready(item, key, self._reader.read(data, key))
        except HdError as error:
            return Refusal(item.line, item.raw, str(error), item.end)

    def _key(self, data: dict[str, Any]) -> str:
        """By its reference in another system, else by what it says; equal records get numbers."""
        if data.get("external_id"):
            return key_of(["external", str(data["external_id"])])
        key = key_of(data)
        times = self._keys.met_before(key)
        return key_of(data, times) if times else key


def _by_size(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while batch := list(islice(rest, 1)):
        size = len(batch[0].raw)
        while len(batch) < SIZE and size < _BYTES and (item := next(rest, None)) is not None:
            batch.append(item)
            size += len(item.raw)
        yield batch
