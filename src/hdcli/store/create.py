"""Making the repository of a desk: looked at first, then made, its branch last of all."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hdcli.errors import Conflict, NotADesk
from hdcli.store import clone, fastimport, journal, refs, worktree
from hdcli.store.discover import BRANCHES, discover
from hdcli.store.fastimport import Signature
from hdcli.store.git import Place, Repository
from hdcli.store.lock import lock
from hdcli.store.signing import SigningStream

if TYPE_CHECKING:
    from git import Repo

_WAITS = (0.1, 0.5, 0.0)
_OWN = "a desk is a repository of its own: choose another folder"


def is_desk(folder: Path) -> bool:
    """Whether ``folder`` is (the top of) a desk already."""
    top = _desk_around(folder) if folder.is_dir() else None
    return top is not None and top == folder.resolve()


def _desk_around(folder: Path) -> Path | None:
    try:
        repository = discover(folder).repository
    except NotADesk:
        return None
    return (repository.work_tree or repository.git_dir).resolve()


def surrounding(folder: Path) -> Path | None:
    """The work tree of another repository that ``folder`` lies in. Raises NotADesk for a desk's."""
    from git import Repo
    from git.exc import GitError

    start = existing(folder).resolve()
    if start == folder.resolve() and _is_repository(start):
        return None
    if desk := _desk_around(start):
        raise NotADesk(f"{folder} is inside the desk {desk}", "choose a folder outside it")
    try:
        with Repo(start, search_parent_directories=True) as repo:
            return None if repo.bare else Path(str(repo.working_tree_dir))
    except GitError:
        return None


def existing(folder: Path) -> Path:
    """``folder``, or the nearest folder above it that exists."""
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder


def _is_repository(folder: Path) -> bool:
    bare = (folder / "HEAD").exists() and (folder / "objects").is_dir()
    return bare or (folder / ".git").exists()


def repository(
    folder: Path, files: Mapping[str, bytes], message: str, author: Signature, *, bare: bool
) -> Place:
    """A repository with one commit on main, made in ``folder`` or in the empty one that it is.

    Raises NotADesk, and Conflict where files are in the way; then nothing was made.
    """
    if not bare:
        _require_free(folder, files)
    made = _made(folder, bare=bare)
    if bare and made.work_tree is not None:
        raise NotADesk(f"{folder} is a git repository with a work tree, not bare", _OWN)
    with lock(made.local) as descriptor:
        if is_desk(folder):  # another hd was faster
            return discover(folder)
        if made.attempt("rev-list", "-n1", "--all").stdout:
            raise NotADesk(f"{folder} is a git repository with commits, and no desk", _OWN)
        place = _first_commit(made, files, message, author, (descriptor,))
        clone.configure(place.repository)
        return place


def _require_free(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        place = folder / path
        if os.path.lexists(place) and not _holds(place, data):
            raise Conflict(f"{place} is in the way", "move it, or choose another folder")


def _holds(place: Path, data: bytes) -> bool:
    """Whether a file is already as it is to be, from a run that was interrupted."""
    try:
        return not place.is_symlink() and place.read_bytes() == data
    except OSError:
        return False


def _made(folder: Path, *, bare: bool) -> Repository:
    from git.exc import GitError

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _opened(folder, bare=bare) as repo:
            work_tree = None if repo.bare else Path(str(repo.working_tree_dir)).resolve()
            made = Repository(
                Path(repo.git_dir).resolve(), Path(repo.common_dir).resolve(), work_tree
            )
    except GitError as error:
        raise NotADesk(f"git can't make a repository in {folder}: {_said(error)}") from None
    except OSError as error:
        raise NotADesk(f"can't make a desk in {folder}: {error.strerror}") from None
    return replace(made, hash=made.text("rev-parse", "--show-object-format"))


def _opened(folder: Path, *, bare: bool) -> Repo:
    """The repository in a folder, made, or completed where somebody was stopped making it."""
    from git import Repo
    from git.exc import GitCommandError, InvalidGitRepositoryError

    for wait in _WAITS:
        try:
            return Repo(folder)
        except InvalidGitRepositoryError:
            pass
        try:
            Repo.init(folder, bare=bare, initial_branch=BRANCHES[0]).close()
        except GitCommandError:
            if not wait:
                raise
            time.sleep(wait)  # a killed hd's git may be at it still
    return Repo(folder)


def _said(error: Exception) -> str:
    """The last words of a GitPython error, which has git's output among its own."""
    lines = [line.strip(" '") for line in str(error).splitlines() if line.strip(" '")]
    return (
        lines[-1].removeprefix("stderr: '").removeprefix("fatal: ") if lines else "no reason given"
    )


def _first_commit(
    made: Repository,
    files: Mapping[str, bytes],
    message: str,
    author: Signature,
    keep: Sequence[int],
) -> Place:
    stream = SigningStream(made, keep)
    stream.add(fastimport.commit(1, message, author, author, None, files))
    stream.end([1])
    (commit,) = stream.made()
    if made.work_tree is not None:
        for path, data in files.items():
            worktree.write(made.work_tree, path, data)
        tree = made.run("ls-tree", "-z", commit).decode().split("\0")
        entries = [(line.partition("\t")[2], line.split()[2]) for line in tree if line]
        worktree.update_index(made, entries, keep)
    made.run("symbolic-ref", "HEAD", f"refs/heads/{BRANCHES[0]}")
    # What is on no branch yet can be made again; from here on it is a desk.
    refs.create(made, BRANCHES[0], commit, keep)
    journal.clear(made.local)
    return discover(made.work_tree or made.git_dir)


def is_empty(folder: Path) -> bool:
    """Whether a folder is missing or holds nothing."""
    return not folder.exists() or (folder.is_dir() and not os.listdir(folder))


def empty(folder: Path) -> None:
    """Removes all that a folder holds: what was begun there and failed."""
    with suppress(OSError):
        for each in folder.iterdir():
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each, ignore_errors=True)
            else:
                each.unlink()
