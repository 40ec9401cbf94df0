"""The SQLite cache: a projection of the commits that lists, finds and completes in no time.

It remembers the commit that it reflects, catches up with ``git diff-tree`` when it is read, and is
built anew when it is missing, damaged, of another version or of a history that was rewritten.
Losing it loses nothing. A desk that can't be written to gets one in memory.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from hdcli.errors import HdError
from hdcli.model.ticket import Ticket
from hdcli.store import rows
from hdcli.store.git import GitFailed, Objects, Place
from hdcli.store.rows import Listed, Problem, Rows

Progress = Callable[[int, int], None]
NAME = "cache.sqlite3"
_WAIT = 60.0
# Files beyond this many are parsed by all cores.
_MANY = 4000
_CHUNK = 500


def connect(path: Path | str, timeout: float = _WAIT) -> sqlite3.Connection:
    """A connection that never syncs: what is lost with the power is built anew."""
    connection = sqlite3.connect(path, timeout=timeout, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    return connection


class Cache:
    """The cache of one desk, as new as the commit it was opened for."""

    def __init__(self, place: Place, priorities: Sequence[str], progress: Progress | None) -> None:
        self._place = place
        self._priorities = tuple(priorities)
        self._progress = progress
        self.db = self._open()

    def _open(self) -> sqlite3.Connection:
        path = self._place.repository.local / NAME
        try:
            return self._fresh(path)
        except sqlite3.OperationalError as error:
            if _unwritable(error):
                return self._fresh(":memory:")
            if "locked" in str(error):
                raise HdError("the cache is being built by another hd", "try again") from None
            path.unlink(missing_ok=True)
            return self._fresh(path)
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
            return self._fresh(path)
        except OSError:
            return self._fresh(":memory:")

    def _fresh(self, path: Path | str) -> sqlite3.Connection:
        if isinstance(path, Path):
            path.parent.mkdir(exist_ok=True)
        db = connect(path)
        try:
            if not self._is_current(db):
                self._catch_up(db)
        except BaseException:
            db.close()
            raise
        return db

    def _is_current(self, db: sqlite3.Connection) -> bool:
        if db.execute("PRAGMA user_version").fetchone()[0] != rows.VERSION:
            return False
        return meta(db, "head") == self._place.head and meta(db, "priorities") == self._ranks()

    def _ranks(self) -> str:
        return json.dumps(self._priorities)

    def _catch_up(self, db: sqlite3.Connection) -> None:
        db.execute("BEGIN IMMEDIATE")
        try:
            if not self._is_current(db):
                known = self._known_commit(db)
                changed = None if known is None else self._changes(known)
                if changed is None:
                    self._rebuild(db)
                else:
                    _replace(db, self._read(changed))
                set_meta(db, "head", self._place.head)
                set_meta(db, "priorities", self._ranks())
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    def _known_commit(self, db: sqlite3.Connection) -> str | None:
        if db.execute("PRAGMA user_version").fetchone()[0] != rows.VERSION:
            return None
        return meta(db, "head") if meta(db, "priorities") == self._ranks() else None

    def _changes(self, known: str) -> list[Listed] | None:
        """What differs since commit ``known``; None when that commit is gone."""
        try:
            raw = self._place.repository.run(
                "diff-tree",
                "-r",
                "-z",
                "--raw",
                "--no-renames",
                known,
                self._place.head,
                "--",
                "tickets",
            )
        except GitFailed:
            return None
        parts = raw.decode("utf-8", "surrogateescape").split("\0")
        found = []
        for head, path in zip(parts[0::2], parts[1::2], strict=False):
            fields = head.split(" ")
            found.append((path, fields[1], fields[3]))
        return found

    def _rebuild(self, db: sqlite3.Connection) -> None:
        for kind, name in db.execute("SELECT type, name FROM sqlite_master").fetchall():
            if kind == "table" and not name.startswith("sqlite_"):
                db.execute(f'DROP TABLE "{name}"')
        for statement in rows.SCHEMA.split(";"):
            if statement.strip():
                db.execute(statement)
        db.execute(f"PRAGMA user_version={rows.VERSION}")
        _replace(db, self._read(self._all_files()))

    def _all_files(self) -> list[Listed]:
        raw = self._place.repository.run(
            "ls-tree", "-r", "-z", "--full-tree", self._place.head, "tickets/"
        )
        listed = []
        for record in raw.decode("utf-8", "surrogateescape").split("\0"):
            head, _, path = record.partition("\t")
            if path:
                mode, _, blob = head.split(" ")
                listed.append((path, mode, blob))
        return listed

    def _read(self, listed: Sequence[Listed]) -> Iterator[Rows]:
        gone = [path for path, mode, _ in listed if mode == "000000"]
        yield from (Rows(path) for path in gone)
        there = [each for each in listed if each[1] != "000000"]
        if len(there) > _MANY and (os.cpu_count() or 1) > 1:
            yield from self._read_on_all_cores(there)
        elif there:
            with Objects(self._place.repository) as objects:
                yield from rows.of_blobs(objects, there, self._priorities)

    def _read_on_all_cores(self, listed: Sequence[Listed]) -> Iterator[Rows]:
        from concurrent.futures import ProcessPoolExecutor

        chunks = [listed[start : start + _CHUNK] for start in range(0, len(listed), _CHUNK)]
        done = 0
        with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
            work = [(self._place, chunk, self._priorities) for chunk in chunks]
            for result in pool.map(_read_chunk, work):
                yield from result
                done += len(result)
                if self._progress:
                    self._progress(done, len(listed))

    def problems(self) -> list[Problem]:
        """The ticket files that can't be read."""
        found = self.db.execute("SELECT path, line, message FROM problems ORDER BY path")
        return [Problem(*row) for row in found]


