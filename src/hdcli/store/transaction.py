"""Commits made upon one state of the desk: prepared by git fast-import, then published at once.

fast-import makes the trees of a commit in milliseconds even at 100,000 files, and takes one commit
or thousands in one stream. The commits hang on no branch until ``publish``.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from hdcli.errors import Busy
from hdcli.model import ids
from hdcli.model.ticket import Ticket
from hdcli.store import codec, fastimport, journal, refs, worktree
from hdcli.store.fastimport import Signature
from hdcli.store.git import Objects, Place

_INDEX_WAIT = 5.0


class Transaction:
    """What a write sees (the desk with its own commits applied) and what it adds.

    ``committer`` signs the commits that follow; who replays a past changes it on the way.
    """

    def __init__(
        self, place: Place, objects: Objects, committer: Signature, last_level: int
    ) -> None:
        self.place = place
        self.base = place.head
        self.tickets: dict[str, Ticket] = {}
        self.commits = 0
        self._objects = objects
        self.committer = committer
        self._last_level = last_level
        self._files: dict[str, bytes | None] = {}
        self._committed: dict[str, bytes | None] = {}
        self._branches: dict[str, int | None] = {}
        self._on_branch: dict[str, list[str]] = {}
        self._stream: list[bytes] = []

    def read(self, path: str) -> bytes | None:
        """The content of a file, with what this transaction did to it; None when there is none."""
        if path in self._files:
            return self._files[path]
        if path not in self._committed:
            found = self._objects.read(f"{self.base}:{path}")
            self._committed[path] = found[2] if found and found[1] == "blob" else None
        return self._committed[path]

    def ticket(self, ticket_id: str) -> Ticket | None:
        """The ticket as this transaction has it; None when there is none. Raises BadData."""
        if ticket_id in self.tickets:
            return self.tickets[ticket_id]
        path = ids.ticket_path(ticket_id)
        data = self.read(path)
        return None if data is None else codec.read_ticket(data, path)

    def taken(self, ticket_id: str) -> bool:
        """Whether a new ticket can't have this id."""
        path = ids.ticket_path(ticket_id)
        if path in self._files:
            return True
        if self._objects.read(f"{self.base}:{path}", limit=0) is not None:
            return True
        root = self.place.repository.work_tree
        return root is not None and worktree.content(root, path) is not None

    def commit(
        self,
        message: str,
        author: Signature,
        tickets: Iterable[Ticket] = (),
        files: Mapping[str, bytes | None] | None = None,
        base: Mapping[str, bytes] | None = None,
    ) -> None:
        """One commit: tickets and other files (None removes one).

        ``base`` gives, by path, the text of a hand edit that this commit takes up: the file may be
        in the work tree as that, and is written upon it. Raises Conflict over other hand edits.
        """
        changes = dict(files or {})
        for ticket in tickets:
            old = (base or {}).get(ticket.path) or self.read(ticket.path)
            changes[ticket.path] = codec.write_ticket(ticket, old)
            self.tickets[ticket.id] = ticket
        root = self.place.repository.work_tree
        for path in changes:
            if root is not None and path not in self._files:
                edited = (base or {}).get(path)
                expected = self.read(path) if edited is None else edited
                worktree.require_unedited(root, path, expected)
        self.commits += 1
        parent = self.base if self.commits == 1 else None
        self._stream.append(
            fastimport.commit(self.commits, message, author, self.committer, parent, changes)
        )
        self._files.update(changes)
        for ticket in tickets:
            self._move_level_branch(ticket)

    def _move_level_branch(self, ticket: Ticket) -> None:
        if ticket.id not in self._on_branch:
            isolated = self._committed.get(ticket.path) is None
            self._on_branch[ticket.id] = (
                [] if isolated else refs.present(self._objects, ticket.id, self._last_level)
            )
        wanted = refs.branch_of(ticket)
        for name in self._on_branch[ticket.id]:
            if name != wanted:
                self._branches[name] = None
        if wanted:
            self._branches[wanted] = self.commits
            if wanted not in self._on_branch[ticket.id]:
                self._on_branch[ticket.id].append(wanted)

    def publish(self, keep: Sequence[int]) -> str:
        """Makes the commits and moves the branches to them; then the files follow.

        Gives the new commit of the desk's branch. ``keep`` is the lock's descriptor. After a kill
        at any point the next command finishes the work (recover.py). Raises Outrun, Busy.
        """
        if not self.commits:
            return self.base
        wanted = sorted({self.commits, *(at for at in self._branches.values() if at)})
        commits = fastimport.run(self.place.repository, self._stream, wanted, keep)
        new = commits[self.commits]
        levels = {n: None if at is None else commits[at] for n, at in self._branches.items()}
        levels = {n: c for n, c in levels.items() if c or self._exists(n)}
        repository, branch = self.place.repository, self.place.branch
        journal.write(repository.local, journal.Intent(branch, self.base))
        index_lock = repository.git_dir / "index.lock"
        try:
            if repository.work_tree is not None:
                _hold_index(index_lock)
            refs.move(repository, branch, self.base, new, levels, keep)
            if repository.work_tree is not None:
                self._write_files(new, keep)
        except Exception:
            if repository.text("rev-parse", f"refs/heads/{branch}") == self.base:
                journal.clear(repository.local)
            journal.release_index(index_lock)
            raise
        journal.release_index(index_lock)
        journal.clear(repository.local)
        return new

    def touches(self, path: str) -> bool:
        """Whether a commit of this transaction changes the file."""
        return path in self._files

    def _exists(self, branch: str) -> bool:
        return self._objects.read(f"refs/heads/{branch}", limit=0) is not None

    def _write_files(self, new: str, keep: Sequence[int]) -> None:
        repository = self.place.repository
        root = repository.work_tree
        assert root is not None
        for path, data in self._files.items():
            if data is None:
                worktree.remove(root, path)
            else:
                worktree.write(root, path, data)
        worktree.update_index(repository, blobs_between(self.place, self.base, new), keep)


def _hold_index(lock: Path) -> None:
    deadline = time.monotonic() + _INDEX_WAIT
    while True:
        try:
            journal.hold_index(lock)
            return
        except FileExistsError:
            if time.monotonic() >= deadline:
                raise Busy(
                    f"another git is at work in this desk: {lock} exists",
                    "if no git is running, remove that file",
                ) from None
            time.sleep(0.02)


def blobs_between(place: Place, old: str, new: str) -> list[tuple[str, str | None]]:
    """The paths that differ between two commits, each with its blob in the new one."""
    raw = place.repository.run("diff-tree", "-r", "-z", "--raw", "--no-renames", old, new)
    fields = raw.decode("utf-8", "surrogateescape").split("\0")
    return [
        (path, None if (parts := head.split(" "))[1] == "000000" else parts[3])
        for head, path in zip(fields[0::2], fields[1::2], strict=False)
    ]
