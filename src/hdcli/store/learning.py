"""What there is to learn, asked of the cache: recent tickets, what failed, who did what."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from hdcli.store.texts import document

_GIVEN = "(SELECT value FROM json_each(:given))"


class Recent(NamedTuple):
    """A ticket of late. ``resolved`` is a time (UTC) or empty; ``solved`` says whether an article
    helped with it; the text is plain."""

    id: str
    category: str
    created: str
    resolved: str
    solved: bool
    title: str
    text: str


class Failing(NamedTuple):
    """An article with which something went wrong: of the tickets it was tried on since a time, how
    many it helped with, how many it did not, how many of the helped ones were opened again."""

    slug: str
    title: str
    state: str
    helped: int
    unhelpful: int
    reopened: int


class Done(NamedTuple):
    """How many tickets of a category an agent solved, or handed to a higher level."""

    category: str
    agent: str
    what: str
    tickets: int


def recent(db: sqlite3.Connection, since: str, most: int) -> list[Recent]:
    """The tickets opened since a time (UTC), the last so many, oldest first; none that was merged
    into another."""
    sql = """
        SELECT id, category, created, CASE open WHEN 0 THEN resolved ELSE '' END,
        EXISTS (SELECT 1 FROM helped WHERE ticket = tickets.id AND good = 1), title, text
        FROM tickets JOIN texts USING (id)
        WHERE created >= ? AND merged = '' ORDER BY created DESC, id DESC LIMIT ?
    """
    found = []
    for key, category, created, resolved, solved, title, text in db.execute(sql, (since, most)):
        said = document("ticket", key, text).text
        found.append(Recent(key, category, created, resolved, bool(solved), title, said))
    return found[::-1]


def opened_since(db: sqlite3.Connection, since: str) -> int:
    """How many tickets were opened since a time (UTC), those merged into others not counted."""
    sql = "SELECT count(*) FROM tickets WHERE created >= ? AND merged = ''"
    return int(db.execute(sql, (since,)).fetchone()[0])


def failing(db: sqlite3.Connection, since: str) -> list[Failing]:
    """The articles that did not help, or not for long, since a time (UTC), the worst first."""
    sql = """
        SELECT slug, title, state, total(good) AS helped, total(NOT good) AS unhelpful,
        total(reopened >= :since AND reopened != '') AS again
        FROM helped JOIN articles USING (slug)
        WHERE (at >= :since OR reopened >= :since) AND state != 'archived'
        GROUP BY slug HAVING unhelpful + again > 0
        ORDER BY unhelpful + again DESC, (unhelpful + again) / (helped + unhelpful) DESC, slug
    """
    found = db.execute(sql, {"since": since})
    return [Failing(*row[:3], *map(int, row[3:])) for row in found]


def failed_on(db: sqlite3.Connection, slugs: Sequence[str], since: str) -> dict[str, list[str]]:
    """The tickets that articles failed on since a time (UTC), by slug, the latest first."""
    sql = f"""
        SELECT slug, ticket FROM helped
        WHERE slug IN {_GIVEN} AND ((good = 0 AND at >= :since)
        OR (reopened >= :since AND reopened != '')) ORDER BY max(at, reopened) DESC, ticket
    """
    found: dict[str, list[str]] = {}
    for slug, ticket in db.execute(sql, {"given": json.dumps(slugs), "since": since}):
        found.setdefault(str(slug), []).append(str(ticket))
    return found


def done(db: sqlite3.Connection, since: str) -> list[Done]:
    """What every agent did since a time (UTC), by category."""
    sql = """
        SELECT category, agent, what, count(DISTINCT ticket) FROM deeds JOIN tickets ON id = ticket
        WHERE at >= ? AND category != '' GROUP BY category, agent, what
    """
    return [Done(*row) for row in db.execute(sql, (since,))]


def teaching(db: sqlite3.Connection, category: str, most: int) -> list[str]:
    """The articles for a category that are not archived: those that solved most of its tickets,
    then its own, the latest published first."""
    sql = """
        SELECT slug FROM articles LEFT JOIN (
            SELECT slug, count(*) AS n FROM helped JOIN tickets ON id = ticket
            WHERE good = 1 AND category = :category GROUP BY slug
        ) USING (slug)
        WHERE state != 'archived' AND (n > 0 OR (state = 'published' AND category = :category))
        ORDER BY coalesce(n, 0) DESC, published DESC, slug LIMIT :most
    """
    return [str(row[0]) for row in db.execute(sql, {"category": category, "most": most})]
