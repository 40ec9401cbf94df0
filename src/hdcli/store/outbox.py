"""What goes out of this clone, and what became of it: ``.git/hd/outbox/outbox.sqlite3``.

A row is one mail (or another notice) about one entry to one recipient, named by a key that is the
same whenever it is planned; a key that is there is never taken in again. Its life:

    queued ──> sending ──> sent
      │  ^________│ │ └──> failed     (refused for good, or tried for too long)
      │             └────> unknown    (its sender was killed, or the line broke, in the midst of it)
      └──> dropped

Each step is on the disk before the next is taken. ``sending`` is written before the first byte that
could deliver it, so what is found in that state afterwards may have arrived: it becomes ``unknown``
and is never sent again by itself. What was sent keeps its key; its content goes at once, and who
it went to after some weeks.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple

from hdcli.errors import Busy, HdError, NotADesk
from hdcli.store.lock import lock

State = Literal["queued", "sending", "sent", "failed", "unknown", "dropped"]
STATES: tuple[State, ...] = ("queued", "sending", "sent", "failed", "unknown", "dropped")
_WAIT = 30.0
_KEPT_FOR = 30 * 86_400
_TABLES = """
CREATE TABLE IF NOT EXISTS notices (
    key TEXT PRIMARY KEY, kind TEXT, event TEXT, ticket TEXT, entry TEXT, recipient TEXT,
    automatic INT, subject TEXT, content BLOB, state TEXT, tries INT, at INT, due INT, said TEXT,
    made INT
);
CREATE INDEX IF NOT EXISTS by_state ON notices (state, due);
CREATE INDEX IF NOT EXISTS by_recipient ON notices (recipient, made);
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""


class Notice(NamedTuple):
    """A mail to be sent; times in seconds since 1970, UTC.

    ``kind`` is ``mail`` or that of another way out. ``at`` is when its state last changed, ``due``
    when it is to be tried (again), ``made`` when it was planned; ``said`` is what came of the last
    try. ``automatic`` is 1 for what no person wrote.
    """

    key: str
    kind: str
    event: str
    ticket: str
    entry: str
    recipient: str
    automatic: int
    subject: str
    content: bytes
    state: State = "queued"
    tries: int = 0
    at: int = 0
    due: int = 0
    said: str = ""
    made: int = 0


class OutboxDamaged(HdError):
    """The outbox can't be read. Nothing may be sent: it is what knows what was."""


def folder(local: Path) -> Path:
    """Where the outbox of a clone is."""
    return local / "outbox"


def exists(local: Path) -> bool:
    """Whether this clone has an outbox."""
    return (folder(local) / "outbox.sqlite3").exists()


def at_work(local: Path) -> AbstractContextManager[int]:
    """Held by the one process that plans and sends. Raises Busy."""
    place = folder(local)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotADesk(f"can't write to this desk: {error.strerror}: {place}") from None
    return lock(place)


