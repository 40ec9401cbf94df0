"""After a crash: what a stopped writer began is finished, or was never begun.

The branch decides. Where it is still at the journal's commit, nothing happened; else work tree,
index and level branches are brought to where it is.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from hdcli.errors import BadData, Conflict, HdError
from hdcli.model import ids
from hdcli.store import codec, follow, journal, refs, worktree
from hdcli.store.git import Objects, Place, Repository
from hdcli.store.lock import lock_unless_at_work


def if_needed(place: Place) -> None:
    """Finishes a dead writer's work; does nothing while a writer lives, or without a journal."""
    if not journal.path(place.repository.local).exists():
        return
    # A reader on a desk that can't be written to reads on; the next writer recovers.
    with (
        suppress(HdError, OSError),
        lock_unless_at_work(place.repository.local) as descriptor,
    ):
        if descriptor is not None:
            run(place.repository, (descriptor,))


def run(repository: Repository, keep: Sequence[int]) -> None:
    """The same, with the lock held: ``keep`` is its descriptor, which every writing git inherits.

    Raises Busy, NotADesk, GitFailed; then the journal stays.
    """
    if not journal.path(repository.local).exists():
        return
    intent = journal.read(repository.local)
    if intent is not None:
        repository = _seen_by(intent, repository)
    follow.release_index(repository)
    follow.discard(repository)
    refs.clear_stale_locks(repository)
    if intent is not None:
        tip = repository.text("rev-parse", "--revs-only", f"refs/heads/{intent.branch}")
        if tip not in ("", intent.old):
            _bring_forward(Place(repository, intent.branch, tip, ""), intent.old, keep)
    journal.clear(repository.local)


def _seen_by(intent: journal.Intent, repository: Repository) -> Repository:
    """The repository with the work tree that was written to; with none where that is gone.

    A desk that was moved or copied has a journal that names another place: never its own again.
    """
    common = repository.common_dir
    if intent.git_dir.is_dir() and common in (intent.git_dir, intent.git_dir.parent.parent):
        return intent.place_in(repository)
    if intent.git_dir.parent.name != "worktrees" and repository.git_dir == common:
        return repository
    return replace(repository, git_dir=common, work_tree=None)


def _bring_forward(place: Place, old: str, keep: Sequence[int]) -> None:
    with Objects(place.repository) as objects:
        if objects.read(old, limit=0) is None:
            return  # a journal of long ago: git has forgotten the commit
        changed = dict(follow.blobs_between(place, old, place.head))
        _level_branches(objects, place, old, changed, keep)
        try:
            worktree.require_writable(place.repository, place.branch)
        except Conflict:
            return  # another branch is shown: nothing there is ours
        if place.repository.work_tree is not None:
            _files_and_index(objects, place, old, changed, keep)


def _files_and_index(
    objects: Objects, place: Place, old: str, changed: Mapping[str, str | None], keep: Sequence[int]
) -> None:
    """What still is as in commit ``old``; hand edits and staged ones stay."""
    from hdcli.store import away

    repository = place.repository
    was = dict(follow.blobs_between(place, place.head, old))
    follow.hold_index(repository)
    try:
        back = away.paths(repository)
        for path, blob in changed.items():
            _bring_file(objects, place, old, path, blob, back)
        staged = _staged(repository)
        behind = [(path, blob) for path, blob in changed.items() if staged.get(path) == was[path]]
        worktree.prepare_index(repository, behind, keep)
        worktree.replace_index(repository)
    finally:
        follow.release_index(repository)


def _bring_file(
    objects: Objects, place: Place, old: str, path: str, blob: str | None, back: Container[str]
) -> None:
    root = place.repository.work_tree
    assert root is not None
    found = objects.read(f"{old}:{path}")
    before = found[2] if found else None
    try:
        present = worktree.content(root, path, len(before or b""))
    except Conflict:
        return
    if present != before and not (present is None and path in back):
        return  # already new, or edited by hand since
    if blob is None:
        worktree.remove(root, path)
    elif (after := objects.read(blob)) is not None:
        worktree.write(root, path, after[2])


def _staged(repository: Repository) -> dict[str, str]:
    """The blobs in the index, by path."""
    raw = repository.run("ls-files", "--stage", "-z").decode("utf-8", "surrogateescape")
    entries = (entry.partition("\t") for entry in raw.split("\0") if entry)
    return {path: head.split(" ")[1] for head, _, path in entries}


def _level_branches(
    objects: Objects, place: Place, old: str, changed: Mapping[str, str | None], keep: Sequence[int]
) -> None:
    """The level branches of the tickets that changed; git may have been killed between two."""
    there = refs.all_levels(place.repository)
    moves: dict[str, str | None] = {}
    for path, blob in changed.items():
        ticket_id = ids.id_of_path(path)
        data = objects.read(blob) if ticket_id and blob else None
        if ticket_id is None or data is None:
            continue
        try:
            wanted = refs.branch_of(codec.read_ticket(data[2], path))
        except BadData:
            continue
        moves.update({name: None for name in there.get(ticket_id, ()) if name != wanted})
        if wanted:
            span = f"{old}..{place.head}"
            moves[wanted] = place.repository.text("log", "-1", "--format=%H", span, "--", path)
    if moves:
        refs.move_levels(place.repository, moves, keep)
