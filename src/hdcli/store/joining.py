"""A transaction that takes in another clone's commits: by moving forward, or by a merge.

git itself brings the work tree from the old commit to the new one (git-read-tree(1)), whatever the
files are, and refuses where that would cost somebody's edits.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import NamedTuple

from hdcli.errors import BadData, Conflict, HdError
from hdcli.model import ids
from hdcli.store import fastimport, follow, refs, worktree
from hdcli.store.fastimport import Signature
from hdcli.store.follow import Follows
from hdcli.store.git import GitFailed, Repository, said
from hdcli.store.transaction import Transaction


class File(NamedTuple):
    """A file as a commit has it: git's mode, and its blob."""

    mode: str
    blob: str


class Joining(Transaction):
    """Commits of one's own, and those of another clone that end at ``theirs``."""

    theirs = ""
    _taken: Mapping[str, File | None] = {}
    _merged: tuple[str, ...] = ()
    _joined_at = 0
    _targets: dict[str, str | int | None]

    def advance(self, theirs: str, taken: Mapping[str, File | None]) -> None:
        """The branch moves forward to ``theirs``, which changed the files ``taken``."""
        assert not self.commits
        self.committer = self.committer.not_before(self._time_of(theirs))
        self.theirs, self._taken, self._targets = theirs, taken, {}

    def join(
        self,
        theirs: str,
        message: str,
        author: Signature,
        taken: Mapping[str, File | None],
        merged: Mapping[str, bytes | None],
        executable: Container[str] = (),
    ) -> None:
        """A merge commit: the files ``taken`` as theirs are, ``merged`` as given, others as here.

        None stands for no file; ``executable`` are those of ``merged`` that can be run.
        """
        self.commits += 1
        self.theirs, self._taken, self._targets = theirs, taken, {}
        self._joined_at = self.commits
        self.committer = self.committer.not_before(self._time_of(theirs))
        self._branches, self._on_branch = {}, {}  # of what was done here to what is merged
        upon = self.base if self.commits == 1 else None
        head = (self.commits, message, author, self.committer, upon)
        self._stream.add(fastimport.commit(*head, merged, theirs, taken, executable))
        self._files.update(merged)
        self._merged = tuple(merged)

    @property
    def incoming(self) -> tuple[str, ...]:
        """The files that are not as they were, or will be of both."""
        return (*self._taken, *self._merged)

    def level_branches(self, theirs: Mapping[str, str]) -> None:
        """Has the level branches of incoming tickets go where theirs are, or to the merge.

        ``theirs`` are the commits of their level branches, those that their branch has.
        """
        there = refs.all_levels(self.place.repository)
        for path, wanted in self._wanted_branches().items():
            for name in there.get(ids.id_of_path(path) or "", ()):
                if name != wanted:
                    self._targets[name] = None
            if wanted:
                commit = theirs.get(wanted, "")
                fits = commit and self._is_theirs(path, commit)
                self._targets[wanted] = commit if fits else (self._joined_at or self.theirs)

    def _wanted_branches(self) -> dict[str, str | None]:
        """The level branch of each incoming ticket, by its file."""
        paths = [path for path in self.incoming if ids.id_of_path(path)]
        found = {path: _branch(self._files.get(path), path) for path in paths}
        stored = {p: file.blob for p in paths if p not in self._files and (file := self._taken[p])}
        for path, data in zip(stored, self._objects.many(stored.values()), strict=True):
            found[path] = _branch(data, path)
        return found

    def _is_theirs(self, path: str, commit: str) -> bool:
        """Whether a file is to be as that commit of theirs has it."""
        file = self._taken.get(path)
        found = self._objects.read(f"{commit}:{path}", limit=0)
        return file is not None and found is not None and found[0] == file.blob

    def read(self, path: str) -> bytes | None:
        """The content of a file, theirs too."""
        if path in self._files or path not in self._taken:
            return super().read(path)
        file = self._taken[path]
        found = self._objects.read(file.blob) if file else None
        return found[2] if found and found[1] == "blob" else None

    def has(self, path: str) -> bool:
        """Whether there is such a file, as ``read`` would find it."""
        if path in self._files or path not in self._taken:
            return super().has(path)
        return self._taken[path] is not None

    def touches(self, path: str) -> bool:
        """Whether the file changes."""
        return path in self._taken or super().touches(path)

    @property
    def only_records(self) -> bool:
        """Never: what came in was not looked at file by file."""
        return not self.theirs and super().only_records

    @property
    def moves(self) -> bool:
        """Whether there is anything to publish."""
        return bool(self.commits or self.theirs)

    def _upon(self) -> str | None:
        forward = self.theirs if not self._joined_at else ""
        return (forward or self.base) if self.commits == 1 else None

    def _follow(self) -> Follows:
        if not self.theirs:
            return super()._follow()
        return Checkout(self.place.repository, self.base, lambda: self._new)

    def _end(self) -> None:
        if self.commits:
            super()._end()

    def _wanted(self) -> list[int]:
        targets = self._targets.values() if self.theirs else ()
        return sorted({*super()._wanted(), *(at for at in targets if isinstance(at, int))})

    def _stored(self) -> tuple[str, dict[str, str | None]]:
        if not self.theirs:
            return super()._stored()
        made = self._stream.made() if self.commits else []
        commits = dict(zip(self._wanted(), made, strict=True)) if self.commits else {}
        wanted = {**self._targets, **self._branches}
        levels = {n: commits[at] if isinstance(at, int) else at for n, at in wanted.items()}
        self._new = commits[self.commits] if self.commits else self.theirs
        return self._new, {n: c for n, c in levels.items() if c or self._exists(n)}

    _new = ""


