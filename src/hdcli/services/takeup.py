"""A ticket's file edited by hand becomes an entry of its log, and a commit.

What counts as edited is what differs between two texts: the file as it was, and as somebody left
it. It is applied to the ticket as it is by then, so that what others did meanwhile stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hdcli.errors import BadData, Conflict, NotFound, Refused
from hdcli.model import fields, ids, workflow
from hdcli.model.deskcheck import Flaw, flaws, unknown
from hdcli.model.entry import Entry, Values
from hdcli.model.message import commit_message, ticket_message
from hdcli.model.settings import Settings
from hdcli.model.ticket import Change, Ticket, difference, fold
from hdcli.services.actions import Draft, settled
from hdcli.services.session import Session
from hdcli.services.whose import last_readable
from hdcli.store import codec, yamlpatch
from hdcli.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Sheet:
    """An edited text: its ticket, the name and the lines that errors refer to, a word about it."""

    ticket_id: str
    text: bytes
    where: str
    note: str = ""

    def bad(self, flaw: Flaw) -> BadData:
        """A flaw as an error that names the line."""
        line = codec.line_of(self.text, self.where, flaw.path)
        return BadData(flaw.message, self.where, line, flaw.remedy)

    def ticket(self) -> Ticket:
        """The ticket in it. Raises BadData."""
        found = codec.read_ticket(self.text, self.where)
        if found.id != self.ticket_id:
            message = f"the id in it is {found.id}, its place is that of {self.ticket_id}"
            raise self.bad(Flaw(("id",), message, "ids stay as they are"))
        return found


def opened(
    session: Session, transaction: Transaction, settings: Settings, sheet: Sheet
) -> tuple[str, str]:
    """A file that was made by hand becomes a ticket. Gives its id, and the commit's subject."""
    ticket = sheet.ticket()
    prefix = ticket.id.partition("-")[0]
    if prefix != settings.prefix:
        message = f"its id begins with {prefix}, those of this desk with {settings.prefix}"
        raise sheet.bad(Flaw(("id",), message, "give it an id of this desk"))
    if ticket.log:
        remedy = "take the log out, or bring the ticket here with hd import"
        raise sheet.bad(Flaw(("log",), "a ticket made by hand has no log yet", remedy))
    _require_underived(sheet, {}, ticket.values)
    _require_fitting(settings, sheet, ticket, ticket.values)
    _require_attached(transaction, sheet, ticket, ticket.items("attachments"))
    _require_linked(session, transaction, sheet, ticket, ticket.values)
    values = {n: v for n, v in ticket.values.items() if n not in fields.SETS}
    lists = {n: v for n, v in ticket.values.items() if n in fields.SETS}
    entry = session.entry(ticket, Draft("new", values, lists, body=sheet.note))
    after = ticket.with_entry(entry)
    message = ticket_message(None, after, entry)
    _commit(session, transaction, after, message, sheet.text)
    return after.id, message.partition("\n")[0]


def edited(
    session: Session, transaction: Transaction, settings: Settings, base: bytes, sheet: Sheet
) -> tuple[str, str] | None:
    """What was changed between ``base`` and the sheet, on the ticket as it is now.

    Gives the ticket's id and the commit's subject; None when nothing is to be changed. Raises
    BadData with the line, and Conflict where somebody else changed the same field.
    """
    wanted = sheet.ticket()
    was = _before(session, transaction, base, wanted)
    added = _added(sheet, was, wanted)
    _require_underived(sheet, was.values, wanted.values)
    change = difference(was.values, wanted.values)
    fresh = [n for n in change.names if n not in was.values]
    _require_fitting(settings, sheet, wanted, change.names, fresh)
    _require_attached(transaction, sheet, wanted, change.add.get("attachments", ()))
    _require_linked(session, transaction, sheet, wanted, {**change.set, **change.add})
    now = _now(session, transaction, was, change)
    draft = _draft(sheet, now, added, change)
    text = _rebased(transaction, now, base, sheet.text)
    grown = _grown(now, added)
    if draft:
        entry = session.entry(grown, draft)
        after = grown.with_entry(entry)
        message = ticket_message(grown, after, entry)
    elif added:
        after = grown
        message = ticket_message(now, after, added[-1])
    elif text != transaction.read(now.path):
        _require_underived(sheet, wanted.values, was.values)
        after, message = now, _layout_message(now)
    else:
        return None
    _commit(session, transaction, after, message, text)
    return after.id, message.partition("\n")[0]


def _before(session: Session, transaction: Transaction, base: bytes, wanted: Ticket) -> Ticket:
    """What the editor started from; of a file that was committed broken, its last sound version."""
    try:
        return codec.read_ticket(base, wanted.path)
    except BadData:
        found = last_readable(session.desk, transaction.base, wanted.path)
        return found or Ticket(wanted.id, fold(wanted.log), wanted.log)


