"""Queries on the cache: a parsed query as SQL, and the few other questions that commands ask."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hdcli.errors import BadUsage
from hdcli.model import suggest
from hdcli.model.query import Query, Term, Word
from hdcli.store.rows import NEVER, plain

# The fields whose column in the cache has their name.
_PLAIN_COLUMNS = frozenset(
    (
        *("status", "priority", "impact", "urgency", "level", "category", "team", "assignee"),
        *("channel", "due", "created", "updated", "resolved", "pending", "until", "external"),
        "entries",
    )
)
_FLAGS: Mapping[str, str] = {
    "open": "open",
    "closed": "NOT open",
    "overdue": "(open AND due < :now)",
    "waiting": "status = 'pending'",
    "escalated": "level > 1",
    "unassigned": "assignee = ''",
    "mine": "assignee = :me",
    "merged": "merged != ''",
    "edited": "edited",
}
_HAS: Mapping[str, str] = {
    "assignee": "assignee != ''",
    "team": "team != ''",
    "category": "category != ''",
    "requester": "requester != ''",
    "priority": "priority != ''",
    "due": f"due != '{NEVER}'",
    "tag": "EXISTS (SELECT 1 FROM tags WHERE tags.id = tickets.id)",
    "attachment": "EXISTS (SELECT 1 FROM files WHERE files.id = tickets.id)",
    "link": "EXISTS (SELECT 1 FROM links WHERE source = tickets.id OR target = tickets.id)",
}
SORTS: Mapping[str, str] = {
    "urgency": "rank DESC, due, created, id",
    "priority": "rank DESC, created, id",
    "created": "created, id",
    "updated": "updated, id",
    "resolved": "resolved, id",
    "due": "due, rank DESC, id",
    "title": "title COLLATE NOCASE, id",
    "status": "status, rank DESC, id",
    "level": "level, rank DESC, id",
    "team": "team, rank DESC, id",
    "assignee": "assignee, rank DESC, id",
    "requester": "requester COLLATE NOCASE, id",
    "category": "category, rank DESC, id",
    "id": "id",
}


@dataclass(frozen=True, slots=True)
class Where:
    """A condition in SQL with its parameters."""

    sql: str
    values: Mapping[str, object]


def where(query: Query, now: str, me: str) -> Where:
    """The query as a condition; ``now`` is UTC, ``me`` the handle that ``mine`` means."""
    conditions: list[str] = []
    values: dict[str, object] = {"now": now, "me": me}
    for part in query.parts:
        sql = _word(part, values) if isinstance(part, Word) else _term(part, values)
        conditions.append(f"NOT ({sql})" if part.negated else sql)
    return Where(" AND ".join(f"({each})" for each in conditions) or "1", values)


def names_status(query: Query) -> bool:
    """Whether the query says itself which statuses it wants, so that no default applies."""
    states = ("open", "closed", "overdue", "waiting", "merged")
    return any(
        term.field in ("status", "resolved", "id", "pending")
        or (term.field == "is" and any(value in states for value in term.values))
        for term in query.terms
    )


def _bind(values: dict[str, object], value: object) -> str:
    name = f"p{len(values)}"
    values[name] = value
    return f":{name}"


def _word(word: Word, values: dict[str, object]) -> str:
    mark = _bind(values, plain(word.text))
    return f"EXISTS (SELECT 1 FROM texts WHERE texts.id = tickets.id AND instr(text, {mark}))"


def _term(term: Term, values: dict[str, object]) -> str:
    if term.field == "is":
        return " OR ".join(_FLAGS[str(value)] for value in term.values)
    if term.field in ("has", "no"):
        present = " OR ".join(_HAS[str(value)] for value in term.values)
        return f"NOT ({present})" if term.field == "no" else present
    if term.field in _PLAIN_COLUMNS:
        return _compared(term.field, term, values)
    return " OR ".join(f"({_one(term.field, str(value), values)})" for value in term.values)


def _compared(column: str, term: Term, values: dict[str, object]) -> str:
    if term.op == "=":
        marks = ", ".join(_bind(values, value) for value in term.values)
        return f"{column} IN ({marks})"
    present = f" AND {column} NOT IN ('', '{NEVER}')" if column in _DATES else ""
    if term.op == "..":
        first, end = (_bind(values, value) for value in term.values)
        return f"{column} >= {first} AND {column} < {end}{present}"
    return f"{column} {term.op} {_bind(values, term.values[0])}{present}"


_DATES = frozenset(("due", "created", "updated", "resolved", "until"))


def _one(name: str, value: str, values: dict[str, object]) -> str:
    if name == "id":
        mark = _bind(values, value.upper().rpartition("-")[2].translate(_LOOKALIKE) + "*")
        return f"key GLOB {mark}"
    if name == "tag":
        mark = _bind(values, value)
        return f"id IN (SELECT id FROM tags WHERE tag = {mark} COLLATE NOCASE)"
    if name == "link":
        mark = _bind(values, value.upper().rpartition("-")[2] + "")
        return (
            f"id IN (SELECT source FROM links WHERE target LIKE '%-' || {mark}) "
            f"OR id IN (SELECT target FROM links WHERE source LIKE '%-' || {mark})"
        )
    if name == "attachment":
        mark = _bind(values, plain(value))
        return f"id IN (SELECT id FROM files WHERE instr(lower(path), {mark}))"
    if name in ("title", "requester"):
        return f"instr(plain({name}), {_bind(values, plain(value))})"
    path = _bind(values, f'$."{name}"')
    return f"instr(plain(coalesce(json_extract(doc, {path}), '')), {_bind(values, plain(value))})"


_LOOKALIKE = str.maketrans("OIL", "011")


def order(sort: str) -> str:
    """The ORDER BY of ``--sort``: names with commas, ``-`` before one reverses. Raises BadUsage."""
    clauses = []
    for name in sort.split(","):
        key = name.strip().removeprefix("-")
        if key not in SORTS:
            near = suggest.nearest(key, SORTS)
            hint = f"did you mean '{near}'?" if near else f"known: {', '.join(SORTS)}"
            raise BadUsage(f"can't sort by '{key}'", hint)
        clauses.append(_reversed(SORTS[key]) if name.strip().startswith("-") else SORTS[key])
    return ", ".join(clauses)


def _reversed(clause: str) -> str:
    return ", ".join(
        part.removesuffix(" DESC") if part.endswith(" DESC") else f"{part} DESC"
        for part in clause.split(", ")
    )


def prepared(db: sqlite3.Connection) -> sqlite3.Connection:
    """The connection with the functions that queries use."""
    db.create_function("plain", 1, lambda text: plain(str(text)), deterministic=True)
    return db


def select(
    db: sqlite3.Connection, condition: Where, sort: str, limit: int | None
) -> list[dict[str, Any]]:
    """The values of the tickets that match, as their files have them, without the log."""
    tail = "" if limit is None else f" LIMIT {int(limit)}"
    sql = f"SELECT doc FROM tickets WHERE {condition.sql} ORDER BY {order(sort)}{tail}"
    found = prepared(db).execute(sql, dict(condition.values))
    return [json.loads(row[0]) for row in found]


def ids_of(db: sqlite3.Connection, condition: Where, sort: str) -> list[str]:
    """The ids of the tickets that match."""
    sql = f"SELECT id FROM tickets WHERE {condition.sql} ORDER BY {order(sort)}"
    return [str(row[0]) for row in prepared(db).execute(sql, dict(condition.values))]


def count(db: sqlite3.Connection, condition: Where) -> int:
    """How many tickets match."""
    sql = f"SELECT count(*) FROM tickets WHERE {condition.sql}"
    return int(prepared(db).execute(sql, dict(condition.values)).fetchone()[0])


def by_prefix(db: sqlite3.Connection, key: str) -> list[tuple[str, str]]:
    """Id and title of the (first six) tickets and aliases whose id begins so behind the dash."""
    sql = """
        SELECT id, title FROM tickets WHERE key >= :key AND key < :key || '~'
        UNION SELECT tickets.id, title FROM aliases JOIN tickets USING (id)
        WHERE alias LIKE '%-' || :key || '%' ORDER BY 1 LIMIT 6
    """
    return [(str(row[0]), str(row[1])) for row in db.execute(sql, {"key": key})]


def tickets_in_all(db: sqlite3.Connection) -> int:
    """How many tickets the desk has."""
    return int(db.execute("SELECT count(*) FROM tickets").fetchone()[0])


def links_to(db: sqlite3.Connection, ticket_id: str) -> list[tuple[str, str]]:
    """The links that other tickets have to this one: (relation, their id)."""
    found = db.execute(
        "SELECT relation, source FROM links WHERE target = ? ORDER BY source", (ticket_id,)
    )
    return [(str(row[0]), str(row[1])) for row in found]


def titles(db: sqlite3.Connection, wanted: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Title and status of some tickets, by id."""
    marks = ",".join("?" * len(wanted))
    sql = f"SELECT id, title, status FROM tickets WHERE id IN ({marks})"
    return {str(row[0]): (str(row[1]), str(row[2])) for row in db.execute(sql, list(wanted))}


def tags(db: sqlite3.Connection) -> list[tuple[str, int]]:
    """The tags in use, the most used first."""
    found = db.execute("SELECT tag, count(*) FROM tags GROUP BY tag ORDER BY 2 DESC, 1")
    return [(str(row[0]), int(row[1])) for row in found]


def tally(db: sqlite3.Connection, column: str, condition: Where) -> dict[str, int]:
    """How many matching tickets have each value of a column of the cache."""
    assert column in _PLAIN_COLUMNS
    sql = f"SELECT {column}, count(*) FROM tickets WHERE {condition.sql} GROUP BY 1 ORDER BY 1"
    found = prepared(db).execute(sql, dict(condition.values))
    return {str(row[0]): int(row[1]) for row in found}


OPEN = Where("open", {})
