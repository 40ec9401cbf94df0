"""Tickets that one clone merged into another while a second clone worked on them, after a sync.

What was said there follows to the target. Where two clones merged tickets into each other the
elder one stands, so that none leads nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hdcli.model import ids
from hdcli.model.fold import fold
from hdcli.model.merging import beginning
from hdcli.model.record import Record
from hdcli.model.ticket import Ticket
from hdcli.services import relations
from hdcli.services.actions import Draft, settled
from hdcli.services.session import Session

Find = Callable[[str], Ticket | None]
Keep = Callable[[Ticket], None]


def along(session: Session, records: Iterable[Record], find: Find, keep: Keep) -> list[str]:
    """Brings what was written on merged tickets to where they went; gives what people should know.

    ``records`` are those that both sides changed; ``find`` gives a ticket as it is so far, ``keep``
    takes one that changed.
    """
    names = [each.id for each in records if isinstance(each, Ticket)]
    remarks = []
    for name in names:
        ticket = find(name)
        way = _way(ticket, find) if ticket else []
        if ticket and way and way[-1].text("merged_into") == ticket.id:
            elder = min(way, key=lambda each: beginning(each).order)
            keep(_standing(session, elder))
            listed = ", ".join(sorted(each.id for each in way))
            remarks.append(f"{listed}: merged into each other; {elder.id} stands")
    for name in names:
        ticket = find(name)
        way = _way(ticket, find) if ticket else []
        if ticket and len(way) > 1 and not way[-1].text("merged_into"):
            _carry(session, ticket, way[-1], keep)
    return remarks


def _way(ticket: Ticket, find: Find) -> list[Ticket]:
    """A ticket, the one that it was merged into, and so on, each once."""
    way: dict[str, Ticket] = {}
    found: Ticket | None = ticket
    while found and found.id not in way:
        way[found.id] = found
        into = found.text("merged_into")
        found = find(into) if ids.ID_PATTERN.fullmatch(into) else None
    return list(way.values())


def _standing(session: Session, ticket: Ticket) -> Ticket:
    """A ticket that is merged into none any more, with the status that it had without that."""
    before = fold(entry for entry in ticket.log if not entry.set.get("merged_into"))
    draft = Draft("reopen", {"merged_into": None, "status": before.get("status")})
    return ticket.with_entry(session.entry(ticket, draft))


def _carry(session: Session, ticket: Ticket, into: Ticket, keep: Keep) -> None:
    story = relations.story(ticket, into)
    if story:
        log = sorted((*into.log, *story), key=lambda each: each.order)
        values = {**into.values, "updated": fold(log)["updated"]}
        keep(Ticket(into.id, values, tuple(log)))
    draft = settled(ticket, Draft("merge", {"merged_into": ticket.text("merged_into")}))
    if draft:
        keep(ticket.with_entry(session.entry(ticket, draft)))
