"""Whether a ticket that can be read is also right: its values against its log and the desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hdcli.model import fields
from hdcli.model.deskcheck import flaws, unknown
from hdcli.model.finding import Repair, Severity
from hdcli.model.fold import difference, fold
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket

Path = tuple[str | int, ...]


class Remark(NamedTuple):
    """A finding within a ticket; ``path`` leads to the value that it is about."""

    severity: Severity
    path: Path
    message: str
    remedy: str = ""
    repair: Repair = ""


def remarks(ticket: Ticket, settings: Settings, now: str) -> Iterator[Remark]:
    """What is to be said about a ticket. ``now`` is UTC, as it is stored."""
    yield from _against_its_log(ticket)
    yield from _of_its_log(ticket, now)
    for flaw in flaws(settings, ticket.id, ticket.values, ticket.values):
        yield Remark("warning", flaw.path, flaw.message, flaw.remedy)
    for flaw in unknown(settings, ticket.values):
        yield Remark("note", flaw.path, flaw.message, flaw.remedy)


def _against_its_log(ticket: Ticket) -> Iterator[Remark]:
    values = fold(ticket.log)
    edit = difference(values, ticket.values)
    if edit:
        first = edit.names[0]
        message = f"edited by hand, not in the log yet: {', '.join(edit.names)}"
        yield Remark("note", (first,), message, "hd commit takes it in", "absorb")
        return
    for name in sorted(fields.DERIVED):
        if values.get(name) != ticket.values.get(name):
            message = f"'{name}' is not what the log says: {values.get(name) or 'nothing'}"
            yield Remark("warning", (name,), message, "hd fsck --repair", "refold")


def _of_its_log(ticket: Ticket, now: str) -> Iterator[Remark]:
    known = {entry.id for entry in ticket.log}
    for entry in ticket.log:
        if entry.at > now:
            message = f"entry {entry.id} is from the future: {entry.at}"
            yield Remark("warning", ("log", entry.id), message, "a clock was wrong; it will pass")
        if entry.undoes and entry.undoes not in known:
            message = f"entry {entry.id} takes back {entry.undoes}, which is not in the log"
            yield Remark("error", ("log", entry.id), message, f"git log -p -- {ticket.path}")
    own = [entry for entry in ticket.log if not entry.of]
    for entry in own[1:]:
        if entry.action == "new":
            message = f"entry {entry.id} opens the ticket a second time"
            yield Remark("warning", ("log", entry.id), message, f"git log -p -- {ticket.path}")
