"""Files of tickets that left the work tree of this clone: still committed, still read.

git's own mark for it is the skip-worktree bit of its index (git-update-index(1)): git status, pull,
rebase and the like then miss no file, and keep the bit. A file that hd writes to comes back.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from hdcli.errors import Conflict, HdError, Refused
from hdcli.store import edits, follow, partial, recover, worktree
from hdcli.store.fastimport import blob_id
from hdcli.store.git import Place, Repository
from hdcli.store.lock import lock

Progress = Callable[[int, int], object]
_FOLDERS = ("tickets", "attachments")
# A file changed so shortly before is read: its time may be that of the moment it was looked at.
_JUST = 3.0


class Staged(NamedTuple):
    """A file in git's index: whether it may be missing from the work tree, and its blob."""

    path: str
    away: bool
    blob: str


def staged(repository: Repository) -> Iterator[Staged]:
    """The files of tickets in the index."""
    raw = repository.run("ls-files", "-z", "-t", "--stage", "--", *_FOLDERS)
    for record in raw.decode("utf-8", "surrogateescape").split("\0"):
        head, _, path = record.partition("\t")
        if path:
            tag, _, blob, _ = head.split(" ")
            yield Staged(path, tag == "S", blob)


def paths(repository: Repository) -> frozenset[str]:
    """The files that may be missing from the work tree."""
    return frozenset(each.path for each in staged(repository) if each.away)


def is_away(repository: Repository, path: str) -> bool:
    """Whether one file may be missing, and is."""
    if repository.work_tree is None or worktree.exists(repository.work_tree, path):
        return False
    return path in paths(repository)


def require_unedited(repository: Repository, path: str, committed: bytes) -> None:
    """As that of the work tree, for a file that may be away. Raises Conflict."""
    if repository.work_tree is not None and not is_away(repository, path):
        worktree.require_unedited(repository.work_tree, path, committed)


@contextmanager
def arranging(place: Place) -> Iterator[int]:
    """The desk's lock, to move files away and back; gives its descriptor.

    Raises Refused where that can't be, Busy, Conflict.
    """
    repository = place.repository
    if repository.work_tree is None:
        raise Refused("this desk is bare: it has no files that could leave", "hd show reads them")
    sparse = repository.attempt("config", "--bool", "core.sparseCheckout").stdout.strip()
    if sparse == b"true":
        raise Refused("this clone has a sparse checkout of its own", "git sparse-checkout disable")
    with lock(repository.local) as descriptor:
        recover.run(repository, (descriptor,))
        worktree.require_writable(repository, place.branch)
        yield descriptor


def leave(
    repository: Repository, wanted: Collection[str], keep: Sequence[int], progress: Progress
) -> list[str]:
    """Takes files out of the work tree; gives those that went. Hand edits stay.

    Within ``arranging``, whose descriptor is ``keep``. Who is stopped before the end leaves files
    that git does not look at; the next call takes them away. Raises Busy, GitFailed.
    """
    root = repository.work_tree
    assert root is not None
    follow.hold_index(repository)
    try:
        began = time.time()
        edited = {each.path for each in edits.edited(repository, _FOLDERS)}
        files = {each.path: each for each in staged(repository)}
        going = [
            path
            for path in wanted
            if path in files and path not in edited and _is_there(repository, files[path])
        ]
        _mark(repository, "--skip-worktree", going, keep)
        worktree.replace_index(repository)
    finally:
        follow.release_index(repository)
    went, stayed = [], []
    for number, path in enumerate(going, 1):
        # git has not looked at one that should be away already.
        if _is_as_staged(repository, files[path], 0 if files[path].away else began - _JUST):
            worktree.remove(root, path)
            went.append(path)
        else:
            stayed.append(path)
        progress(number, len(going))
    if stayed:
        come_back(repository, stayed, keep)
    return went


def _is_there(repository: Repository, file: Staged) -> bool:
    """Whether a file is in the work tree, which is asked of those alone that should be away."""
    return not file.away or os.path.lexists(f"{repository.work_tree}/{file.path}")


def _is_as_staged(repository: Repository, file: Staged, since: float) -> bool:
    """Whether a file that git saw unchanged at some time still is."""
    root = repository.work_tree
    assert root is not None
    try:
        changed = (root / file.path).lstat().st_mtime
    except OSError:
        return True
    if changed < since:
        return True
    try:
        data = worktree.content(root, file.path)
    except HdError:
        return False
    return data is not None and blob_id(data, repository.hash) == file.blob


def come_back(repository: Repository, wanted: Iterable[str], keep: Sequence[int]) -> list[str]:
    """Puts files into the work tree again; gives those that were written.

    Within ``arranging``. What is in their place stays, for git to see. Raises Busy, GitFailed,
    RemoteFailed.
    """
    root = repository.work_tree
    assert root is not None
    files = sorted(wanted)
    partial.complete(repository, "HEAD", paths=_FOLDERS)
    follow.hold_index(repository)
    try:
        env = _mark(repository, "--no-skip-worktree", files, keep)
        missing = [path for path in files if not _occupied(repository, path)]
        command = ("checkout-index", "-u", "-q", "-z", "--stdin")
        repository.run(*command, stdin=_listed(missing), env=env, keep=keep)
        worktree.replace_index(repository)
    finally:
        follow.release_index(repository)
    return missing


def _occupied(repository: Repository, path: str) -> bool:
    root = repository.work_tree
    assert root is not None
    try:
        return worktree.exists(root, path)
    except Conflict:
        return True


def _mark(
    repository: Repository, bit: str, files: Sequence[str], keep: Sequence[int]
) -> dict[str, str]:
    """Sets or clears the bit in the index to come; gives the environment for a git to go on."""
    env = {"GIT_INDEX_FILE": str(worktree.copy_index(repository))}
    repository.run("update-index", bit, "-z", "--stdin", stdin=_listed(files), env=env, keep=keep)
    return env


def _listed(files: Iterable[str]) -> bytes:
    return "".join(f"{path}\0" for path in files).encode("utf-8", "surrogateescape")
