"""A ticket's or article's file edited by hand becomes an entry of its log, and a commit.

What counts as edited is what differs between two texts: the file as it was, and as somebody left
it. It is applied to the record as it is by then, so that what others did meanwhile stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from hdcli.errors import BadData, Conflict, Refused
from hdcli.model import fields, workflow
from hdcli.model.article import Article
from hdcli.model.deskcheck import Flaw
from hdcli.model.entry import Entry, Values
from hdcli.model.fold import Change, difference
from hdcli.model.message import commit_message, message_of
from hdcli.model.record import Record, hand_edit
from hdcli.model.record import edited as edited_since
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.services import articles, articlesheets
from hdcli.services.actions import Draft, settled, with_priority
from hdcli.services.editedtext import (
    Sheet,
    require_attached,
    require_fitting,
    require_prefix,
    require_there,
    require_underived,
)
from hdcli.services.session import Session
from hdcli.services.whose import last_readable
from hdcli.store import codec, yamlpatch
from hdcli.store.transaction import Transaction

R = TypeVar("R", bound=Record)


def opened(
    session: Session, transaction: Transaction, settings: Settings, sheet: Sheet[R]
) -> tuple[str, str]:
    """A file that was made by hand becomes a record. Gives its key, and the commit's subject."""
    record, sets = sheet.record(), sheet.kind.kind.sets
    require_prefix(settings, sheet, record)
    if record.log:
        is_ticket = isinstance(record, Ticket)
        remedy = "take the log out" + ", or bring the ticket here with hd import" * is_ticket
        what = "a ticket" if is_ticket else "an article"
        raise sheet.bad(Flaw(("log",), f"{what} made by hand has no log yet", remedy))
    require_underived(sheet, {}, record.values)
    require_fitting(settings, sheet, record, record.values)
    require_attached(transaction, sheet, record, record.items("attachments"))
    values = {n: v for n, v in record.values.items() if n not in sets}
    lists = {n: v for n, v in record.values.items() if n in sets}
    require_there(session, transaction, sheet, record, Change(values, lists, {}))
    text = record.digest if record.texts else ""
    entry = session.entry(record, Draft("new", values, lists, body=sheet.note, text=text))
    after = record.with_entry(entry)
    message = message_of(None, after, entry)
    _commit(session, transaction, after, message, sheet.text)
    return after.id, message.partition("\n")[0]


def edited(
    session: Session, transaction: Transaction, settings: Settings, base: bytes, sheet: Sheet[R]
) -> tuple[str, str] | None:
    """What was changed between ``base`` and the sheet, on the record as it is now.

    Gives the record's key and the commit's subject; None when nothing is to be changed. Raises
    BadData with the line, and Conflict where somebody else changed the same field.
    """
    wanted = sheet.record()
    was = _before(session, transaction, base, wanted)
    added = _added(sheet, was, wanted)
    require_underived(sheet, was.values, wanted.values)
    change = edited_since(was.values, was.digest, wanted)
    fresh = [n for n in change.names if n in wanted.values and n not in was.values]
    require_fitting(settings, sheet, wanted, change.names, fresh)
    require_attached(transaction, sheet, wanted, change.add.get("attachments", ()))
    require_there(session, transaction, sheet, wanted, change)
    now = _now(session, transaction, was, change)
    grown = _grown(_with_texts(session, now, was, wanted, change), added)
    draft = _draft(settings, sheet, now, grown, change)
    text = _rebased(transaction, now, base, sheet.text)
    if draft:
        entry = session.entry(grown, draft)
        after = grown.with_entry(entry)
        message = message_of(grown, after, entry)
    elif added:
        after = grown
        message = message_of(now, after, added[-1])
    elif text != transaction.read(now.path):
        require_underived(sheet, wanted.values, was.values)
        after, message = now, _layout_message(now)
    else:
        return None
    _commit(session, transaction, after, message, text)
    return after.id, message.partition("\n")[0]


def _before(session: Session, transaction: Transaction, base: bytes, wanted: R) -> R:
    """What the editor started from; of a file that was committed broken, its last sound version."""
    kind = type(wanted)
    try:
        return codec.read(kind, base, wanted.path)
    except BadData:
        found = last_readable(session.desk, transaction.base, wanted.path, kind)
        return found or wanted.with_log(wanted.log)


def _added(sheet: Sheet[R], was: R, wanted: R) -> Sequence[Entry]:
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


def _now(session: Session, transaction: Transaction, was: R, change: Change) -> R:
    """The record as it is by now, what git alone committed in its log. Raises Conflict."""
    kind = type(was)
    try:
        current = transaction.record(kind, was.id)
    except BadData:
        return was  # committed broken: the sheet mends it
    if current is None:
        raise Conflict(f"{was.path} is gone by now", f"git log -- {was.path} tells why")
    theirs = difference(was.values, current.values, was.kind).set
    both = [n for n in change.set if n in theirs and theirs[n] != change.set[n]]
    if both:
        last = current.log[-1].by if len(current.log) > len(was.log) else "somebody"
        raise Conflict(f"{was.id}: {last} changed {', '.join(both)} while you edited it")
    return session.absorb(transaction, current) if hand_edit(current) else current


def _with_texts(session: Session, now: R, was: R, wanted: R, change: Change) -> R:
    if not change.text:
        return now
    assert isinstance(now, Article)
    assert isinstance(was, Article)
    assert isinstance(wanted, Article)
    found = articlesheets.with_texts(session, now, was, wanted)
    assert isinstance(found, type(now))
    return found


def _draft(settings: Settings, sheet: Sheet[R], now: R, grown: R, change: Change) -> Draft:
    """The values that the entry has to bring: those edited, as far as the log has them not yet, and
    what follows from them."""
    text = grown.digest if grown.digest != now.digest else ""
    draft = Draft("edit", change.set, change.add, change.remove, text=text)
    if isinstance(now, Ticket) and isinstance(grown, Ticket):
        status = change.set.get("status", now.status)
        try:
            workflow.require_move(now.id, now.status, str(status))
        except Refused as error:
            raise sheet.bad(Flaw(("status",), error.message, error.remedy)) from None
        draft = settled(grown, replace(draft, set=_followed(settings, grown, change.set)))
    elif isinstance(grown, Article):
        draft = articles.settled(grown, draft)
    return replace(draft, body=sheet.note) if draft else draft


def _followed(settings: Settings, ticket: Ticket, changed: Values) -> Values:
    """The values edited, with those that an action would have set besides: the priority of another
    impact or urgency, and what a pending ticket waits for."""
    waits = changed.get("pending", ticket.text("pending"))
    if changed.get("status") == "pending" and not waits:
        changed = {**changed, "pending": fields.WAITS_FOR}
    return with_priority(settings, ticket, changed)


def _grown(now: R, added: Sequence[Entry]) -> R:
    if not added:
        return now
    return now.with_log(sorted((*now.log, *added), key=lambda each: each.order))


def _rebased(transaction: Transaction, now: Record, base: bytes, text: bytes) -> bytes:
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


def _layout_message(record: Record) -> str:
    """The message of a commit that changes comments and layout alone, and so has no entry."""
    name = record.kind.name
    trailers = [(name.capitalize(), record.id), ("Action", "edit")]
    head = record.id if name == "ticket" else f"kb {record.id}"
    return commit_message(f"{head}: edit comments and layout", "", trailers)


def _commit(
    session: Session, transaction: Transaction, after: Record, message: str, text: bytes
) -> None:
    author = session.who.signed(session.now)
    transaction.commit(message, author, [after], base={after.path: text})
