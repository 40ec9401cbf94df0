"""A look at the cache as it lies there, for completion: never caught up, built or written.

Somebody pressed a key and waits: a stale answer is good enough, and none is better than an error.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from hdcli.errors import HdError
from hdcli.model.addressbook import AddressBook
from hdcli.store import memory
from hdcli.store.discover import discover

if TYPE_CHECKING:
    from hdcli.model.settings import Settings

# Beyond this many the shell asks whether to show them; one more letter is the better answer.
MOST = 100
# A writer holds the cache for some milliseconds; a first build holds it for long.
_WAIT = 0.05
_BY_URGENCY = "rank DESC, due, created, id"


class Glimpse(NamedTuple):
    """As much of a ticket as a completion shows."""

    id: str
    title: str
    status: str


class Peek:
    """What is remembered of the desk around ``start``; nothing where there is no desk."""

    def __init__(self, start: Path) -> None:
        self._start = start

    @cached_property
    def _local(self) -> Path | None:
        try:
            return discover(self._start).repository.local
        except (HdError, OSError):
            return None

    @property
    def remotes(self) -> list[tuple[str, str]]:
        """The names of the remotes and their addresses."""
        try:
            repository = discover(self._start).repository
            found = repository.attempt("config", "--get-regexp", r"^remote\..*\.url$").stdout
        except (HdError, OSError):
            return []
        lines = (line.partition(" ") for line in found.decode("utf-8", "replace").splitlines())
        return [(name.removeprefix("remote.").removesuffix(".url"), url) for name, _, url in lines]

    @property
    def canned(self) -> list[str]:
        """The names of the desk's own canned replies."""
        from hdcli.model.canned import name_of_path

        try:
            place = discover(self._start)
            asked = ("ls-tree", "--name-only", "-z", place.head, "canned/")
            found = place.repository.attempt(*asked).stdout.decode("utf-8", "replace")
        except (HdError, OSError):
            return []
        return [name for path in found.split("\0") if (name := name_of_path(path))]

    @cached_property
    def settings(self) -> Settings | None:
        """The settings that were read last."""
        from hdcli.model.settings_file import settings_from

        if self._local is None:
            return None
        try:
            return settings_from(memory.settings(self._local)[1])
        except HdError:
            return None

    def any_id(self) -> str:
        """Some ticket's id, which shows how ids begin here; empty where there is none."""
        found = self._rows("SELECT id FROM tickets LIMIT 1", ())
        return str(found[0][0]) if found else ""

    def open_tickets(self) -> list[Glimpse]:
        """The most urgent open tickets."""
        return self._tickets("open = 1", (), _BY_URGENCY)

    def tickets_in(self, statuses: Sequence[str]) -> list[Glimpse]:
        """Tickets in one of these statuses, the latest touched first."""
        marks = ",".join("?" * len(statuses))
        return self._tickets(f"status IN ({marks})", statuses, "updated DESC")

    def tickets_from(self, key: str, statuses: Sequence[str]) -> list[Glimpse]:
        """Tickets in one of these statuses whose id, behind its prefix, begins with ``key``."""
        marks = ",".join("?" * len(statuses))
        # The plus keeps SQLite from walking a status instead of the few keys.
        condition = f"key >= ? AND key < ? AND +status IN ({marks})"
        return self._tickets(condition, (key, f"{key}~", *statuses), f"open DESC, {_BY_URGENCY}")

    def _tickets(self, condition: str, values: Sequence[str], order: str) -> list[Glimpse]:
        sql = f"SELECT id, title, status FROM tickets WHERE {condition} ORDER BY {order}"
        return [Glimpse(*map(str, row)) for row in self._rows(f"{sql} LIMIT {MOST}", values)]

    def tags(self, start: str) -> list[tuple[str, int]]:
        """The tags that begin so and how often they are used, the most used first."""
        begun = "WHERE plain >= ? AND plain < ?" if start and start.isascii() else ""
        values = (start.lower(), f"{start.lower()}~") if begun else ()
        order = f"GROUP BY tag ORDER BY 2 DESC, 1 LIMIT {MOST}"
        found = self._rows(f"SELECT tag, count(*) FROM tags {begun} {order}", values)
        return [(str(row[0]), int(row[1])) for row in found]

    def requesters(self, start: str) -> list[tuple[str, int]]:
        """The requesters whose name or address begins so (in ASCII whatever its case) and how many
        tickets they have, who has most first."""
        literal = start.translate({ord(each): f"\\{each}" for each in "\\%_"})
        sql = (
            "SELECT requester, n FROM requesters "
            r"WHERE requester LIKE ? ESCAPE '\' OR requester LIKE ? ESCAPE '\' "
            f"ORDER BY n DESC, requester LIMIT {MOST}"
        )
        found = self._rows(sql, (f"{literal}%", f"%<{literal}%"))
        return [(str(row[0]), int(row[1])) for row in found]

    def book(self, start: str) -> list[str]:
        """Those of the address book whose name or address begins so, as tickets name people."""
        if self._local is None:
            return []
        _, entries = memory.settings(self._local, "requesters")
        found = AddressBook(entries if isinstance(entries, dict) else {})
        begun = start.lower()
        near = (e for e in found if any(t.lower().startswith(begun) for t in (str(e), e.address)))
        return [str(each) for each in islice(near, MOST)]

    def tags_of(self, keys: Sequence[str]) -> list[str]:
        """The tags on the tickets whose ids, behind their prefixes, begin with these."""
        condition = " OR ".join(["key >= ? AND key < ?"] * len(keys)) or "0"
        sql = (
            "SELECT DISTINCT tag FROM tags JOIN tickets ON tags.id = tickets.id "
            f"WHERE {condition} ORDER BY tag LIMIT {MOST}"
        )
        values = [bound for key in keys for bound in (key, f"{key}~")]
        return [str(row[0]) for row in self._rows(sql, values)]

    def articles(self, states: Sequence[str]) -> list[tuple[str, str]]:
        """The articles in one of these states: slug and title."""
        marks = ",".join("?" * len(states))
        sql = f"SELECT slug, title FROM articles WHERE state IN ({marks}) ORDER BY slug"
        return [(str(row[0]), str(row[1])) for row in self._rows(sql, states)]

    def procedures(self) -> list[tuple[str, str]]:
        """The published articles with steps: slug and title."""
        sql = "SELECT slug, title FROM articles WHERE state = 'published' AND steps > 0"
        return [(str(row[0]), str(row[1])) for row in self._rows(f"{sql} ORDER BY slug", ())]

    def steps_of(self, key: str) -> list[str]:
        """What the steps of the procedure say that a ticket follows, as the article is now."""
        sql = (
            "SELECT articles.doc FROM tickets JOIN articles ON slug = procedure "
            "WHERE key >= ? AND key < ? AND procedure != '' LIMIT 1"
        )
        found = self._rows(sql, (key, f"{key}~")) if key else []
        return [step["do"] for step in json.loads(found[0][0]).get("steps", ())] if found else []

    def _rows(self, sql: str, values: Sequence[str]) -> list[tuple[Any, ...]]:
        if self._local is None:
            return []
        place = self._local / "cache.sqlite3"
        try:
            db = sqlite3.connect(f"{place.as_uri()}?mode=ro", uri=True, timeout=_WAIT)
        except sqlite3.Error:
            return []
        try:
            return db.execute(sql, values).fetchall()
        except sqlite3.Error:
            return []
        finally:
            db.close()