class Outbox:
    """The outbox of a clone, open. Close it, or use ``contextlib.closing``."""

    def __init__(self, local: Path) -> None:
        place = folder(local)
        try:
            place.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(place / "outbox.sqlite3", _WAIT, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")  # one sync a step, not three
            self._db.execute("PRAGMA synchronous=FULL")
            for each in _TABLES.split(";"):
                self._db.execute(each)
        except sqlite3.OperationalError as error:
            raise _busy_or_broken(error, place) from None
        except sqlite3.DatabaseError as error:
            raise _damaged(error, place) from None
        except OSError as error:
            raise NotADesk(f"can't write to this desk: {error.strerror}: {place}") from None
        self._place = place

    def close(self) -> None:
        """Ends the connection."""
        self._db.close()

    def note(self, name: str) -> str:
        """Something noted, such as the cursor; empty where it never was."""
        rows = self._ask("SELECT value FROM notes WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else ""

    def plan(self, notices: Iterable[Notice], notes: dict[str, str], now: int) -> list[Notice]:
        """Takes in what is not known yet, and notes, all or nothing; gives what was new, without
        its content."""
        added = []
        with self._transaction():
            for each in notices:
                row = each._replace(at=now, due=each.due or now, made=now)
                marks = ",".join("?" * len(row))
                done = self._db.execute(f"INSERT OR IGNORE INTO notices VALUES ({marks})", row)
                if done.rowcount:
                    added.append(row._replace(content=b""))
            for name, value in notes.items():
                self._db.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))
        return added

    def knows(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of some keys that were taken in."""
        import json

        sql = "SELECT key FROM notices WHERE key IN (SELECT value FROM json_each(?))"
        return frozenset(str(row[0]) for row in self._ask(sql, (json.dumps(list(keys)),)))

    def recent(self, recipient: str, since: int) -> int:
        """How many automatic mails to an address were planned since an instant."""
        sql = "SELECT count(*) FROM notices WHERE recipient = ? AND made > ? AND automatic = 1"
        return int(self._ask(sql, (recipient, since))[0][0])

    def last(self, ticket: str, event: str) -> int:
        """When an event was last planned for a ticket, in seconds since 1970; 0 for never."""
        sql = "SELECT max(made) FROM notices WHERE ticket = ? AND event = ?"
        return int(self._ask(sql, (ticket, event))[0][0] or 0)

    def due(self, kind: str, now: int, limit: int = 20) -> list[Notice]:
        """What of a kind is to be sent now, the longest due first; -1: all of it. What was put off
        by a clock that has gone back since is due, too."""
        where = "state = 'queued' AND kind = ? AND (due <= ? OR at > ?) ORDER BY due, rowid LIMIT ?"
        return self._notices(where, (kind, now, now, limit))

    def of_states(self, states: Sequence[State], limit: int = -1) -> list[Notice]:
        """What is in some states, the latest change first."""
        marks = ",".join("?" * len(states))
        return self._notices(
            f"state IN ({marks}) ORDER BY at DESC, rowid DESC LIMIT ?", (*states, limit)
        )

    def named(self, beginning: str) -> list[Notice]:
        """What has a key that begins so."""
        low = beginning.lower()
        return self._notices("key >= ? AND key < ? || '~' ORDER BY key", (low, low))

    def move(
        self, key: str, state: State, now: int, *, said: str = "", tries: int = 0, due: int = 0
    ) -> None:
        """The next step of a notice's life, on the disk when it returns."""
        with self._transaction():
            self._db.execute(
                "UPDATE notices SET state = ?, at = ?, said = ?, tries = tries + ?, due = ?, "
                "content = CASE WHEN ? IN ('sent', 'dropped') THEN x'' ELSE content END "
                "WHERE key = ?",
                (state, now, said, tries, due or now, state, key),
            )

    def hold(self, kind: str, recipient: str, until: int) -> None:
        """Nothing that waits for a recipient is due before an instant."""
        with self._transaction():
            self._db.execute(
                "UPDATE notices SET due = max(due, ?) "
                "WHERE state = 'queued' AND kind = ? AND recipient = ?",
                (until, kind, recipient),
            )

    def recover(self, now: int) -> list[Notice]:
        """What a killed sender was sending: its fate is unknown from now on."""
        said = "its sender was stopped while sending it"
        found = self._notices("state = 'sending'", ())
        for each in found:
            self.move(each.key, "unknown", now, said=said)
        return [each._replace(said=said) for each in found]

    def forget(self, now: int) -> None:
        """Takes out whom old mail went to, and what it was about in words; its keys stay."""
        with self._transaction():
            self._db.execute(
                "UPDATE notices SET recipient = '', subject = '', said = '' "
                "WHERE state IN ('sent', 'dropped') AND at < ? AND recipient != ''",
                (now - _KEPT_FOR,),
            )

    def _notices(self, clause: str, values: tuple[object, ...]) -> list[Notice]:
        columns = ", ".join(Notice._fields)
        rows = self._ask(f"SELECT {columns} FROM notices WHERE {clause}", values)
        return [Notice(*row) for row in rows]

    def _ask(self, sql: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            raise _busy_or_broken(error, self._place) from None
        except sqlite3.DatabaseError as error:
            raise _damaged(error, self._place) from None

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError as error:
            raise _busy_or_broken(error, self._place) from None
        except sqlite3.DatabaseError as error:
            raise _damaged(error, self._place) from None


def _busy_or_broken(error: sqlite3.Error, place: Path) -> HdError:
    if "locked" in str(error):
        return Busy("another hd is at the outbox", "try again")
    return NotADesk(f"can't write to the outbox: {error}: {place}")


def _damaged(error: sqlite3.Error, place: Path) -> OutboxDamaged:
    remedy = f"move {place} away: hd then begins at the latest commit, and forgets what waits"
    return OutboxDamaged(f"the outbox is damaged: {error}", remedy)
