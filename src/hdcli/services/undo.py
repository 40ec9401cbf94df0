"""Taking back one's last action: a new entry that puts the values back, never a lost one.

The commits say what was done: the newest one of the acting agent that has an ``Action`` trailer, is
no undo, and was not undone (``Undoes:`` trailers name what was).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hdcli.errors import Conflict, Refused
from hdcli.model import fields, ids
from hdcli.model.entry import Entry
from hdcli.model.message import commit_message
from hdcli.model.ticket import Ticket, difference, fold, undone
from hdcli.services.actions import Draft
from hdcli.services.session import Session
from hdcli.store.follow import blobs_between
from hdcli.store.transaction import Transaction

_LOOK_BACK = 5000
_FORMAT = (
    "%H%x00%ae%x00%s%x00%(trailers:key=Action,valueonly,separator=%x20)"
    "%x00%(trailers:key=Undoes,valueonly,separator=%x20)"
)


@dataclass(frozen=True, slots=True)
class Done:
    """A commit that was taken back: its id (or ticket), and its subject."""

    id: str
    subject: str


def undo_last(session: Session) -> Done:
    """Takes back the acting agent's last action. Raises Refused, Conflict."""
    return session.write(lambda transaction: _undo(session, transaction))


def _undo(session: Session, transaction: Transaction) -> Done:
    commit, subject = _last_action(session, transaction.base)
    place = session.desk.place
    touched = [path for path, _ in blobs_between(place, f"{commit}^", commit)]
    tickets = [found for path in touched if (found := ids.id_of_path(path))]
    if not tickets:
        _undo_files(session, transaction, commit, subject, touched)
        return Done(commit[:10], subject)
    drafts = [(ticket_id, _draft(session, transaction, ticket_id, commit)) for ticket_id in tickets]
    named = subject.partition(":")[0]
    drafts.sort(key=lambda each: each[0] != named)  # the ticket of the subject leads
    first, rest = drafts[0], drafts[1:]
    others = [
        ticket.with_entry(session.entry(ticket, draft)) for ticket, draft in (d for _, d in rest)
    ]
    ticket, draft = first[1]
    session.record(transaction, ticket, draft, [("Undoes", commit)], others)
    return Done(ticket.id, subject)


def _last_action(session: Session, base: str) -> tuple[str, str]:
    agent = session.settings.agents.get(session.who.handle)
    mine = {email.lower() for email in (agent.emails if agent else ())}
    mine.add(session.who.author[1].lower())
    gone: set[str] = set()
    for commit, email, subject, action, undoes in _history(session, base):
        if undoes:
            gone.add(undoes.strip())
        elif commit in gone or email.lower() not in mine:
            continue
        elif action.strip() in ("init", "import"):
            break
        elif action.strip():
            return commit, subject
    raise Refused("there is no action of yours to take back")


def _history(session: Session, base: str) -> Iterator[tuple[str, str, str, str, str]]:
    lines = session.desk.place.repository.lines(
        "log", f"-{_LOOK_BACK}", "--first-parent", f"--format={_FORMAT}", base
    )
    for line in lines:
        commit, email, subject, action, undoes = (
            line.decode("utf-8", "replace").rstrip("\n").split("\0")
        )
        yield commit, email, subject, action, undoes


def _draft(
    session: Session, transaction: Transaction, ticket_id: str, commit: str
) -> tuple[Ticket, Draft]:
    """The entry that takes back what a commit did to a ticket, if nothing was built upon it."""
    ticket = session.ticket(transaction, ticket_id)
    added = _added_by(session, ticket_id, commit)
    later = [e for e in ticket.log if e.order > added[-1].order and e.id not in undone(ticket.log)]
    later = [e for e in later if not e.undoes]
    if later:
        raise Conflict(
            f"{ticket_id} was worked on since, by {later[-1].by} ({later[-1].action})",
            "set it right with a new action",
        )
    left = [entry for entry in ticket.log if entry.id not in {each.id for each in added}]
    what = added[-1].action
    if not left:  # the ticket itself was this action: it stays, closed
        change = {"status": "closed"}
        return ticket, Draft("undo", change, undoes=added[-1].id, extra={"what": what})
    back = difference(fold(ticket.log), _without(ticket, added))
    return ticket, Draft(
        "undo", back.set, back.add, back.remove, undoes=added[-1].id, extra={"what": what}
    )


def _without(ticket: Ticket, added: list[Entry]) -> dict[str, Any]:
    """The values as they would be without some entries, and without those taken back before."""
    gone = {entry.id for entry in added} | undone(ticket.log)
    values = fold(entry for entry in ticket.log if entry.id not in gone and not entry.undoes)
    return {name: value for name, value in values.items() if name not in fields.DERIVED}


def _added_by(session: Session, ticket_id: str, commit: str) -> list[Entry]:
    from hdcli.store import codec

    objects = session.desk.objects
    path = ids.ticket_path(ticket_id)
    logs = []
    for revision in (f"{commit}^", commit):
        found = objects.read(f"{revision}:{path}")
        logs.append(codec.read_ticket(found[2], path).log if found else ())
    known = {entry.id for entry in logs[0]}
    own = [entry for entry in logs[1] if entry.id not in known and not entry.of]
    if not own:
        raise Refused(f"the last commit on {ticket_id} added no entry", f"git show {commit[:10]}")
    return own


def _undo_files(
    session: Session, transaction: Transaction, commit: str, subject: str, paths: list[str]
) -> None:
    """Settings and other files go back to what they held, unless they changed since."""
    objects = session.desk.objects
    changes: dict[str, bytes | None] = {}
    for path in paths:
        before, after = (objects.read(f"{each}:{path}") for each in (f"{commit}^", commit))
        if transaction.read(path) != (after[2] if after else None):
            raise Conflict(f"{path} was changed since", f"git show {commit[:10]} tells what it was")
        changes[path] = before[2] if before else None
    message = commit_message(
        f"desk: undo {subject.partition(': ')[2]}", "", [("Action", "undo"), ("Undoes", commit)]
    )
    transaction.commit(message, session.who.signed(session.now), files=changes)
