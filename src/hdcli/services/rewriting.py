"""``hd sync --accept-rewrite``: a remote's rewritten history taken over, one's own work kept.

What this clone has and the remote never had is done again upon the new history, commit by commit,
with its author and message; a merge of it is not needed any more. What the rewriting took out of
the history (privacy.md) does not come back: redacted entries win where they meet their originals.
"""

from __future__ import annotations

from contextlib import suppress

from hdcli.errors import BadData, Conflict
from hdcli.model.record import Record
from hdcli.services import otherfiles
from hdcli.services.driver import require_one, texts_entry
from hdcli.services.session import Session
from hdcli.store import codec, divergence, threeway
from hdcli.store.ancestry import is_ancestor
from hdcli.store.divergence import PLAIN, Changed
from hdcli.store.fastimport import Signature
from hdcli.store.joining import Joining
from hdcli.store.remote import Remote
from hdcli.store.threeway import Sides

_FORMAT = "--format=%H%x00%P%x00%an%x00%ae%x00%at%x00%B"


def accept(session: Session, remote: Remote) -> int | None:
    """Moves the desk to the remote's history and does again what only this clone had.

    Gives how many commits that were; None, with nothing done, where nothing was rewritten. Raises
    RemoteFailed, Conflict.
    """
    old = remote.tip()
    remote.fetch(rewritten=True)
    new, desk = remote.tip(), session.desk
    desk.renew()
    repository = desk.place.repository
    if not old or is_ancestor(repository, old, new):
        old = remote.lost(desk.place.head)  # git fetched the rewriting before
    if not old:
        return None

    otherfiles.require_settings(desk, new, remote.name)

    def plan(transaction: Joining) -> int:
        found = divergence.changes(repository, transaction.base, new)
        transaction.advance(new, {path: each.after for path, each in found.items()})
        transaction.level_branches(remote.levels(of=new))
        own = _own(session, transaction.base, old, new)
        for commit in own:
            _again(session, transaction, *commit)
        return len(own)

    return desk.join(plan, session.who.committing(session.now))


def _own(session: Session, ours: str, old: str, new: str) -> list[tuple[str, str, Signature, str]]:
    """The commits that only this clone has, oldest first: parent, commit, author, message."""
    span = (ours, f"^{old}", f"^{new}")
    command = ("log", "-z", "--reverse", "--topo-order", "--no-merges", _FORMAT, *span)
    text = session.desk.place.repository.run(*command).decode("utf-8", "replace")
    parts = text.split("\0")
    found = []
    for commit, parent, name, email, at, message in zip(*[iter(parts)] * 6, strict=False):
        found.append((parent, commit, Signature(name, email, int(at)), message))
    return found


def _again(
    session: Session,
    transaction: Joining,
    parent: str,
    commit: str,
    author: Signature,
    message: str,
) -> None:
    records: list[Record] = []
    files: dict[str, bytes | None] = {}
    base: dict[str, bytes] = {}
    repository = session.desk.place.repository
    for path, change in divergence.changes(repository, parent, commit).items():
        if change.after and change.after.mode != PLAIN:
            raise Conflict(
                f"{path}: a link, program or submodule: {commit[:10]} can't be done again",
                "git rebase --onto the remote's branch does it",
            )
        now = transaction.read(path)
        was, wanted = (_content(session, change, side) for side in ("before", "after"))
        if now == wanted:
            continue
        if now is None or wanted is None or now == was:
            files[path] = wanted if wanted is not None or now == was else now
            continue
        kind = threeway.kind_of(path)
        if kind is not None:
            with suppress(BadData):
                sides = Sides(path, was, now, wanted)
                record, versions = _record(session, kind, sides)
                records.append(record)
                base[path] = threeway.file_of(repository, record, sides, versions)
                continue
        files[path] = _merged(session, Sides(path, was, now, wanted))
    for path in [path for path, data in files.items() if data == transaction.read(path)]:
        del files[path]
    if records or files:
        transaction.commit(message, author, records, files, base)


def _content(session: Session, change: Changed, side: str) -> bytes | None:
    file = change.before if side == "before" else change.after
    found = session.desk.objects.read(file.blob) if file else None
    return found[2] if found and found[1] == "blob" else None


def _record(
    session: Session, kind: type[Record], sides: Sides
) -> tuple[Record, tuple[Record, Record]]:
    """The record of both, and those of each. Raises BadData."""
    now, wanted = (codec.read(kind, data, sides.path) for data in (sides.ours, sides.theirs))
    was = codec.read(kind, sides.base, sides.path) if sides.base else None
    require_one(was, now, wanted)
    both = threeway.records(session.desk.place.repository, was, now, wanted)
    record = both.record
    if both.retexted:
        record = record.with_entry(texts_entry(record, session.who.handle, session.now))
    return record, (now, wanted)


def _merged(session: Session, sides: Sides) -> bytes:
    """Settings by key, any other file by lines; what clashes stays as the remote has it."""
    repository = session.desk.place.repository
    if sides.path.endswith(".yaml"):
        with suppress(BadData):
            data, _ = threeway.document(repository, sides)
            if sides.path == "desk.yaml":
                codec.read_settings(data)
            return data
        return sides.ours
    found = threeway.text(repository, sides)
    return sides.ours if found is None else found
