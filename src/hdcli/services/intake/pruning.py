"""Messages that are kept long enough: taken out of the tickets that they came with."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hdcli.errors import Refused
from hdcli.model import mailed
from hdcli.model.dates import format_utc
from hdcli.model.ticket import Ticket
from hdcli.services.actions import Draft
from hdcli.services.intake.keeping import LARGE, WHOLE
from hdcli.services.session import Done, Session
from hdcli.store import arrived
from hdcli.store.transaction import Transaction

_DAY = 86_400
# So many commits go into one transaction.
_TOGETHER = 500


def prune(session: Session, *, dry: bool = False) -> list[Done]:
    """Takes whole messages out that came before ``mail.keep_days``; a commit a ticket.

    What was typed and the files stay. Raises Refused where the desk keeps them for ever.
    """
    limit = format_utc(datetime.fromtimestamp(_limit(session), UTC))
    tickets = session.desk.cache.ask(lambda db: arrived.with_file(db, WHOLE, limit))
    done: list[Done] = []
    for start in range(0, len(tickets), _TOGETHER):
        part = tickets[start : start + _TOGETHER]

        def plan(transaction: Transaction, part: list[str] = part) -> list[Done]:
            found = (_pruned(session, transaction, each, limit) for each in part)
            return [each for each in found if each.changed]

        if dry:
            done += session.desk.rehearse(plan, session.who.committing(session.now))
        else:
            done += session.write(plan)
    return done


def prune_large(session: Session, *, dry: bool = False) -> list[Path]:
    """Deletes what this clone keeps of messages too large for the desk, when it came before the
    same time. Raises Refused, OSError."""
    limit = _limit(session)
    folder = session.desk.place.repository.local / LARGE
    found = [each for each in sorted(folder.glob("*.eml")) if each.stat().st_mtime < limit]
    for each in found if not dry else ():
        each.unlink(missing_ok=True)
    return found


def _limit(session: Session) -> int:
    """Messages that came before are kept no longer."""
    days = session.settings.mail.keep_days
    if not days:
        raise Refused("this desk keeps messages for ever", "hd config mail.keep_days=365")
    return max(0, session.now - days * _DAY)


def _pruned(session: Session, transaction: Transaction, ticket_id: str, limit: str) -> Done:
    ticket = session.ticket(transaction, ticket_id)
    old = _old(ticket, limit)
    if not old:
        return Done(ticket, ticket_id, changed=False)
    draft = Draft("set", remove={"attachments": old}, files=dict.fromkeys(old))
    return Done(session.record(transaction, ticket, draft), ticket_id, changed=True)


def _old(ticket: Ticket, limit: str) -> list[str]:
    """The paths of the messages of a ticket that came before, as its own files."""
    kept = ticket.items("attachments")
    raws = {each.extra.get(mailed.RAW): each.at for each in ticket.log if not each.of}
    return [path for path in kept if path in raws and raws[path] < limit]
