"""What suggestions ask the cache: how tickets vote on articles, what may be suggested."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from hdcli.search.voting import Ballot, Standing

# Joined from here on: SQLite would rather walk through all tickets that are open, or solved.
_FROM_GIVEN = "FROM (SELECT value AS given FROM json_each(:given)) CROSS JOIN"


class Solved(NamedTuple):
    """A ticket that was solved; ``updated`` is UTC."""

    title: str
    status: str
    updated: str


class Open(NamedTuple):
    """A ticket that is still open; ``created`` is UTC."""

    id: str
    title: str
    status: str
    requester: str
    created: str


def ballots(db: sqlite3.Connection, tickets: Sequence[str]) -> dict[str, list[Ballot]]:
    """What some tickets say of articles, by ticket; that one helped only those that are solved."""
    sql = f"""
        SELECT ticket, slug, good, reopened != '' {_FROM_GIVEN} helped ON ticket = given
        CROSS JOIN tickets ON id = ticket
        WHERE (good = 0 OR open = 0) AND merged = '' ORDER BY slug
    """
    found: dict[str, list[Ballot]] = {}
    for ticket, slug, good, again in db.execute(sql, {"given": json.dumps(tickets)}):
        found.setdefault(str(ticket), []).append(Ballot(str(slug), bool(good), bool(again)))
    return found


def voters(db: sqlite3.Connection, most: int) -> list[str] | None:
    """The tickets on which any article was tried; None where there are more than ``most``."""
    sql = "SELECT DISTINCT ticket FROM helped LIMIT ?"
    found = [str(row[0]) for row in db.execute(sql, (most + 1,))]
    return found if len(found) <= most else None


def standings(
    db: sqlite3.Connection, slugs: Sequence[str], *, public: bool = False
) -> dict[str, Standing]:
    """Those of some articles that may be suggested, by slug: none that are archived.

    To requesters (``public``) only what is published, and for them.
    """
    may = "state = 'published' AND audience = 'public'" if public else "state != 'archived'"
    sql = f"""
        SELECT slug, (SELECT total(good) FROM helped WHERE helped.slug = articles.slug),
        (SELECT total(NOT good) FROM helped WHERE helped.slug = articles.slug),
        (SELECT group_concat(other) FROM translations WHERE translations.slug = articles.slug)
        FROM articles WHERE slug IN (SELECT value FROM json_each(:given)) AND {may}
    """
    return {
        str(slug): Standing(int(good), int(bad), tuple(filter(None, str(others or "").split(","))))
        for slug, good, bad, others in db.execute(sql, {"given": json.dumps(slugs)})
    }


def solved(db: sqlite3.Connection, tickets: Sequence[str]) -> dict[str, Solved]:
    """Those of some tickets that were solved and not merged into another, by id."""
    sql = f"""
        SELECT id, title, status, updated {_FROM_GIVEN} tickets ON id = given
        WHERE open = 0 AND merged = ''
    """
    found = db.execute(sql, {"given": json.dumps(tickets)})
    return {str(row[0]): Solved(*row[1:]) for row in found}


def still_open(db: sqlite3.Connection, tickets: Sequence[str]) -> dict[str, Open]:
    """Those of some tickets that are open, by id."""
    sql = f"""
        SELECT id, title, status, requester, created {_FROM_GIVEN} tickets ON id = given
        WHERE open = 1
    """
    found = db.execute(sql, {"given": json.dumps(tickets)})
    return {str(row[0]): Open(*row) for row in found}


def open_of(db: sqlite3.Connection, address: str, limit: int) -> list[Open]:
    """The open tickets of a requester with this address (in lower case; or this name where there
    is none), latest first."""
    sql = """
        SELECT id, title, status, requester, created FROM tickets
        WHERE open = 1
        AND (lower(requester) = :who OR substr(lower(requester), -length(:mail)) = :mail)
        ORDER BY created DESC, id LIMIT :limit
    """
    values = {"who": address, "mail": f"<{address}>", "limit": limit}
    return [Open(*row) for row in db.execute(sql, values)]
