"""The SQLite cache: a projection of the commits that lists, finds and completes in no time.

It remembers the commit that it reflects, catches up with ``git diff-tree`` when it is read, and is
built anew when it is missing, damaged, of another version or of a history that was rewritten.
Losing it loses nothing. A desk that can't be written to gets one in memory. What turns files into
rows is imported when files changed: most readers come to a cache that is as new as the desk.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from hdcli.errors import Busy
from hdcli.store import tables
from hdcli.store.git import GitFailed, Place
from hdcli.store.tables import Problem

if TYPE_CHECKING:
    from hdcli.model.article import Article
    from hdcli.model.ticket import Ticket
    from hdcli.store.filerows import AnyRows, Listed

T = TypeVar("T")
Progress = Callable[[int, int], None]
NAME = "cache.sqlite3"
# As long as a build of the largest desk takes: until then there is nothing to read.
_WAIT = 300.0
# Files beyond this many are parsed by all cores.
_MANY = 4000
_CHUNK = 500
_FOLDERS = ("tickets/", "kb/")


def connect(path: Path | str, timeout: float | None = None) -> sqlite3.Connection:
    """A connection that syncs just enough (3 ms a write) for a power cut to leave no half-truth:
    pages of two commits, which nothing would tell from a cache that is right."""
    wait = _WAIT if timeout is None else timeout
    connection = sqlite3.connect(path, timeout=wait, isolation_level=None)
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


class Cache:
    """The cache of one desk, at least as new as the commit it was opened for.

    ``head`` is the commit that it reflects: later than the desk's when somebody wrote meanwhile, so
    that two readers never drag it to and fro.
    """

    def __init__(self, place: Place, priorities: Sequence[str], progress: Progress | None) -> None:
        self._place = place
        self._priorities = tuple(priorities)
        self._progress = progress
        self.head = place.head
        self.db = self._open()

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """The answer to a question; a cache that turns out to be damaged is built anew first."""
        try:
            return question(self.db)
        except sqlite3.DatabaseError as error:
            if _locked(error):
                raise _busy() from None
            if not _damaged(error):
                raise
        self.db.close()
        _remove(self._path)
        self.db = self._open()
        return question(self.db)

    @property
    def _path(self) -> Path:
        return self._place.repository.local / NAME

    def _open(self) -> sqlite3.Connection:
        try:
            return self._fresh(self._path)
        except sqlite3.DatabaseError as error:
            if _locked(error):
                raise _busy() from None
            if _unwritable(error):
                return self._fresh(":memory:")
        except OSError:
            return self._fresh(":memory:")
        try:
            _remove(self._path)
            return self._fresh(self._path)
        except (OSError, sqlite3.DatabaseError):
            return self._fresh(":memory:")

    def _fresh(self, path: Path | str) -> sqlite3.Connection:
        if isinstance(path, Path):
            path.parent.mkdir(exist_ok=True)
        db = connect(path)
        try:
            if not self._reflects(db, self._place.head):
                self._catch_up(db)
        except BaseException:
            db.close()
            raise
        return db

    def _reflects(self, db: sqlite3.Connection, commit: str) -> bool:
        if not _is_ours(db):
            return False
        return meta(db, "head") == commit and meta(db, "priorities") == self._ranks()

    def _ranks(self) -> str:
        return json.dumps(self._priorities)

    def _catch_up(self, db: sqlite3.Connection) -> None:
        from hdcli.store import filling, partial

        known = meta(db, "head") if _is_ours(db) else None
        partial.complete(self._place.repository, self._place.head, known, _FOLDERS)
        db.execute("BEGIN IMMEDIATE")
        try:
            tip = self._place.repository.text("rev-parse", f"refs/heads/{self._place.branch}")
            if not self._reflects(db, tip):
                known = meta(db, "head") if _is_ours(db) else None
                changed = None if known is None else self._changes(known, tip)
                if changed is None:
                    filling.fill(db, self._read(self._all_files(tip)))
                else:
                    filling.replace(db, self._read(changed))
                    self._rank(db)
                set_meta(db, "head", tip)
                set_meta(db, "priorities", self._ranks())
            self.head = tip
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    def _rank(self, db: sqlite3.Connection) -> None:
        """Orders the tickets anew when desk.yaml has other priorities than before."""
        if meta(db, "priorities") == self._ranks():
            return
        db.execute("UPDATE tickets SET rank = -1")
        for rank, name in enumerate(self._priorities):
            db.execute("UPDATE tickets SET rank = ? WHERE priority = ?", (rank, name))

    def _changes(self, known: str, tip: str) -> list[Listed] | None:
        """What differs between two commits; None when ``known`` is gone."""
        how = ("diff-tree", "-r", "-z", "--raw", "--no-renames")
        try:
            raw = self._place.repository.run(*how, known, tip, "--", *_FOLDERS)
        except GitFailed:
            return None
        parts = raw.decode("utf-8", "surrogateescape").split("\0")
        found = []
        for head, path in zip(parts[0::2], parts[1::2], strict=False):
            fields = head.split(" ")
            found.append((path, fields[1], fields[3]))
        return found

    def _all_files(self, tip: str) -> list[Listed]:
        raw = self._place.repository.run("ls-tree", "-r", "-z", "--full-tree", tip, "--", *_FOLDERS)
        listed = []
        for record in raw.decode("utf-8", "surrogateescape").split("\0"):
            head, _, path = record.partition("\t")
            if path:
                mode, _, blob = head.split(" ")
                listed.append((path, mode, blob))
        return listed

    def _read(self, listed: Sequence[Listed]) -> Iterator[AnyRows]:
        from hdcli.store import filerows

        gone = [path for path, mode, _ in listed if mode == "000000"]
        yield from map(filerows.gone, gone)
        there = [each for each in listed if each[1] != "000000"]
        if len(there) > _MANY and (os.cpu_count() or 1) > 1:
            yield from self._read_on_all_cores(there)
        elif there:
            yield from filerows.of_blobs(self._place.repository, there, self._priorities)

    def _read_on_all_cores(self, listed: Sequence[Listed]) -> Iterator[AnyRows]:
        from hdcli.store.cores import workers

        chunks = [listed[start : start + _CHUNK] for start in range(0, len(listed), _CHUNK)]
        done = 0
        with workers() as pool:
            work = [(self._place, chunk, self._priorities) for chunk in chunks]
            for result in pool.map(_read_chunk, work):
                yield from result
                done += len(result)
                if self._progress:
                    self._progress(done, len(listed))

    def problems(self) -> list[Problem]:
        """The files of tickets and articles that can't be read."""
        sql = "SELECT path, line, message FROM problems ORDER BY path"
        return self.ask(lambda db: [Problem(*row) for row in db.execute(sql)])


