"""Questions to the cache: which tickets a message went to, by its Message-ID or its content."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple


class Known(NamedTuple):
    """A message that a ticket has, and the action of the entry that it became."""

    message_id: str
    digest: str
    ticket: str
    action: str


def by_ids(db: sqlite3.Connection, message_ids: Iterable[str]) -> list[Known]:
    """Those with one of these Message-IDs, the latest first."""
    return _found(db, "message != '' AND message", message_ids)


def by_digests(db: sqlite3.Connection, digests: Iterable[str]) -> list[Known]:
    """Those with one of these contents, the latest first."""
    return _found(db, "digest", digests)


def _found(db: sqlite3.Connection, column: str, values: Iterable[str]) -> list[Known]:
    sql = f"""
        SELECT message, digest, ticket, action FROM messages
        WHERE {column} IN (SELECT value FROM json_each(?)) ORDER BY at DESC
    """
    rows = db.execute(sql, (json.dumps(list(values)),))
    return [Known(*map(str, row)) for row in rows]


def with_file(db: sqlite3.Connection, name: str, before: str) -> list[str]:
    """The ids of tickets that have a file of this name and a message that came before a time."""
    sql = """
        SELECT DISTINCT files.id FROM files JOIN messages ON messages.ticket = files.id
        WHERE files.plain = ? AND messages.at < ? ORDER BY files.id
    """
    return [str(row[0]) for row in db.execute(sql, (name, before))]
