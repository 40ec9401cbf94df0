"""Taking back one's last action: a new entry that puts the values back, never a lost one.

The commits say what was done: the newest one of the acting agent that has an ``Action`` trailer, is
no undo, and was not undone (``Undoes:`` trailers name what was).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hdcli.errors import Conflict, Refused
from hdcli.model import ids
from hdcli.model.entry import Entry
from hdcli.model.message import commit_message
from hdcli.model.ticket import Ticket, difference, fold, undone
from hdcli.services.actions import Draft
from hdcli.services.attachments import folder_of
from hdcli.services.session import Session
from hdcli.store.follow import blobs_between
from hdcli.store.transaction import Transaction

# What brings tickets or the desk itself into being, wholesale.
_FOUNDATIONS = ("init", "import")
_FORMAT = (
    "%H%x00%ae%x00%s%x00%(trailers:key=Action,valueonly,separator=%x20)"
    "%x00%(trailers:key=Undoes,valueonly,separator=%x20)"
)


@dataclass(frozen=True, slots=True)
class Undone:
    """A commit that was taken back: its ticket (or short id), and its subject."""

    id: str
    subject: str


def undo_last(session: Session) -> list[Undone]:
    """Takes back the acting agent's last action on the desk. Raises Refused, Conflict."""
    return session.write(
        lambda transaction: [_undo(session, transaction, *_last_action(session, transaction.base))]
    )


def undo_on(session: Session, ticket_ids: Sequence[str]) -> list[Undone]:
    """Takes back their last action on each ticket, all or none. Raises Refused, Conflict.

    One that two of the tickets have in common (a merge) is taken back once.
    """

    def plan(transaction: Transaction) -> list[Undone]:
        last = dict(_last_action(session, transaction.base, each) for each in ticket_ids)
        return [_undo(session, transaction, *each) for each in last.items()]

    return session.write(plan)


def _undo(session: Session, transaction: Transaction, commit: str, subject: str) -> Undone:
    touched = [path for path, _ in blobs_between(session.desk.place, f"{commit}^", commit)]
    tickets = [found for path in touched if (found := ids.id_of_path(path))]
    if not tickets:
        _undo_files(session, transaction, commit, subject, touched)
        return Undone(commit[:10], subject)
    tickets.sort(key=lambda each: each != subject.partition(":")[0])  # the subject's leads
    drafts = [_draft(session, transaction, each, commit) for each in tickets]
    others = [ticket.with_entry(session.entry(ticket, draft)) for ticket, draft in drafts[1:]]
    ticket, draft = drafts[0]
    session.record(transaction, ticket, draft, [("Undoes", commit)], others)
    return Undone(ticket.id, subject)


def _last_action(session: Session, base: str, ticket_id: str = "") -> tuple[str, str]:
    agent = session.settings.agents.get(session.who.handle)
    mine = {email.lower() for email in (agent.emails if agent else ())}
    mine.add(session.who.author[1].lower())
    gone: set[str] = set()
    where = f" on {ticket_id}" if ticket_id else ""
    for commit, email, subject, action, undoes in _history(session, base, ticket_id):
        if undoes:
            gone.add(undoes)
        elif commit in gone or email.lower() not in mine or not action:
            continue
        elif action in _FOUNDATIONS:
            raise Refused(f"your last action{where} is '{subject}', which is not taken back")
        else:
            return commit, subject
    raise Refused(f"there is no action of yours{where} to take back")


def _history(
    session: Session, base: str, ticket_id: str
) -> Iterator[tuple[str, str, str, str, str]]:
    paths = [ids.ticket_path(ticket_id)] if ticket_id else []
    lines = session.desk.place.repository.lines(
        "log", "--no-mailmap", f"--format={_FORMAT}", base, "--", *paths
    )
    for line in lines:
        parts = line.decode("utf-8", "replace").rstrip("\n").split("\0")
        commit, email, subject, action, undoes = (part.strip() for part in parts)
        yield commit, email, subject, action, undoes


def _draft(
    session: Session, transaction: Transaction, ticket_id: str, commit: str
) -> tuple[Ticket, Draft]:
    """The entry that takes back what a commit did to a ticket, if nothing was built upon it."""
    ticket = session.ticket(transaction, ticket_id)
    before, after = (_log_at(session, ticket_id, each) for each in (f"{commit}^", commit))
    known, then = {entry.id for entry in before}, {entry.id for entry in after}
    added = [entry for entry in after if entry.id not in known and not entry.of]
    if not added:
        raise Refused(f"the last commit on {ticket_id} added no entry", f"git show {commit[:10]}")
    gone = undone(ticket.log)
    later = [e for e in ticket.log if not (e.id in then or e.of or e.undoes or e.id in gone)]
    if later:
        raise Conflict(
            f"{ticket_id} was worked on since, by {later[-1].by} ({later[-1].action})",
            "set it right with a new action",
        )
    last = added[-1]
    extra = {"what": last.action}
    if not any(not entry.of for entry in before):  # the ticket itself: it stays, closed
        return ticket, Draft("undo", {"status": "closed"}, undoes=last.id, extra=extra)
    # All that came after was taken back, so what was before is what it goes back to.
    back = difference(ticket.values, fold(before))
    files = dict.fromkeys(
        path for path in back.remove.get("attachments", ()) if path.startswith(folder_of(ticket_id))
    )
    return ticket, Draft(
        "undo", back.set, back.add, back.remove, undoes=last.id, extra=extra, files=files
    )


def _log_at(session: Session, ticket_id: str, revision: str) -> tuple[Entry, ...]:
    from hdcli.store import codec

    path = ids.ticket_path(ticket_id)
    found = session.desk.objects.read(f"{revision}:{path}")
    return codec.read_ticket(found[2], path).log if found else ()


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
