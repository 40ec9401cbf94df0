"""Tickets that one clone merged into another while a second clone worked on them, after a sync.

What was said there follows to the target. Where two clones merged tickets into each other the
elder one stands, so that none leads nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hdcli.model import ids
from hdcli.model.entry import Entry
from hdcli.model.fold import fold
from hdcli.model.merging import beginning
from hdcli.model.person import address
from hdcli.model.record import Record, hand_edit
from hdcli.model.redaction import is_redacted
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


def behind(ticket: Ticket, find: Find) -> Ticket | None:
    """Where a merged ticket leads, if that lacks something that was written on the ticket."""
    way = _way(ticket, find)
    into = way[-1]
    if len(way) < 2 or into.text("merged_into"):
        return None
    return into if _story(ticket, into) or _late(ticket, into) else None


def carried(session: Session, ticket: Ticket, into: Ticket) -> Ticket:
    """The ticket that another leads to, with what it lacks of what was written on that."""
    log = tuple(sorted((*into.log, *_story(ticket, into)), key=lambda each: each.order))
    after = Ticket(into.id, {**into.values, "updated": fold(log)["updated"]}, log)
    late = _late(ticket, into)
    if not late or hand_edit(into):
        return after
    draft = Draft("merge", add=late, merged=ticket.id)
    return after.with_entry(session.entry(after, draft))


def _story(ticket: Ticket, into: Ticket) -> list[Entry]:
    """What was said on the ticket, without the reason for which it was merged."""
    reasons = {entry.id for entry in ticket.log if entry.set.get("merged_into")}
    return [each for each in relations.story(ticket, into) if each.id not in reasons]


def _late(ticket: Ticket, into: Ticket) -> dict[str, list[str]]:
    """The tags, files and the like that the other ticket never had, nor let go."""
    if any(is_redacted(entry) for entry in ticket.log):
        return {}  # who was taken out comes from nowhere
    heard: dict[str, set[str]] = {}
    for entry in into.log:
        for changes in (entry.add, entry.remove):
            for name, items in changes.items():
                heard.setdefault(name, set()).update(map(_folded(name), items))
        if entry.set.get("requester"):
            heard.setdefault("cc", set()).add(address(str(entry.set["requester"])))
    gained = relations.gain(ticket, into).add
    late = {
        name: [i for i in items if _folded(name)(i) not in heard.get(name, ())]
        for name, items in gained.items()
    }
    return {name: items for name, items in late.items() if items}


def _folded(name: str) -> Callable[[str], str]:
    return address if name == "cc" else str


def _carry(session: Session, ticket: Ticket, into: Ticket, keep: Keep) -> None:
    if _story(ticket, into) or _late(ticket, into):
        keep(carried(session, ticket, into))
    draft = settled(ticket, Draft("merge", {"merged_into": ticket.text("merged_into")}))
    if draft:
        keep(ticket.with_entry(session.entry(ticket, draft)))
