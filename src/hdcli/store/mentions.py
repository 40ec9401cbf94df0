"""Where on a desk somebody is named: as git and the cache find it, in all files at once."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence

from hdcli.model.plain import plain
from hdcli.store.git import GitFailed, Place, said

# What git finds whatever the case: letters that have no other form than these two.
_FIXED = re.compile(r"[!-~]+")


def files_with(place: Place, text: str) -> list[str]:
    """The paths of the files that have every part of a text, wherever it stands.

    Upper and lower case are the same; parts with accents are not looked for, so that more is found
    than has the text, never less.
    """
    parts = sorted(set(_FIXED.findall(text)), key=len, reverse=True)
    if not parts:
        return []
    words = [option for part in parts for option in ("-e", part)]
    fixed = ("grep", "-l", "-z", "-i", "-F", "--full-name", "--all-match")
    done = place.repository.attempt(*fixed, *words, place.head, "--", ":/")
    if done.returncode > 1:
        raise GitFailed(f"git grep failed: {said(done.stderr)}")
    found = done.stdout.decode("utf-8", "surrogateescape").split("\0")
    return [each.partition(":")[2] for each in found if each]


def records_with(db: sqlite3.Connection, text: str) -> list[str]:
    """The ids of tickets and the slugs of articles whose texts in the cache have every part of a
    text, accents or not."""
    sql = """
        SELECT key FROM
        (SELECT id AS key, text FROM texts UNION ALL SELECT slug, text FROM article_texts)
        WHERE NOT EXISTS (SELECT 1 FROM json_each(?) WHERE instr(text, value) = 0)
    """
    parts = plain(text).split()
    return [str(row[0]) for row in db.execute(sql, (json.dumps(parts),))] if parts else []


def requesters(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Every ticket's id and requester, where it has one, in the order of the ids."""
    sql = "SELECT id, requester FROM tickets WHERE requester != '' ORDER BY id"
    return [(str(row[0]), str(row[1])) for row in db.execute(sql)]


def who_asked(db: sqlite3.Connection) -> list[tuple[str, int]]:
    """Everybody who asked, as tickets name them, and how often; who asked most often first."""
    sql = """
        SELECT requester, count(*) FROM tickets WHERE requester != ''
        GROUP BY requester ORDER BY count(*) DESC, requester
    """
    return [(str(row[0]), int(row[1])) for row in db.execute(sql)]


def drafted_from(db: sqlite3.Connection, tickets: Sequence[str]) -> list[str]:
    """The slugs of the articles that name one of some tickets as their source."""
    sql = """
        SELECT DISTINCT slug FROM article_sources
        WHERE ticket IN (SELECT value FROM json_each(?)) ORDER BY slug
    """
    return [str(row[0]) for row in db.execute(sql, (json.dumps(tickets),))]
