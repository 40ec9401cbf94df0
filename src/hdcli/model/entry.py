"""One item of a ticket's log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hdcli.model import ids

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """What one action did to a ticket.

    ``at`` is UTC, ``2026-11-24T09:12:44Z``; ``by`` an agent's handle or ``Name <mail>``. ``set``
    gives fields new values (None clears one); ``add`` and ``remove`` change the set-like fields, so
    that two people's additions both stay. ``of`` names the ticket that the entry was written on,
    when a merge brought it here; ``undoes`` the entry that this one takes back. ``extra`` holds
    keys that this version does not know, which are kept as they are. ``text`` is the digest of an
    article's texts, when the action changed these.
    """

    id: str
    at: str
    by: str
    action: str
    set: Values = field(default_factory=dict)
    add: Values = field(default_factory=dict)
    remove: Values = field(default_factory=dict)
    body: str = ""
    of: str = ""
    undoes: str = ""
    merged: str = ""
    text: str = ""
    extra: Values = field(default_factory=dict)

    @property
    def order(self) -> tuple[str, int, str]:
        """The place in the log: by time, then by number, then by the random part of the id."""
        return (self.at, ids.entry_number(self.id), self.id)


KEYS = (
    *("id", "at", "by", "action", "of", "undoes", "merged"),
    *("set", "add", "remove", "text", "body"),
)