def _read_chunk(work: tuple[Place, Sequence[Listed], Sequence[str]]) -> list[AnyRows]:
    from hdcli.store import filerows

    place, listed, priorities = work
    return list(filerows.of_blobs(place.repository, listed, priorities))


def meta(db: sqlite3.Connection, name: str) -> str | None:
    """A remembered value; None when there is none."""
    row = db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def set_meta(db: sqlite3.Connection, name: str, value: str) -> None:
    """Remembers a value."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


class Ahead:
    """The cache as a write will leave it: made while git still stores the write, kept after it.

    A favour to the next reader, who would do it anyway; never waits, never fails.
    """

    def __init__(self, place: Place, priorities: Sequence[str]) -> None:
        """``place`` is the desk as the write found it; a cache of another commit is left alone."""
        self._place = place
        self._priorities = priorities
        self._db: sqlite3.Connection | None = None

    def add(self, tickets: Iterable[Ticket], articles: Iterable[Article]) -> None:
        """The tickets and articles as the write leaves them, all of them at once."""
        from hdcli.store import filerows, filling

        path = self._place.repository.local / NAME
        if not path.exists():
            return
        with suppress(sqlite3.Error):
            self._db = connect(path, timeout=0)
            self._db.execute("BEGIN IMMEDIATE")
            if _is_ours(self._db) and meta(self._db, "head") == self._place.head:
                filling.replace(self._db, filerows.of_records(tickets, articles, self._priorities))
                return
        self.drop()

    def keep(self, new: str) -> None:
        """The write is in commit ``new``."""
        if self._db is not None:
            with suppress(sqlite3.Error):
                set_meta(self._db, "head", new)
                self._db.execute("COMMIT")
        self.drop()

    def drop(self) -> None:
        """The cache stays as it was, unless it was kept."""
        if self._db is not None:
            self._db.close()
            self._db = None


def _is_ours(db: sqlite3.Connection) -> bool:
    return bool(db.execute("PRAGMA user_version").fetchone()[0] == tables.VERSION)


def _remove(path: Path) -> None:
    for name in (path, path.with_name(f"{path.name}-journal")):
        name.unlink(missing_ok=True)


def _busy() -> Busy:
    return Busy("another hd is building the cache", "try again")


def _locked(error: sqlite3.DatabaseError) -> bool:
    return "locked" in str(error)


def _damaged(error: sqlite3.DatabaseError) -> bool:
    """Whether building the cache anew would help: pages or tables are not what they were."""
    return type(error) is sqlite3.DatabaseError or "no such" in str(error)


def _unwritable(error: sqlite3.DatabaseError) -> bool:
    text = str(error)
    return any(each in text for each in ("readonly", "unable to open", "is full", "disk I/O"))
