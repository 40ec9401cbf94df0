"""Who solved a ticket and who handed it on: what a log says of its agents' work."""

from __future__ import annotations

from typing import Literal, NamedTuple

from hdcli.model.fields import OPEN_STATUSES
from hdcli.model.fold import undone
from hdcli.model.ticket import Ticket

What = Literal["resolve", "escalate"]


class Deed(NamedTuple):
    """An agent (by handle) solved a ticket, or handed it to a higher level; ``at`` is UTC."""

    what: What
    by: str
    at: str


def deeds(ticket: Ticket) -> list[Deed]:
    """The deeds in a ticket's log, in order, whatever actions they were done by.

    What opened the ticket is none (an import brings solved tickets that the importer did not
    solve), nor is a merge into another, nor what was taken back.
    """
    found: list[Deed] = []
    gone = undone(ticket.log)
    status, level = "", 1
    for entry in ticket.log:
        if entry.of or entry.undoes or entry.id in gone:
            continue
        new_status = entry.set.get("status") or status
        new_level = entry.set.get("level") or level
        merged = bool(entry.set.get("merged_into"))
        if status in OPEN_STATUSES and new_status not in OPEN_STATUSES and not merged:
            found.append(Deed("resolve", entry.by, entry.at))
        if status and new_level > level:
            found.append(Deed("escalate", entry.by, entry.at))
        status, level = new_status, new_level
    return found
