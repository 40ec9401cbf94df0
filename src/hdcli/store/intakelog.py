"""What became of each message that came to this clone: ``.git/hd/intake/log.sqlite3``.

Whatever was acknowledged is on the disk. Deleting it loses why messages were ignored, and how many
came of late; what became tickets is in these.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from hdcli.errors import Busy, NotADesk

_WAIT = 30.0
_TABLES = """
CREATE TABLE IF NOT EXISTS messages (
    key TEXT, source TEXT, at INT, arrived INT, outcome TEXT, ticket TEXT, reason TEXT,
    message_id TEXT, sender TEXT, subject TEXT, PRIMARY KEY (key, source)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_sender ON messages (sender, arrived);
CREATE INDEX IF NOT EXISTS by_time ON messages (at);
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


def folder(local: Path) -> Path:
    """Where the intake of a clone keeps what it needs."""
    return local / "intake"


class IntakeLog:
    """The log of a clone. Raises Busy, NotADesk."""

    def __init__(self, local: Path) -> None:
        self._place = folder(local) / "log.sqlite3"

    def write(self, lines: Iterable[Line]) -> None:
        """Adds lines, on the disk when it returns; those of the same copy take the old one's
        place."""
        rows = list(lines)
        if not rows:
            return
        marks = ",".join("?" * len(Line._fields))
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            db.executemany(f"INSERT OR REPLACE INTO messages VALUES ({marks})", rows)
            db.execute("COMMIT")

    def of(self, key: str) -> list[Line]:
        """What became of each copy of a content."""
        return list(self._rows("WHERE key = ? ORDER BY at", (key,)))

    def since(self, sender: str, after: int, until: int) -> int:
        """How many messages of a sender arrived in (after, until]."""
        if not self._place.exists():
            return 0
        sql = "SELECT count(*) FROM messages WHERE sender = ? AND arrived > ? AND arrived <= ?"
        with self._open() as db:
            return int(db.execute(sql, (sender, after, until)).fetchone()[0])

    def latest(self, count: int, outcome: str = "") -> list[Line]:
        """The last lines, the latest first; of one outcome, where one is named."""
        where = "WHERE outcome = ? " if outcome else ""
        values = (outcome, count) if outcome else (count,)
        return list(self._rows(f"{where}ORDER BY at DESC, key LIMIT ?", values))

    def _rows(self, clause: str, values: tuple[object, ...]) -> Iterator[Line]:
        if not self._place.exists():
            return
        columns = ", ".join(Line._fields)
        with self._open() as db:
            for row in db.execute(f"SELECT {columns} FROM messages {clause}", values):
                yield Line(*row)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self._place.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._place, _WAIT, isolation_level=None)) as db:
                db.execute("PRAGMA synchronous=FULL")
                for each in _TABLES.split(";"):
                    db.execute(each)
                yield db
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise Busy("another hd is at the log of the intake", "try again") from None
            raise NotADesk(f"can't write the log of the intake: {error}") from None
        except sqlite3.DatabaseError as error:
            remedy = f"move {self._place} away: hd makes a new one"
            raise NotADesk(f"the log of the intake is damaged: {error}", remedy) from None
        except OSError as error:
            raise NotADesk(f"can't write to this desk: {error.strerror}") from None