def _read_chunk(work: tuple[Place, Sequence[Listed], Sequence[str]]) -> list[Rows]:
    place, listed, priorities = work
    with Objects(place.repository) as objects:
        return list(rows.of_blobs(objects, listed, priorities))


def meta(db: sqlite3.Connection, name: str) -> str | None:
    """A remembered value; None when there is none."""
    row = db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def set_meta(db: sqlite3.Connection, name: str, value: str) -> None:
    """Remembers a value."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


def _replace(db: sqlite3.Connection, found: Iterable[Rows]) -> None:
    """Each ticket's rows, instead of those it had."""
    for each in found:
        for table, column in (("tickets", "id"), ("tags", "id"), ("texts", "id"), ("files", "id")):
            db.execute(f"DELETE FROM {table} WHERE {column} = ?", (each.id,))
        db.execute("DELETE FROM links WHERE source = ?", (each.id,))
        db.execute("DELETE FROM aliases WHERE id = ?", (each.id,))
        db.execute("DELETE FROM problems WHERE path = ?", (each.path,))
        _insert(db, each)


def _insert(db: sqlite3.Connection, each: Rows) -> None:
    if each.problem:
        problem = each.problem
        values = (each.path.encode("utf-8", "replace").decode(), problem.line, problem.message)
        db.execute("INSERT OR REPLACE INTO problems VALUES (?, ?, ?)", values)
    if each.ticket is None:
        return
    marks = ",".join("?" * len(each.ticket))
    db.execute(f"INSERT OR REPLACE INTO tickets VALUES ({marks})", each.ticket)
    db.executemany("INSERT OR IGNORE INTO tags VALUES (?, ?)", [(t, each.id) for t in each.tags])
    db.executemany("INSERT INTO links VALUES (?, ?, ?)", [(each.id, *link) for link in each.links])
    db.executemany("INSERT INTO files VALUES (?, ?)", [(each.id, path) for path in each.files])
    db.executemany(
        "INSERT OR REPLACE INTO aliases VALUES (?, ?)", [(alias, each.id) for alias in each.aliases]
    )
    db.execute("INSERT OR REPLACE INTO texts VALUES (?, ?)", (each.id, each.text))


def advance(place: Place, new: str, tickets: Iterable[Ticket], priorities: Sequence[str]) -> None:
    """After a write: adds its tickets to a cache that was as new as the write's base.

    A favour to the next reader, who would do it anyway; never waits, never fails.
    """
    path = place.repository.local / NAME
    if not path.exists():
        return
    try:
        db = connect(path, timeout=0)
    except sqlite3.Error:
        return
    try:
        db.execute("BEGIN IMMEDIATE")
        current = db.execute("PRAGMA user_version").fetchone()[0] == rows.VERSION
        if current and meta(db, "head") == place.head:
            _replace(db, (rows.of_ticket(ticket, priorities) for ticket in tickets))
            set_meta(db, "head", new)
        db.execute("COMMIT")
    except sqlite3.Error:
        return
    finally:
        db.close()


def _unwritable(error: sqlite3.OperationalError) -> bool:
    text = str(error)
    return any(each in text for each in ("readonly", "unable to open", "disk is full", "disk I/O"))
