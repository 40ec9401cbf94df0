"""Questions to the cache: which tickets match, in what order, how many; links, titles, tags."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from hdcli.errors import BadUsage
from hdcli.model import suggest
from hdcli.model.fields import OPEN_STATUSES, STATUSES
from hdcli.store.condition import Where, prepared

# "urgency" is the order that indexes of the cache have: what is open first, then the most urgent.
SORTS: Mapping[str, str] = {
    "urgency": "open DESC, rank DESC, due, created",
    "priority": "rank DESC",
    "created": "created",
    "updated": "updated",
    "resolved": "resolved",
    "due": "due",
    "title": "plain(title)",
    "status": f"instr('{' '.join(STATUSES)}', status)",
    "level": "level",
    "team": "team",
    "assignee": "assignee",
    "requester": "plain(requester)",
    "category": "category",
    "id": "id",
}
# What decides between equals.
_TIES: Mapping[str, str] = {
    **dict.fromkeys(("due", "status", "level", "team", "assignee", "category"), "rank DESC, id"),
    "priority": "created, id",
}


class Named(NamedTuple):
    """A ticket's title and status."""

    title: str
    status: str


class Held(NamedTuple):
    """Who has a ticket: the agent, or the team of one that is open and that no agent has yet."""

    assignee: str = ""
    team: str = ""


class Crowd(NamedTuple):
    """How many open tickets a team (or none) has at a level, and how many of them have nobody."""

    level: int
    team: str
    open: int
    unassigned: int


def order(sort: str) -> str:
    """The ORDER BY of ``--sort``: names with commas, ``-`` before one reverses. Raises BadUsage."""
    clauses, last = [], ""
    for name in sort.split(","):
        last = name.strip().removeprefix("-")
        if last not in SORTS:
            near = suggest.nearest(last, SORTS)
            hint = f"did you mean '{near}'?" if near else f"known: {', '.join(SORTS)}"
            raise BadUsage(f"can't sort by '{last}'", hint)
        reverse = name.strip().startswith("-")
        clauses.append(_reversed(SORTS[last]) if reverse else SORTS[last])
    return ", ".join([*clauses, _TIES.get(last, "id")])


def _reversed(clause: str) -> str:
    if "(" in clause:
        return f"{clause} DESC"
    parts = clause.split(", ")
    return ", ".join(p.removesuffix(" DESC") if p.endswith(" DESC") else f"{p} DESC" for p in parts)


def ids_of(
    db: sqlite3.Connection, condition: Where, sort: str = "urgency", limit: int | None = None
) -> list[str]:
    """The ids of the tickets that match, in order."""
    tail = "" if limit is None else f" LIMIT {min(limit, sys.maxsize)}"
    sql = f"SELECT id FROM tickets WHERE {condition.sql} ORDER BY {order(sort)}{tail}"
    return [str(row[0]) for row in prepared(db).execute(sql, dict(condition.values))]


def matching(db: sqlite3.Connection, condition: Where) -> frozenset[str]:
    """The ids of all tickets that match."""
    # One row: to take each id out of a row of its own would be most of the time.
    sql = f"SELECT group_concat(id, ' ') FROM tickets WHERE {condition.sql}"
    found = prepared(db).execute(sql, dict(condition.values)).fetchone()[0]
    return frozenset((found or "").split())


def matching_of(db: sqlite3.Connection, condition: Where, wanted: Sequence[str]) -> frozenset[str]:
    """Those of some tickets that match, by their ids."""
    # A cross join: SQLite would rather walk through all that an index on the condition has.
    sql = f"""
        SELECT id FROM (SELECT value AS given FROM json_each(:given)) CROSS JOIN tickets
        ON id = given WHERE {condition.sql}
    """
    values = {**condition.values, "given": json.dumps(wanted)}
    return frozenset(map(itemgetter(0), prepared(db).execute(sql, values)))


def documents(db: sqlite3.Connection, wanted: Sequence[str]) -> list[str]:
    """The values of some tickets as JSON text (a file's, without the log), in their order."""
    sql = "SELECT id, doc FROM tickets WHERE id IN (SELECT value FROM json_each(?))"
    found = dict(db.execute(sql, (json.dumps(wanted),)).fetchall())
    return [found[each] for each in wanted if each in found]


def count(db: sqlite3.Connection, condition: Where) -> int:
    """How many tickets match."""
    what = "coalesce(sum(n), 0) FROM tally" if condition.tallied else "count(*) FROM tickets"
    sql = f"SELECT {what} WHERE {condition.sql}"
    return int(prepared(db).execute(sql, dict(condition.values)).fetchone()[0])


