"""The keys of what was imported, so that nothing is taken in twice.

Each commit of an import has the key of its record in an ``Import:`` trailer; the commits are the
only memory. While an import runs they are looked up in a table on disk, not held in memory.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from hdcli.store.git import Repository

TRAILER = "Import"
_PAGES = 2000


class ImportKeys:
    """The keys in the history of a branch, and those that an import adds."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._seen: str | None = None
        # An unnamed database is a file that SQLite deletes by itself.
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute(f"PRAGMA cache_size={_PAGES}")
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("CREATE TABLE known (key TEXT PRIMARY KEY) WITHOUT ROWID")
        self._db.execute("CREATE TABLE met (key TEXT PRIMARY KEY, times INT) WITHOUT ROWID")

    def close(self) -> None:
        """Drops the table."""
        self._db.close()

    def catch_up(self, commit: str) -> None:
        """Takes in the keys of the history up to ``commit``."""
        if commit == self._seen:
            return
        span = commit if self._seen is None else f"{self._seen}..{commit}"
        wanted = f"--format=%(trailers:key={TRAILER},valueonly)"
        found = self._repository.lines("log", wanted, "-F", f"--grep={TRAILER}: ", span)
        self.add(key for line in found if (key := line.decode("ascii", "replace").strip()))
        self._seen = commit

    def passed(self, commit: str) -> None:
        """Up to ``commit`` there are no keys but those seen and added."""
        self._seen = commit

    def add(self, keys: Iterable[str]) -> None:
        """These are taken in now."""
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR IGNORE INTO known VALUES (?)", ((key,) for key in keys))
        self._db.execute("COMMIT")

    def has(self, key: str) -> bool:
        """Whether a record of this key was taken in."""
        return bool(self._db.execute("SELECT 1 FROM known WHERE key = ?", (key,)).fetchone())

    def met_before(self, key: str) -> int:
        """How often this was asked for the same key: equal records of a file are told apart."""
        row = self._db.execute(
            "INSERT INTO met VALUES (?, 0) ON CONFLICT DO UPDATE SET times = times + 1 "
            "RETURNING times",
            (key,),
        ).fetchone()
        return int(row[0])
