"""Commits made upon one state of the desk: prepared by git fast-import, then published at once.

fast-import makes the trees of a commit in milliseconds even at 100,000 files, and takes one commit
or thousands in one stream. The commits hang on no branch until ``publish``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from hdcli.errors import Conflict, HdError
from hdcli.model import ids
from hdcli.model.record import Record
from hdcli.model.ticket import Ticket
from hdcli.store import codec, fastimport, journal, recover, refs, worktree
from hdcli.store.fastimport import Signature
from hdcli.store.follow import Follow, Follows
from hdcli.store.git import Objects, Place
from hdcli.store.trees import commit_time, tree_entries

if TYPE_CHECKING:
    from hdcli.model.article import Article

R = TypeVar("R", bound=Record)


class Transaction:
    """What a write sees (the desk with its own commits applied) and what it adds.

    ``committer`` signs the commits that follow; who replays a past changes it on the way.
    """

    def __init__(
        self,
        place: Place,
        objects: Objects,
        committer: Signature,
        last_level: int,
        stream: fastimport.Stream,
    ) -> None:
        self.place = place
        self.base = place.head
        self.tickets: dict[str, Ticket] = {}
        self.articles: dict[str, Article] = {}
        self.commits = 0
        self._objects = objects
        # git's walks take a commit to be no older than its parents: clocks differ.
        self.committer = committer.not_before(self._time_of(self.base))
        self._last_level = last_level
        self._files: dict[str, bytes | None] = {}
        self._committed: dict[str, bytes | None] = {}
        self._shown: dict[str, bytes | None] = {}
        self._taken_up: dict[str, bytes | None] = {}
        self._branches: dict[str, int | None] = {}
        self._on_branch: dict[str, list[str]] = {}
        self._parsed: dict[str, tuple[bytes, Record]] = {}
        self._folders: set[str] = set()
        self._listed: dict[str, dict[str, str]] = {}
        self._stream = stream

    def _time_of(self, commit: str) -> int:
        found = self._objects.read(commit)
        return commit_time(found[2]) if found else 0

    def read(self, path: str) -> bytes | None:
        """The content of a file, with what this transaction did to it; None when there is none."""
        return self._files[path] if path in self._files else self.committed(path)

    @property
    def changes(self) -> Mapping[str, bytes | None]:
        """Every file that the commits change, as they leave it."""
        return self._files

    def committed(self, path: str) -> bytes | None:
        """The content of a file before this transaction; None when there was none."""
        if path not in self._committed:
            found = self._objects.read(f"{self.base}:{path}")
            self._committed[path] = found[2] if found and found[1] == "blob" else None
            if found and found[1] == "tree":
                self._folders.add(path)
        return self._committed[path]

    def files_in(self, folder: str) -> int:
        """How many files and folders a folder had before this transaction."""
        return len(self._modes(folder))

    def has(self, path: str) -> bool:
        """Whether there is such a file, as ``read`` would find it."""
        if path in self._files:
            return self._files[path] is not None
        found = self._objects.read(f"{self.base}:{path}", limit=0)
        return found is not None and found[1] == "blob"

    def ticket(self, ticket_id: str) -> Ticket | None:
        """The ticket as this transaction has it; None when there is none. Raises BadData."""
        return self.record(Ticket, ticket_id)

    def article(self, slug: str) -> Article | None:
        """The article as this transaction has it; None when there is none. Raises BadData."""
        from hdcli.model.article import Article

        return self.record(Article, slug)

    def record(self, kind: type[R], key: str) -> R | None:
        """The same of any kind."""
        path = kind.kind.place(key)
        data = self.read(path)
        if data is None:
            return None
        known, record = self._parsed.get(path, (None, None))
        if data != known or not isinstance(record, kind):
            record = codec.read(kind, data, path)
            self._parsed[path] = (data, record)
        return record

    def taken(self, ticket_id: str) -> bool:
        """Whether a new ticket can't have this id."""
        return not self.free([ticket_id])

    def take_up(self, path: str, content: bytes | None) -> None:
        """Says that a hand edit is to be committed: the file may be so in the work tree."""
        self._taken_up[path] = content

    def awaits(self, path: str) -> bool:
        """Whether a file is to be committed as it is in the work tree."""
        return self._taken_up.get(path) is not None

    def free(self, ticket_ids: Sequence[str]) -> list[str]:
        """Those of the ids that new tickets can have; many are asked for at once."""
        paths = [ids.ticket_path(each) for each in ticket_ids]
        names = (f"{self.base}:{path}" for path in paths)
        root = self.place.repository.work_tree
        found = []
        there = self._objects.many(names, limit=0)
        for ticket_id, path, data in zip(ticket_ids, paths, there, strict=True):
            if data is None and path not in self._files:
                self._committed[path] = None
                if root is None or not worktree.exists(root, path):
                    found.append(ticket_id)
        return found

    def commit(
        self,
        message: str,
        author: Signature,
        records: Sequence[Record] = (),
        files: Mapping[str, bytes | None] | None = None,
        base: Mapping[str, bytes] | None = None,
    ) -> None:
        """One commit: tickets, articles and other files (None removes one).

        ``base`` gives, by path, the text that a record is written upon, where that is not the file
        as it is. ``publish`` raises Conflict over hand edits that were not taken up.
        """
        changes = dict(files or {})
        for record in records:
            old = (base or {}).get(record.path) or self.read(record.path)
            data, before = self._parsed.get(record.path, (None, None))
            changes[record.path] = codec.write(record, old, before if data == old else None)
        for path in changes:
            if path not in self._files and self.read(path) is None:
                self._require_room(path)
        # Nothing refuses the commit any more.
        for path in changes:
            if path not in self._files:
                self._shown[path] = self._taken_up.get(path, self.read(path))
        self.commits += 1
        self._stream.add(
            fastimport.commit(self.commits, message, author, self.committer, self._upon(), changes)
        )
        self._files.update(changes)
        for record in records:
            self._remember(record)
            self._parsed[record.path] = (changes[record.path] or b"", record)

    def _upon(self) -> str | None:
        """The commit that the next one follows; None for the one before it in the stream."""
        return self.base if self.commits == 1 else None

    def _remember(self, record: Record) -> None:
        if isinstance(record, Ticket):
            self.tickets[record.id] = record
            self._move_level_branch(record)
            return
        from hdcli.model.article import Article

        if isinstance(record, Article):
            self.articles[record.id] = record

    def _require_room(self, path: str) -> None:
        """Raises Conflict where a new file's place is a folder, or a folder on its way a file."""
        if path in self._folders:
            raise Conflict(f"{path} is in the way: not a file", "move it, and commit that")
        parent, *folders = "", *path.split("/")[:-1]
        for name in folders:
            mode = self._modes(parent).get(name, "")
            parent = f"{parent}/{name}".lstrip("/")
            if mode not in ("", "40000"):
                raise Conflict(f"{parent} is in the way: not a folder", "move it, and commit that")

    def _modes(self, folder: str) -> dict[str, str]:
        """What a folder holds: git's mode of each entry by name; empty where there is no folder."""
        if folder not in self._listed:
            found = self._objects.read(f"{self.base}:{folder}")
            tree = found[2] if found and found[1] == "tree" else b""
            entries = tree_entries(tree, len(self.base) // 2)
            self._listed[folder] = {name: mode for mode, name, _ in entries}
        return self._listed[folder]

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

    def publish(self, keep: Sequence[int], meanwhile: Callable[[], object]) -> str:
        """Makes the commits and moves the branches to them; then the files follow.

        ``meanwhile`` is called while git is at work. Gives the new commit of the desk's branch.
        Under the desk's lock, whose descriptor ``keep`` every writing git inherits, in this order:

        1. The journal says which branch moves from where, and is on the disk (journal.py).
        2. git fast-import stores the objects, each on the disk; they hang on no branch. Meanwhile
           work tree and index are prepared, unseen; from here on git's index lock is held.
        3. git update-ref moves the branches at once, on the disk too. Now it has happened: what
           fails later is left to the next command, and the write is acknowledged all the same.
        4. Renames put files and index in place; index lock and journal go.

        Who is stopped before 3 did nothing; after it, recover.py does 4, and again if need be.
        Raises Outrun, Conflict, Busy, NotADesk, GitFailed; then nothing was done.
        """
        if not self.moves:
            return self.base
        repository, branch = self.place.repository, self.place.branch
        intent = journal.Intent(branch, self.base, repository.git_dir, repository.work_tree)
        journal.write(repository.local, intent)
        try:
            follow = self._follow()
            with follow.preparing(keep):
                self._end()
                meanwhile()
            new, levels = self._stored()
            follow.require(new, keep)
            refs.move(repository, branch, self.base, new, levels, keep)
            with suppress(HdError, OSError):
                follow.finish()
                journal.clear(repository.local)
        except BaseException:
            self.drop()  # git is at rest before anybody cleans up
            with suppress(HdError, OSError):
                recover.run(repository, keep)
            raise
        return new

    def drop(self) -> None:
        """Ends what storing was begun, where this is not to be published."""
        self._stream.drop()

    @property
    def moves(self) -> bool:
        """Whether there is anything to publish."""
        return bool(self.commits)

    def _follow(self) -> Follows:
        """How work tree and index follow the branch."""
        return Follow(self.place.repository, self._files, self._shown)

    def _end(self) -> None:
        self._stream.end(self._wanted())

    def _wanted(self) -> list[int]:
        """The commits whose ids are needed: the last one, and those that level branches go to."""
        return sorted({self.commits, *(at for at in self._branches.values() if at)})

    def _stored(self) -> tuple[str, dict[str, str | None]]:
        """The commits, made: the last one, and where the level branches go."""
        commits = dict(zip(self._wanted(), self._stream.made(), strict=True))
        levels = {n: None if at is None else commits[at] for n, at in self._branches.items()}
        return commits[self.commits], {n: c for n, c in levels.items() if c or self._exists(n)}

    @property
    def only_records(self) -> bool:
        """Whether ``tickets`` and ``articles`` tell all that changed below their folders."""
        known = {each.path for each in (*self.tickets.values(), *self.articles.values())}
        return all(path in known for path in self._files if path.startswith(("tickets/", "kb/")))

    def touches(self, path: str) -> bool:
        """Whether a commit of this transaction changes the file."""
        return path in self._files

    def _exists(self, branch: str) -> bool:
        return self._objects.read(f"refs/heads/{branch}", limit=0) is not None
