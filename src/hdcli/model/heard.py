"""When a requester last heard of their request: what ``quiet:>8h`` counts from."""

from __future__ import annotations

from hdcli.model import mailed
from hdcli.model.entry import Entry
from hdcli.model.fields import OPEN_STATUSES, WAITS_FOR
from hdcli.model.fold import undone
from hdcli.model.ticket import Ticket

_TELLING = frozenset(("reply", "escalate", "resolve", "reopen", "close", "pend"))


def heard(ticket: Ticket) -> str:
    """The time (UTC) of the last word that the requester got, else of their request.

    Empty where nobody waits for one: the ticket is solved, or waits for the requester.
    """
    waits = ticket.status == "pending" and ticket.text("pending") in ("", WAITS_FOR)
    if ticket.status not in OPEN_STATUSES or waits:
        return ""
    gone = undone(ticket.log)
    told = (e.at for e in reversed(ticket.log) if _tells(e) and e.id not in gone)
    return next(told, ticket.text("created"))


def _tells(entry: Entry) -> bool:
    if entry.of or entry.action not in _TELLING or mailed.sender(entry):
        return False
    waits_for = entry.set.get("pending", WAITS_FOR)
    return entry.action != "pend" or waits_for == WAITS_FOR
