"""What became of each message that came to this clone: ``.git/hd/intake/log.sqlite3``.

Whatever was acknowledged is on the disk. Deleting it loses why messages were ignored, and how many
came of late; what became tickets is in these.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from hdcli.errors import Busy, NotADesk

_WAIT = 30.0
# Senders and subjects are personal: a year and a month, then they are forgotten.
_KEPT = 400 * 86_400
_TABLES = """
CREATE TABLE IF NOT EXISTS lines (
    number INTEGER PRIMARY KEY,
    key TEXT, source TEXT, at INT, arrived INT, outcome TEXT, ticket TEXT, reason TEXT,
    message_id TEXT, sender TEXT, subject TEXT, UNIQUE (key, source)
);
CREATE INDEX IF NOT EXISTS of_sender ON lines (sender, arrived);
CREATE INDEX IF NOT EXISTS at_time ON lines (at);
"""


class Line(NamedTuple):
    """A message and what became of it; times in seconds since 1970.

    ``key`` names the content, ``source`` the copy of it. ``sender`` is an address in lower case.
    """

    key: str
    source: str
    at: int
    arrived: int
    outcome: str
    ticket: str
    reason: str
    message_id: str
    sender: str
    subject: str


_COLUMNS = ", ".join(Line._fields)
_SAYS = "sender || ' ' || subject || ' ' || ticket || ' ' || message_id || ' ' || reason"


def folder(local: Path) -> Path:
    """Where the intake of a clone keeps what it needs."""
    return local / "intake"


class IntakeLog:
    """The log of a clone; close it. Its methods raise Busy, NotADesk."""

    def __init__(self, local: Path) -> None:
        self._place = folder(local) / "log.sqlite3"
        self._db: sqlite3.Connection | None = None

    def close(self) -> None:
        """Ends the connection."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def write(self, lines: Iterable[Line]) -> None:
        """Adds lines, on the disk when it returns; those of the same copy take the old one's
        place."""
        rows = list(lines)
        if not rows:
            return
        marks = ",".join("?" * len(Line._fields))
        with self._opened(make=True) as db:
            assert db is not None
            db.execute("BEGIN IMMEDIATE")
            db.executemany(f"INSERT OR REPLACE INTO lines ({_COLUMNS}) VALUES ({marks})", rows)
            newest = max(row.at for row in rows)
            db.execute("DELETE FROM lines WHERE at < ?", (newest - _KEPT,))
            db.execute("COMMIT")

    def of(self, keys: Sequence[str]) -> dict[str, list[Line]]:
        """What became of each copy of some contents."""
        found: dict[str, list[Line]] = {key: [] for key in keys}
        where = "WHERE key IN (SELECT value FROM json_each(?)) ORDER BY at"
        for line in self._rows(where, (json.dumps(list(keys)),)):
            found[line.key].append(line)
        return found

    def since(self, sender: str, after: int, until: int) -> int:
        """How many messages of a sender arrived in (after, until]."""
        sql = "SELECT count(*) FROM lines WHERE sender = ? AND arrived > ? AND arrived <= ?"
        with self._opened() as db:
            return int(db.execute(sql, (sender, after, until)).fetchone()[0]) if db else 0

    def latest(
        self, count: int, outcome: str = "", words: Sequence[str] = ()
    ) -> tuple[list[Line], int]:
        """The last lines, the latest first (0: all), and how many there are; of one outcome, and
        with all of some words in sender, subject, ticket, Message-ID or reason, where these are
        named."""
        clauses = ["outcome = ?"] if outcome else []
        clauses += [f"instr(lower({_SAYS}), lower(?))" for _ in words]
        where = f"WHERE {' AND '.join(clauses)} " if clauses else ""
        values = [*([outcome] if outcome else []), *words]
        found = self._rows(f"{where}ORDER BY number DESC LIMIT ?", [*values, count or -1])
        with self._opened() as db:
            counted = db.execute(f"SELECT count(*) FROM lines {where}", values) if db else None
            return found, int(counted.fetchone()[0]) if counted else 0

    def forget(self, sender: str) -> None:
        """Takes a sender out: what became of their messages stays, and who and what goes."""
        changes = "sender = '', subject = '', message_id = '', reason = ''"
        with self._opened() as db:
            if db is not None:
                db.execute("PRAGMA secure_delete = ON")
                db.execute(f"UPDATE lines SET {changes} WHERE sender = ?", (sender,))

    def _rows(self, clause: str, values: Sequence[object]) -> list[Line]:
        with self._opened() as db:
            found = db.execute(f"SELECT {_COLUMNS} FROM lines {clause}", values) if db else ()
            return [Line(*row) for row in found]

    @contextmanager
    def _opened(self, *, make: bool = False) -> Iterator[sqlite3.Connection | None]:
        """The connection; None where there is no log yet, and none is to be made."""
        try:
            if self._db is None and (make or self._place.exists()):
                self._place.parent.mkdir(parents=True, exist_ok=True)
                self._db = sqlite3.connect(self._place, _WAIT, isolation_level=None)
                self._db.execute("PRAGMA synchronous=FULL")
                for each in _TABLES.split(";"):
                    self._db.execute(each)
            yield self._db
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise Busy("another hd is at the log of the intake", "try again") from None
            raise NotADesk(f"can't write the log of the intake: {error}") from None
        except sqlite3.DatabaseError as error:
            remedy = f"move {self._place} away: hd makes a new one"
            raise NotADesk(f"the log of the intake is damaged: {error}", remedy) from None
        except OSError as error:
            raise NotADesk(f"can't write to this desk: {error.strerror}") from None