def _added(sheet: Sheet, was: Ticket, wanted: Ticket) -> Sequence[Entry]:
    """The entries that the sheet's log has more; the others must be there as they were.

    Entries may come by hand as they come by a merge: from another clone, whole.
    """
    present = {entry.id: entry for entry in wanted.log}
    remedy = "a log only grows: put it back as it was, git diff shows it"
    for entry in was.log:
        if entry.id not in present:
            message = f"entry {entry.id} was taken out of the log"
            raise sheet.bad(Flaw(("log",), message, remedy))
        if present[entry.id] != entry:
            place = codec.place_of_entry(sheet.text, sheet.where, entry.id)
            message = f"entry {entry.id} of the log was changed"
            raise sheet.bad(Flaw(("log", place), message, remedy))
    known = {entry.id for entry in was.log}
    return tuple(entry for entry in wanted.log if entry.id not in known)


def _require_underived(sheet: Sheet, was: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    for name in fields.DERIVED:
        if name in wanted and wanted[name] != was.get(name):
            message = f"'{name}' is not edited: it follows from the log"
            raise sheet.bad(Flaw((name,), message, "put it back, or take it out"))


def _require_fitting(
    settings: Settings,
    sheet: Sheet,
    ticket: Ticket,
    names: Iterable[str],
    fresh: Iterable[str] | None = None,
) -> None:
    """Raises BadData for the first value, of those named, that does not fit the desk."""
    known = list(names)
    looked_at = [*known, "team"] if "level" in known and "team" not in known else known
    found = unknown(settings, known if fresh is None else fresh)
    found += flaws(settings, ticket.id, ticket.values, looked_at)
    if found:
        raise sheet.bad(found[0])


def _require_attached(
    transaction: Transaction, sheet: Sheet, ticket: Ticket, paths: Iterable[str]
) -> None:
    for path in paths:
        if not transaction.has(path):
            place = ticket.items("attachments").index(path)
            remedy = f"hd attach {ticket.id} FILE puts a file on the ticket"
            raise sheet.bad(Flaw(("attachments", place), f"there is no file {path}", remedy))


def _require_linked(
    session: Session, transaction: Transaction, sheet: Sheet, ticket: Ticket, changed: Values
) -> None:
    """Raises BadData for the first link, or merge, that leads to no ticket."""
    links = [(("links", ticket.items("links").index(e)), e) for e in changed.get("links", ())]
    paths = [*links, (("merged_into",), changed.get("merged_into") or "")]
    for path, text in paths:
        target = text.rpartition(" ")[2]
        if not target or transaction.has(ids.ticket_path(target)):
            continue
        try:
            session.desk.resolve(target)
        except NotFound as error:
            raise sheet.bad(Flaw(path, error.message, error.remedy)) from None


def _now(session: Session, transaction: Transaction, was: Ticket, change: Change) -> Ticket:
    """The ticket as it is by now, what git alone committed in its log. Raises Conflict."""
    try:
        current = transaction.ticket(was.id)
    except BadData:
        return was  # committed broken: the sheet mends it
    if current is None:
        raise Conflict(f"{was.path} is gone by now", f"git log -- {was.path} tells why")
    theirs = difference(was.values, current.values).set
    both = [n for n in change.set if n in theirs and theirs[n] != change.set[n]]
    if both:
        last = current.log[-1].by if len(current.log) > len(was.log) else "somebody"
        raise Conflict(f"{was.id}: {last} changed {', '.join(both)} while you edited it")
    return session.ticket(transaction, was.id)


def _draft(sheet: Sheet, now: Ticket, added: Sequence[Entry], change: Change) -> Draft:
    """The values that the entry has to bring: those edited, as far as the log has them not yet."""
    grown = _grown(now, added)
    status = change.set.get("status", now.status)
    try:
        workflow.require_move(now.id, now.status, str(status))
    except Refused as error:
        raise sheet.bad(Flaw(("status",), error.message, error.remedy)) from None
    draft = settled(grown, Draft("edit", change.set, change.add, change.remove))
    if not draft:
        return draft
    return Draft("edit", draft.set, draft.add, draft.remove, body=sheet.note)


def _grown(now: Ticket, added: Sequence[Entry]) -> Ticket:
    if not added:
        return now
    log = tuple(sorted((*now.log, *added), key=lambda each: each.order))
    return Ticket(now.id, fold(log), log)


def _rebased(transaction: Transaction, now: Ticket, base: bytes, text: bytes) -> bytes:
    """The text to write upon: the sheet, with the present log where that grew meanwhile.

    Where others changed comments and the sheet did not, theirs.
    """
    current = transaction.read(now.path)
    if current is None or current == base:
        return text
    before, typed, present = (yamlpatch.split(each) for each in (base, text, current))
    comments = [yamlpatch.comments(each.top) for each in (before, typed, present)]
    if comments[0] == comments[1] != comments[2]:
        return current
    return typed.top + present.log


def _layout_message(ticket: Ticket) -> str:
    """The message of a commit that changes comments and layout alone, and so has no entry."""
    trailers = [("Ticket", ticket.id), ("Action", "edit")]
    return commit_message(f"{ticket.id}: edit comments and layout", "", trailers)


def _commit(
    session: Session, transaction: Transaction, after: Ticket, message: str, text: bytes
) -> None:
    author = session.who.signed(session.now)
    transaction.commit(message, author, [after], base={after.path: text})
