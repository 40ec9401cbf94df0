"""Taking back one's last action: a new entry that puts the values back, never a lost one.

The commits say what was done: the newest one of the acting agent that has an ``Action`` trailer, is
no undo, and was not undone (``Undoes:`` trailers name what was).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from hdcli.errors import Conflict, Refused
from hdcli.model.article import Article
from hdcli.model.fold import difference, fold, undone
from hdcli.model.message import commit_message
from hdcli.model.record import Record
from hdcli.model.ticket import Ticket
from hdcli.services.actions import Draft
from hdcli.services.attachments import folder_of
from hdcli.services.naming import Named, of_path
from hdcli.services.session import Session
from hdcli.store import partial
from hdcli.store.follow import blobs_between
from hdcli.store.transaction import Transaction

R = TypeVar("R", bound=Record)
# What brings tickets or the desk itself into being, wholesale, or takes a person out for good.
_FOUNDATIONS = ("init", "import", "anonymise")
_MORE = "git fetch --unshallow brings what was before"
_FORMAT = (
    "%H%x00%ae%x00%s%x00%(trailers:key=Action,valueonly,unfold,separator=%x20)"
    "%x00%(trailers:key=Undoes,valueonly,unfold,separator=%x20)"
)


@dataclass(frozen=True, slots=True)
class Undone:
    """A commit that was taken back: its ticket or article (or short id), and its subject."""

    id: str
    subject: str


def undo_last(session: Session) -> list[Undone]:
    """Takes back the acting agent's last action on the desk. Raises Refused, Conflict."""
    return session.write(
        lambda transaction: [_undo(session, transaction, *_last_action(session, transaction.base))]
    )


def undo_on(session: Session, records: Sequence[Named]) -> list[Undone]:
    """Takes back their last action on each record, all or none. Raises Refused, Conflict.

    One that two of them have in common (a merge) is taken back once.
    """

    def plan(transaction: Transaction) -> list[Undone]:
        last = dict(_last_action(session, transaction.base, each) for each in records)
        return [_undo(session, transaction, *each) for each in last.items()]

    return session.write(plan)


def _undo(session: Session, transaction: Transaction, commit: str, subject: str) -> Undone:
    touched = [path for path, _ in blobs_between(session.desk.place, f"{commit}^", commit)]
    records = [found for path in touched if (found := of_path(path))]
    if not records:
        _undo_files(session, transaction, commit, subject, touched)
        return Undone(commit[:10], subject)
    head = subject.partition(":")[0].removeprefix("kb ")
    records.sort(key=lambda each: each[1] != head)  # the subject's leads
    drafts = [_draft(session, transaction, kind, key, commit) for kind, key in records]
    others = [each.with_entry(session.entry(each, draft)) for each, draft in drafts[1:]]
    record, draft = drafts[0]
    session.record(transaction, record, draft, [("Undoes", commit)], others)
    return Undone(record.id, subject)


def _last_action(session: Session, base: str, on: Named | None = None) -> tuple[str, str]:
    agent = session.settings.agents.get(session.who.handle)
    mine = {email.lower() for email in (agent.emails if agent else ())}
    mine.add(session.who.author[1].lower())
    gone: set[str] = set()
    first = partial.first_commits(session.desk.place.repository)
    where = f" on {on.key}" if on else ""
    for commit, email, subject, action, undoes in _history(session, base, on):
        if undoes:
            gone.add(undoes)
        elif commit in gone or email.lower() not in mine or not action:
            continue
        elif action in _FOUNDATIONS:
            raise Refused(f"your last action{where} is '{subject}', which is not taken back")
        elif commit in first:
            raise Refused(f"'{subject}' is where this shallow clone begins", _MORE)
        else:
            return commit, subject
    raise Refused(f"there is no action of yours{where} to take back", _MORE if first else "")


def _history(
    session: Session, base: str, on: Named | None
) -> Iterator[tuple[str, str, str, str, str]]:
    paths = [on.kind.kind.place(on.key)] if on else []
    lines = session.desk.place.repository.lines(
        "log", "--no-mailmap", f"--format={_FORMAT}", base, "--", *paths
    )
    for line in lines:
        parts = line.decode("utf-8", "replace").rstrip("\n").split("\0")
        commit, email, subject, action, undoes = (part.strip() for part in parts)
        yield commit, email, subject, action, undoes


def _draft(
    session: Session, transaction: Transaction, kind: type[R], key: str, commit: str
) -> tuple[R, Draft]:
    """The entry that takes back what a commit did to a record, if nothing was built upon it.

    Gives the record with the texts that it had before.
    """
    record = _current(session, transaction, kind, key)
    before, after = (_at(session, kind, key, each) for each in (f"{commit}^", commit))
    old, new = (each.log if each else () for each in (before, after))
    known, then = {entry.id for entry in old}, {entry.id for entry in new}
    added = [entry for entry in new if entry.id not in known and not entry.of]
    if not added:
        raise Refused(f"the last commit on {key} added no entry", f"git show {commit[:10]}")
    gone = undone(record.log)
    later = [e for e in record.log if not (e.id in then or e.of or e.undoes or e.id in gone)]
    if later:
        raise Conflict(
            f"{key} was worked on since, by {later[-1].by} ({later[-1].action})",
            "set it right with a new action",
        )
    last = added[-1]
    extra = {"what": last.action}
    if before is None or all(entry.of for entry in old):  # the record itself: it stays, ended
        end = {"state": "archived"} if kind is Article else {"status": "closed"}
        return record, Draft("undo", end, undoes=last.id, extra=extra)
    # All that came after was taken back, so what was before is what it goes back to.
    back = difference(record.values, fold(old, record.kind), record.kind)
    files = dict.fromkeys(
        path for path in back.remove.get("attachments", ()) if path.startswith(folder_of(key))
    )
    draft = Draft("undo", back.set, back.add, back.remove, undoes=last.id, extra=extra, files=files)
    if isinstance(record, Article) and isinstance(before, Article):
        text = before.digest if before.digest != record.digest else ""
        return replace(record, body=before.body, steps=before.steps), replace(draft, text=text)
    return record, draft


def _current(session: Session, transaction: Transaction, kind: type[R], key: str) -> R:
    found: Record
    if kind is Ticket:
        found = session.ticket(transaction, key)
    else:
        found = session.article(transaction, key)
    assert isinstance(found, kind)
    return found


def _at(session: Session, kind: type[R], key: str, revision: str) -> R | None:
    from hdcli.store import codec

    path = kind.kind.place(key)
    found = session.desk.objects.read(f"{revision}:{path}")
    return codec.read(kind, found[2], path) if found else None


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
