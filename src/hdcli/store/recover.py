"""After a crash: what a killed writer began is finished, or was never begun."""

from __future__ import annotations

from hdcli.errors import Busy, Conflict, HdError
from hdcli.store import journal, refs, worktree
from hdcli.store.git import Objects, Place, Repository
from hdcli.store.lock import try_lock
from hdcli.store.transaction import blobs_between


def if_needed(place: Place) -> None:
    """Finishes a dead writer's work; does nothing while the writer lives, or without a journal."""
    if not journal.path(place.repository.local).exists():
        return
    try:
        with try_lock(place.repository.local) as descriptor:
            if descriptor is not None:
                run(place.repository, descriptor)
    except (HdError, OSError):
        return  # a reader on a read-only desk reads on; the next writer recovers


def run(repository: Repository, descriptor: int) -> None:
    """The same, with the lock held."""
    folder = repository.local
    if not journal.path(folder).exists():
        return
    intent = journal.read(folder)
    journal.release_index(repository.git_dir / "index.lock")
    refs.clear_stale_locks(repository)
    if intent and repository.work_tree is not None:
        tip = repository.text("rev-parse", f"refs/heads/{intent.branch}")
        if tip != intent.old:
            _bring_forward(Place(repository, intent.branch, tip, ""), intent.old, descriptor)
    journal.clear(folder)


def _bring_forward(place: Place, old: str, descriptor: int) -> None:
    """Work tree and index from commit ``old`` to the branch's, hand edits left alone."""
    repository = place.repository
    root = repository.work_tree
    assert root is not None
    try:
        worktree.require_writable(repository, place.branch)
    except Conflict:
        return  # another branch is shown: nothing there is ours
    changed = blobs_between(place, old, place.head)
    index_lock = repository.git_dir / "index.lock"
    try:
        journal.hold_index(index_lock)
    except FileExistsError:
        raise Busy(f"another git is at work: {index_lock} exists", "try again") from None
    try:
        with Objects(repository) as objects:
            for path, blob in changed:
                _bring_file(objects, place, old, path, blob)
        worktree.update_index(repository, changed, (descriptor,))
    finally:
        journal.release_index(index_lock)


def _bring_file(objects: Objects, place: Place, old: str, path: str, blob: str | None) -> None:
    root = place.repository.work_tree
    assert root is not None
    try:
        present = worktree.content(root, path)
    except Conflict:
        return
    before = objects.read(f"{old}:{path}")
    if present is not None and (before is None or present != before[2]):
        return  # already new, or edited by hand since
    if blob is None:
        worktree.remove(root, path)
    elif (after := objects.read(blob)) is not None:
        worktree.write(root, path, after[2])
