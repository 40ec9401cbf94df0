"""``hd edit``: a ticket's values in an editor, as they stand on top of its file."""

from __future__ import annotations

from dataclasses import dataclass

from hdcli.errors import BadData, NotFound
from hdcli.model import ids
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.services import takeup
from hdcli.services.editedtext import Sheet
from hdcli.services.session import Session
from hdcli.store import away, yamlpatch
from hdcli.store.desk import Desk
from hdcli.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Opened:
    """A ticket's file as somebody begins to edit it."""

    ticket_id: str
    file: bytes

    @property
    def text(self) -> bytes:
        """What the editor shows: the values with their comments. The log is not to be edited."""
        return yamlpatch.split(self.file).top


def opened(desk: Desk, ticket_id: str) -> Opened:
    """The file of a ticket, to be edited. Raises NotFound; Conflict where hand edits wait."""
    path = ids.ticket_path(ticket_id)
    data = desk.file(path)
    if data is None:
        raise NotFound(f"no ticket {ticket_id} on this desk")
    away.require_unedited(desk.place.repository, path, data)
    return Opened(ticket_id, data)


def save(session: Session, opened: Opened, typed: bytes, note: str = "") -> str | None:
    """Commits what was changed in the text; gives the commit's subject, None without a change.

    Raises BadData with the line in ``typed``, Conflict where somebody changed the same meanwhile.
    """
    base = opened.file
    text = typed if typed.endswith(b"\n") else typed + b"\n"
    if yamlpatch.split(text).log:
        line = text.count(b"\n", 0, text.index(b"\nlog") + 1) + 1 if b"\nlog" in text else 1
        raise BadData("the log is not edited here: hd note adds to it", opened.ticket_id, line)
    whole = text + yamlpatch.split(base).log
    sheet = Sheet(Ticket, opened.ticket_id, whole, opened.ticket_id, note)

    def plan(transaction: Transaction) -> str | None:
        settings: Settings = session.settings
        done = takeup.edited(session, transaction, settings, base, sheet)
        return done[1] if done else None

    return session.write(plan)
