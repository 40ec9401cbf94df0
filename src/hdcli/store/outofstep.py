"""git's index, held against the last commit and the files: missing, damaged, or left behind."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hdcli.errors import HdError
from hdcli.store import follow, objectfiles, skeleton, worktree
from hdcli.store.fastimport import blob_id
from hdcli.store.git import Repository
from hdcli.store.underway import under_way

State = Literal["sound", "missing", "damaged", "behind"]


@dataclass(frozen=True, slots=True)
class Index:
    """``behind`` are files that are as committed while the index has them otherwise, each with the
    committed blob; ``staged`` counts those that a person means to commit."""

    state: State
    behind: tuple[tuple[str, str], ...] = ()
    staged: int = 0


def index(repository: Repository) -> Index:
    """Looks at the index; where there is none to have, or git is in the middle of it, it is sound.

    Raises GitFailed where the last commit can't be read.
    """
    if repository.work_tree is None or any(each.blocks for each in under_way(repository)):
        return Index("sound")
    if repository.attempt("rev-parse", "--verify", "--quiet", "HEAD^{tree}").returncode:
        return Index("sound")
    place = repository.git_dir / "index"
    if not place.exists():
        return Index("missing")
    if not _is_whole(repository, place):
        return Index("damaged")
    behind, staged = [], 0
    for path, blob in _differing(repository):
        if blob and _is_as_committed(repository, path, blob):
            behind.append((path, blob))
        else:
            staged += 1
    return Index("behind" if behind else "sound", tuple(behind), staged)


def mend(repository: Repository, found: Index, keep: Sequence[int]) -> str:
    """Brings the index to the last commit; files that people see are made where they are missing
    from a clone that was never finished, and never touched else.

    Under the desk's lock. Raises GitFailed, Busy, OSError; then the index is as it was.
    """
    place = repository.git_dir / "index"
    if found.state == "behind":
        _keep_copy(repository, place)
        follow.hold_index(repository)
        try:
            worktree.update_index(repository, found.behind, keep)
        finally:
            follow.release_index(repository)
        return f"the index has {len(found.behind)} files as they are committed"
    with skeleton.aside(repository, [place]):
        repository.run("read-tree", "HEAD", keep=keep)
    repository.attempt("sparse-checkout", "reapply", keep=keep)
    if found.state == "missing":
        repository.attempt("checkout-index", "--all", "--quiet", keep=keep)
    repository.attempt("update-index", "-q", "--refresh", keep=keep)
    return "the index is made anew from the last commit"


def _keep_copy(repository: Repository, place: Path) -> None:
    skeleton.kept(repository).mkdir(parents=True, exist_ok=True)
    shutil.copyfile(place, skeleton.kept(repository) / "index")


def _is_whole(repository: Repository, place: Path) -> bool:
    if repository.attempt("ls-files", "-z").returncode:
        return False
    return objectfiles.sealed(place, repository.hash) is not None or _is_unsealed(place)


def _is_unsealed(place: Path) -> bool:
    """Whether git was told to write no checksum (index.skipHash): there are zeros then."""
    with place.open("rb") as file:
        file.seek(-20, os.SEEK_END)
        return not any(file.read())


def _differing(repository: Repository) -> Iterator[tuple[str, str]]:
    """Plain files that the index has not as the last commit has them; that one's blob, if any."""
    how = ("diff-index", "--cached", "--raw", "-z", "--no-renames", "HEAD", "--")
    fields = repository.run(*how).decode("utf-8", "surrogateescape").split("\0")
    for head, path in zip(fields[0::2], fields[1::2], strict=False):
        mode, _, blob, *_ = head.split(" ")
        yield path, blob if mode == ":100644" else ""


def _is_as_committed(repository: Repository, path: str, blob: str) -> bool:
    assert repository.work_tree is not None
    try:
        data = worktree.content(repository.work_tree, path)
    except HdError:
        return False
    return data is not None and blob_id(data, repository.hash) == blob
