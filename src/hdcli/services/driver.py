"""What git's merge driver does with one file (gitattributes(5)): for pull, rebase, cherry-pick."""

from __future__ import annotations

from contextlib import closing, suppress

from hdcli.errors import BadData, Conflict, HdError
from hdcli.model.entry import Entry
from hdcli.model.fold import stamp
from hdcli.model.merging import Merged, begun_apart, born_twice
from hdcli.model.record import Record
from hdcli.services.session import utc
from hdcli.store import codec, threeway
from hdcli.store.desk import Desk
from hdcli.store.git import Repository
from hdcli.store.identity import git_identity, replayed
from hdcli.store.threeway import Sides


def driven(repository: Repository, sides: Sides, now: int) -> tuple[bytes, list[str]]:
    """The file with both sides' changes, and what there is to say about it.

    ``now`` is in seconds since 1970, UTC. Raises Conflict and BadData for what a person has to
    settle; the file is then to stay as it was.
    """
    kind = threeway.kind_of(sides.path)
    if kind is not None:
        return _record(repository, sides, kind, now)
    if sides.path.endswith(".yaml"):
        data, clashes = threeway.document(repository, sides)
        if sides.path == "desk.yaml":
            codec.read_settings(data)
        return data, [f"{'.'.join(path)} was changed on both sides: kept ours" for path in clashes]
    data_or_none = threeway.text(repository, sides)
    if data_or_none is None:
        raise Conflict("both sides changed the same lines")
    return data_or_none, []


def _record(
    repository: Repository, sides: Sides, kind: type[Record], now: int
) -> tuple[bytes, list[str]]:
    base = None
    if sides.base:
        with suppress(BadData):  # what both sides mended counts
            base = codec.read(kind, sides.base, sides.path)
    ours, theirs = (codec.read(kind, data, sides.path) for data in (sides.ours, sides.theirs))
    if kind.kind.name == "ticket" and born_twice(ours, theirs):
        remedy = "git merge --abort (or rebase --abort), then hd sync gives one of them a new id"
        raise Conflict(f"two tickets were born with the id {ours.id}", remedy)
    require_one(base, ours, theirs)
    both = threeway.records(repository, base, ours, theirs)
    record = both.record
    if both.retexted:
        record = record.with_entry(texts_entry(record, _handle(repository), now))
    return threeway.file_of(repository, record, sides, (ours, theirs)), list(said(both))


def require_one(base: Record | None, ours: Record, theirs: Record) -> None:
    """Raises Conflict where two tickets were written by hand under one id."""
    if ours.kind.name == "ticket" and begun_apart(base, ours, theirs):
        raise Conflict(
            f"{ours.path}: two tickets were written by hand under this id",
            "copy yours to another id (its id: line too), take theirs here (git checkout "
            "origin/main -- FILE), git add and commit both; then again",
        )


def texts_entry(record: Record, by: str, now: int) -> Entry:
    """The entry that says that two versions of an article's texts became these."""
    number, at = stamp(record.log, utc(now))
    return Entry(number, at, by, "edit", text=record.digest)


def said(both: Merged) -> list[str]:
    """What people should know of a merge: edits that were outdone, texts that wait for a choice."""
    name = both.record.id
    lines = [
        f"{name}: {each.counts.by}'s {each.field} counts, not {each.lost.by}'s"
        for each in both.lost
    ]
    if both.clash:
        lines.append(f"{name}: both versions of what two people changed are in its text")
    return lines


def _handle(repository: Repository) -> str:
    """Who the commit will be by: the agent whose address git has, else name and address."""
    who = replayed(repository.git_dir)
    name, email = who or git_identity(repository.work_tree or repository.git_dir)
    with suppress(HdError), closing(Desk.open(repository.work_tree or repository.git_dir)) as desk:
        if agent := desk.settings.agent_by_email(email):
            return agent.handle
    return f"{name} <{email}>"