def crowds(db: sqlite3.Connection) -> list[Crowd]:
    """Where the open tickets are, by level and team."""
    sql = """
        SELECT level, team, sum(n), sum(n * (assignee = '')) FROM tally
        WHERE open = 1 GROUP BY level, team HAVING sum(n) > 0 ORDER BY level, team
    """
    return [Crowd(*row) for row in db.execute(sql)]


def overdue(db: sqlite3.Connection, now: str) -> dict[int, int]:
    """How many open tickets of each level are past their due date (``now`` is UTC)."""
    sql = "SELECT level, count(*) FROM tickets WHERE open = 1 AND due < ? GROUP BY level"
    return {int(level): int(n) for level, n in db.execute(sql, (now,))}


def by_prefix(db: sqlite3.Connection, key: str) -> list[tuple[str, str]]:
    """Id and title of the (first six) tickets and aliases whose id begins so behind the dash.

    A ticket whose file can't be read has no title. An old id that is another ticket's own, as when
    two were born with it, is that one's.
    """
    sql = """
        SELECT id, title FROM tickets WHERE key >= :key AND key < :key || '~'
        UNION SELECT tickets.id, title FROM aliases JOIN tickets USING (id)
        WHERE substr(alias, instr(alias, '-') + 1, length(:key)) = :key
        AND alias NOT IN (SELECT id FROM tickets)
        UNION SELECT replace(substr(path, 12), '.yaml', ''), '' FROM problems
        WHERE path GLOB 'tickets/??/*-' || :key || '*.yaml' ORDER BY 1 LIMIT 6
    """
    return [(str(row[0]), str(row[1])) for row in db.execute(sql, {"key": key})]


def tickets_in_all(db: sqlite3.Connection) -> int:
    """How many tickets the desk has."""
    return int(db.execute("SELECT coalesce(sum(n), 0) FROM tally").fetchone()[0])


def links_to(db: sqlite3.Connection, ticket_id: str) -> list[tuple[str, str]]:
    """The links that other tickets have to this one: (relation, their id)."""
    found = db.execute(
        "SELECT relation, source FROM links WHERE target = ? ORDER BY source", (ticket_id,)
    )
    return [(str(row[0]), str(row[1])) for row in found]


def merged_into(db: sqlite3.Connection, wanted: Sequence[str]) -> list[str]:
    """The tickets that were merged into these, and those merged into them."""
    sql = """
        WITH RECURSIVE gone(id) AS (
            SELECT id FROM tickets WHERE merged != '' AND merged IN (SELECT value FROM json_each(?))
            UNION SELECT tickets.id FROM tickets JOIN gone ON merged = gone.id AND merged != ''
        ) SELECT id FROM gone ORDER BY id
    """
    return [str(row[0]) for row in db.execute(sql, (json.dumps(wanted),))]


def namesakes(db: sqlite3.Connection, ticket_id: str) -> list[str]:
    """The ids that a ticket had before, and the tickets that had its id."""
    sql = "SELECT alias FROM aliases WHERE id = ? UNION SELECT id FROM aliases WHERE alias = ?"
    return [str(row[0]) for row in db.execute(sql, (ticket_id, ticket_id))]


def titles(db: sqlite3.Connection, wanted: Sequence[str]) -> dict[str, Named]:
    """Title and status of some tickets, by id; what is no ticket here is left out."""
    sql = "SELECT id, title, status FROM tickets WHERE id IN (SELECT value FROM json_each(?))"
    found = db.execute(sql, (json.dumps(wanted),))
    return {str(row[0]): Named(*row[1:]) for row in found}


def followed_by(db: sqlite3.Connection, agent: str) -> frozenset[str]:
    """The ids of the tickets that an agent (by handle) follows."""
    return frozenset(
        str(row[0]) for row in db.execute("SELECT id FROM watchers WHERE agent = ?", (agent,))
    )


def held(db: sqlite3.Connection, ticket: str) -> Held:
    """Who has a ticket (by id)."""
    sql = "SELECT assignee, team, status FROM tickets WHERE id = ?"
    for assignee, team, status in db.execute(sql, (ticket,)):
        waits = not assignee and status in OPEN_STATUSES
        return Held(str(assignee or ""), str(team or "") if waits else "")
    return Held()


def tags(db: sqlite3.Connection) -> list[tuple[str, int]]:
    """The tags in use, the most used first."""
    found = db.execute("SELECT tag, count(*) FROM tags GROUP BY tag ORDER BY 2 DESC, 1")
    return [(str(row[0]), int(row[1])) for row in found]


def by_external(db: sqlite3.Connection, external: str) -> list[str]:
    """The ids of the tickets that have this reference in another system."""
    found = db.execute("SELECT id FROM tickets WHERE external = ? AND external != ''", (external,))
    return [str(row[0]) for row in found]
