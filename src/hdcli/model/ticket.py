"""A ticket: what somebody asks for, and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hdcli.model.fields import TICKET
from hdcli.model.kind import Kind
from hdcli.model.record import Record


@dataclass(frozen=True, slots=True)
class Ticket(Record):
    """A ticket as its file has it. ``values`` are those on top, without ``id`` and ``log``."""

    kind: ClassVar[Kind] = TICKET

    @property
    def status(self) -> str:
        return str(self.values.get("status", "new"))

    @property
    def level(self) -> int:
        return int(self.values.get("level", 1))

    @property
    def description(self) -> str:
        """What the requester first said: the body of the first entry."""
        own = next((entry for entry in self.log if not entry.of), None)
        return own.body if own else ""