def _branch(data: bytes | None, path: str) -> str | None:
    with suppress(BadData):
        return refs.branch_of_file(data, path) if data else None
    return None


@dataclass(frozen=True, slots=True)
class Checkout:
    """The work tree from commit ``old`` to the one that ``new`` gives, by git.

    Does nothing in a bare repository.
    """

    repository: Repository
    old: str
    new: Callable[[], str]

    @contextmanager
    def preparing(self, keep: Sequence[int]) -> Iterator[None]:
        """Nothing can be done before the commit is there."""
        yield

    def require(self, new: str, keep: Sequence[int]) -> None:
        """Raises Conflict where somebody's edits are in the way, Busy, GitFailed.

        git's index lock is held from here on, marked as hd's: whoever is stopped leaves nothing
        that the next command could not tell from a living git's.
        """
        if self.repository.work_tree is None:
            return
        follow.hold_index(self.repository)
        worktree.copy_index(self.repository)
        rehearsal = ("read-tree", "-m", "-u", "-n", self.old, new)
        done = self._git(*rehearsal, keep=keep)
        if done.returncode:  # perhaps over files of which nothing but the times changed
            self._git("update-index", "-q", "--refresh", keep=keep)
            done = self._git(*rehearsal, keep=keep)
        if done.returncode:
            raise _in_the_way(said(done.stderr))

    def finish(self) -> None:
        """The files and the index, at once as far as git can. Raises GitFailed."""
        if self.repository.work_tree is None:
            return
        try:
            gone = self._missing()
            done = self._git("read-tree", "-m", "-u", self.old, self.new())
            if done.returncode:
                raise _in_the_way(said(done.stderr))
            self._here_again(gone)
            worktree.replace_index(self.repository)
        finally:
            follow.release_index(self.repository)

    def _missing(self) -> list[str]:
        """The changed files that are not in the work tree: away (away.py), or deleted by hand."""
        names = ("diff-tree", "-r", "-z", "--name-only", "--diff-filter=M", self.old, self.new())
        found = self.repository.run(*names).decode("utf-8", "surrogateescape").split("\0")
        return [path for path in found if path and not self._is_there(path)]

    def _here_again(self, paths: Iterable[str]) -> None:
        """Has git see files that were away and that it wrote: it leaves them marked as missing, and
        would not look at what somebody edits there."""
        there = "".join(f"{path}\0" for path in paths if self._is_there(path))
        if there:
            data = there.encode("utf-8", "surrogateescape")
            self._git("update-index", "--no-skip-worktree", "-z", "--stdin", stdin=data)

    def _is_there(self, path: str) -> bool:
        root = self.repository.work_tree
        with suppress(HdError):
            return root is not None and worktree.exists(root, path)
        return False

    def _git(
        self, *args: str, keep: Sequence[int] = (), stdin: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        """git upon the index in the making."""
        env = {"GIT_INDEX_FILE": str(worktree.scratch_index(self.repository))}
        return self.repository.attempt(*args, env=env, keep=keep, stdin=stdin)


def _in_the_way(error: str) -> HdError:
    path = error.partition("'")[2].rpartition("'")[0]
    if "not uptodate" in error:
        return Conflict(
            f"{path} has hand edits that are not committed, and others changed it",
            f"hd commit {path} keeps them, git restore {path} drops them; then hd sync",
        )
    if "would be overwritten" in error:
        return Conflict(f"{path} is in the way, and not in git", f"hd commit {path}, or move it")
    return GitFailed(f"the work tree can't follow: {error}")
