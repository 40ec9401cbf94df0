"""The work tree and the index follow the branch.

What needs space on the disk, or can be refused, is done before the branch moves (``prepare``);
afterwards there are renames alone (``finish``), which the next command does where these did not.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from hdcli.errors import Busy, NotADesk
from hdcli.store import worktree
from hdcli.store.fastimport import blob_id
from hdcli.store.git import Place, Repository
from hdcli.store.lock import wait_seconds

_MARK = b"hd\n"
_INDEX_WAIT = 5.0
# How file systems say that they have no hard links: FAT, shares, some of user space.
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)


class Follows(Protocol):
    """How work tree and index come to where the branch is, in three steps of a write."""

    def preparing(self, keep: Sequence[int]) -> AbstractContextManager[None]:
        """While git stores the commits: what can be done before they are known."""

    def require(self, new: str, keep: Sequence[int]) -> None:
        """Raises Conflict, Busy where the files could not follow to commit ``new``."""

    def finish(self) -> None:
        """Once the branch has moved. Raises OSError, HdError; the next command does it then."""


@dataclass(frozen=True)
class Follow:
    """The files' contents after a write and before it, by path; None stands for no file.

    Does nothing in a bare repository.
    """

    repository: Repository
    after: Mapping[str, bytes | None]
    before: Mapping[str, bytes | None]
    _back: set[str] = field(default_factory=set)
    """Files that are away from the work tree, and come back."""

    def prepare(self, keep: Sequence[int]) -> None:
        """Takes git's index lock; puts the new files and the new index on the disk, unseen.

        Raises Conflict over hand edits and what else is in the way, Busy, NotADesk, GitFailed.
        """
        with self.preparing(keep):
            pass

    @contextmanager
    def preparing(self, keep: Sequence[int]) -> Iterator[None]:
        """The same, with git at work on the index while the block runs; complete at its end."""
        repository, root = self.repository, self.repository.work_tree
        if root is None:
            yield
            return
        hold_index(repository)
        with worktree.index_in_the_making(repository, self._blobs(), keep):
            yield
            self._stage_files(root)

    def require(self, new: str, keep: Sequence[int]) -> None:
        """What ``preparing`` has found in order is."""

    def _stage_files(self, root: Path) -> None:
        staging = _staging(self.repository)
        staging.mkdir(exist_ok=True)
        for number, (path, data) in enumerate(self.after.items()):
            self._require_unedited(root, path)
            if data is not None:
                worktree.make_folder(root, path)
                _stage(f"{staging}/{number}", data, path)

    def _require_unedited(self, root: Path, path: str) -> None:
        try:
            worktree.require_unedited(root, path, self.before[path])
        except worktree.Deleted:
            if path not in self._away:
                raise
            self._back.add(path)

    @cached_property
    def _away(self) -> frozenset[str]:
        from hdcli.store import away

        return away.paths(self.repository)

    def _blobs(self) -> Iterator[tuple[str, str | None]]:
        for path, data in self.after.items():
            yield path, None if data is None else blob_id(data, self.repository.hash)

    def finish(self) -> None:
        """The renames; gives the index lock back, too, when one fails. Raises OSError, HdError."""
        repository, root = self.repository, self.repository.work_tree
        if root is None:
            return
        staging = _staging(repository)
        try:
            for number, (path, data) in enumerate(self.after.items()):
                before = self.before[path] if path not in self._back else None
                if worktree.content(root, path, len(before or b"")) != before:
                    continue  # edited by hand while the branch moved
                if data is None:
                    worktree.remove(root, path)
                else:
                    worktree.put(f"{staging}/{number}", root, path)
            worktree.replace_index(repository)
        finally:
            release_index(repository)
        discard(repository)


def _stage(place: str, data: bytes, path: str) -> None:
    try:
        with open(place, "wb") as file:
            file.write(data)
    except OSError as error:
        raise NotADesk(f"can't write {path}: {error.strerror}") from None


def _staging(repository: Repository) -> Path:
    return repository.local / "new"


def discard(repository: Repository) -> None:
    """Removes what a write prepared."""
    staging = _staging(repository)
    with suppress(OSError):
        for each in os.scandir(staging):
            os.unlink(each)
        staging.rmdir()


def hold_index(repository: Repository) -> None:
    """Takes git's lock on the index, marked as ours. Raises Busy, NotADesk."""
    lock = repository.git_dir / "index.lock"
    deadline = time.monotonic() + min(_INDEX_WAIT, wait_seconds())
    while not _claim(lock, repository.local / "index-mark"):
        if time.monotonic() >= deadline:
            remedy = "if no git is running, remove that file"
            raise Busy(f"another git is at work in this desk: {lock} exists", remedy)
        time.sleep(0.02)


def _claim(lock: Path, mark: Path) -> bool:
    """Whether the lock file is ours now; where there are hard links, never without its mark."""
    try:
        if not mark.exists():
            mark.with_suffix(".new").write_bytes(_MARK)
            mark.with_suffix(".new").replace(mark)
        try:
            os.link(mark, lock)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            _make(lock)
    except FileExistsError:
        return False
    except OSError as error:
        raise NotADesk(f"can't lock git's index: {error.strerror}: {lock}") from None
    return True


def _make(lock: Path) -> None:
    """The same without hard links: who is killed within leaves a lock that tells no owner."""
    descriptor = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    with open(descriptor, "wb") as file:
        file.write(_MARK)


def release_index(repository: Repository) -> None:
    """Gives git's index lock back if it is ours; another's stays."""
    lock = repository.git_dir / "index.lock"
    if is_ours(lock):
        with suppress(OSError):
            lock.unlink()


def is_ours(lock: Path) -> bool:
    """Whether a lock file bears the mark of hd."""
    with suppress(OSError):
        return lock.stat().st_size == len(_MARK) and lock.read_bytes() == _MARK
    return False


def blobs_between(place: Place, old: str, new: str) -> list[tuple[str, str | None]]:
    """The paths that differ between two commits, each with its blob in the new one."""
    raw = place.repository.run("diff-tree", "-r", "-z", "--raw", "--no-renames", old, new)
    fields = raw.decode("utf-8", "surrogateescape").split("\0")
    return [
        (path, None if (parts := head.split(" "))[1] == "000000" else parts[3])
        for head, path in zip(fields[0::2], fields[1::2], strict=False)
    ]
