"""Questions to the cache about articles: which there are, what they solved, what went wrong."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hdcli.model.plain import plain
from hdcli.model.query import Word
from hdcli.store.condition import pattern, prepared


class Glimpse(NamedTuple):
    """An article in a few words."""

    slug: str
    title: str
    state: str
    language: str
    audience: str


class Votes(NamedTuple):
    """What tickets say of an article: how many it solved (or helped to), how many it did not.

    ``reopened`` of those that it solved were opened again later; ``last`` is when it helped last
    (UTC, empty for never).
    """

    helped: int = 0
    unhelpful: int = 0
    reopened: int = 0
    last: str = ""


class Tried(NamedTuple):
    """An article and a ticket that it was tried on; ``reopened`` is a time (UTC) or empty."""

    slug: str
    ticket: str
    helped: bool
    at: str
    reopened: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles are asked for; what is empty does not count. Times are UTC.

    ``stale`` is now: past their review, or with tickets reopened since somebody looked at them.
    ``unused`` is since when: published before it, and of no help since.
    """

    words: Sequence[str] = ()
    states: Sequence[str] = ()
    category: str = ""
    tag: str = ""
    language: str = ""
    audience: str = ""
    stale: str = ""
    unused: str = ""


# Within one second nobody knows what was first: better one article too many.
_STALE = """
    (state != 'archived' AND ((review != '' AND review < :stale) OR EXISTS (
        SELECT 1 FROM helped WHERE helped.slug = articles.slug AND reopened >= looked
    )))
"""
_UNUSED = """
    (state = 'published' AND published < :unused AND NOT EXISTS (
        SELECT 1 FROM helped WHERE helped.slug = articles.slug AND good = 1 AND at >= :unused
    ))
"""
_GLIMPSE = "slug, title, state, language, audience"
_GIVEN = "(SELECT value FROM json_each(?))"


def slugs(db: sqlite3.Connection) -> list[str]:
    """The slugs of all articles, in order."""
    return [str(row[0]) for row in db.execute("SELECT slug FROM articles ORDER BY slug")]


def by_prefix(db: sqlite3.Connection, start: str) -> list[str]:
    """The (first six) slugs that begin so; those of files that can't be read among them."""
    sql = """
        SELECT slug FROM articles WHERE slug >= :start AND slug < :start || '~'
        UNION SELECT replace(substr(path, 4), '.yaml', '') FROM problems
        WHERE path GLOB 'kb/' || :start || '*.yaml' ORDER BY 1 LIMIT 6
    """
    return [str(row[0]) for row in db.execute(sql, {"start": start})]


def glimpses(db: sqlite3.Connection, wanted: Sequence[str]) -> dict[str, Glimpse]:
    """Some articles by slug; what is no article here is left out."""
    sql = f"SELECT {_GLIMPSE} FROM articles WHERE slug IN {_GIVEN}"
    return {row[0]: Glimpse(*row) for row in db.execute(sql, (json.dumps(wanted),))}


def every(db: sqlite3.Connection, *states: str) -> list[Glimpse]:
    """All articles, or those in some states, by slug."""
    among = f"WHERE state IN {_GIVEN}" if states else ""
    values = (json.dumps(states),) if states else ()
    found = db.execute(f"SELECT {_GLIMPSE} FROM articles {among} ORDER BY slug", values)
    return [Glimpse(*row) for row in found]


def found(db: sqlite3.Connection, wanted: Filter) -> list[str]:
    """The slugs of the articles asked for, by category and title."""
    conditions = ["1"]
    values: dict[str, object] = {"stale": wanted.stale, "unused": wanted.unused}
    for name in ("category", "language", "audience"):
        if value := getattr(wanted, name):
            conditions.append(f"{name} = :{name}")
            values[name] = value
    if wanted.states:
        conditions.append("state IN (SELECT value FROM json_each(:states))")
        values["states"] = json.dumps(wanted.states)
    if wanted.tag:
        conditions.append("slug IN (SELECT slug FROM article_tags WHERE plain = :tag)")
        values["tag"] = plain(wanted.tag)
    conditions += [_STALE] * bool(wanted.stale) + [_UNUSED] * bool(wanted.unused)
    for number, word in enumerate(wanted.words):
        values[f"w{number}"] = pattern(Word(word, prefix=True))
        conditions.append(
            f"EXISTS (SELECT 1 FROM article_texts AS t WHERE t.slug = articles.slug"
            f" AND matches(:w{number}, t.text))"
        )
    sql = f"""
        SELECT slug FROM articles WHERE {" AND ".join(conditions)}
        ORDER BY category = '', category, plain(title), slug
    """
    return [str(row[0]) for row in prepared(db).execute(sql, values)]


def edited(db: sqlite3.Connection) -> list[str]:
    """The slugs of the articles with hand edits that git alone committed."""
    return [str(row[0]) for row in db.execute("SELECT slug FROM articles WHERE edited = 1")]


def stale(db: sqlite3.Connection, now: str) -> int:
    """How many articles are past their review, or had helped with tickets that were opened again
    since somebody looked at them (``now`` is UTC)."""
    sql = f"SELECT count(*) FROM articles WHERE {_STALE}"
    return int(db.execute(sql, {"stale": now}).fetchone()[0])


def reopened_since(db: sqlite3.Connection, wanted: Sequence[str]) -> dict[str, list[str]]:
    """The tickets that some articles had solved and that were opened again since somebody looked
    at the article, by slug."""
    sql = f"""
        SELECT helped.slug, ticket FROM helped JOIN articles USING (slug)
        WHERE reopened >= looked AND slug IN {_GIVEN} ORDER BY ticket
    """
    again: dict[str, list[str]] = {}
    for slug, ticket in db.execute(sql, (json.dumps(wanted),)):
        again.setdefault(str(slug), []).append(str(ticket))
    return again


def documents(db: sqlite3.Connection, wanted: Sequence[str]) -> list[str]:
    """Some articles as JSON text (a file's, body and steps too, without the log), in order."""
    sql = f"SELECT slug, doc FROM articles WHERE slug IN {_GIVEN}"
    found = dict(db.execute(sql, (json.dumps(wanted),)).fetchall())
    return [found[each] for each in wanted if each in found]


def solved_by(db: sqlite3.Connection, tickets: Sequence[str]) -> dict[str, list[str]]:
    """The articles that helped with some tickets, by ticket; tickets without one are left out."""
    sql = f"SELECT ticket, slug FROM helped WHERE good = 1 AND ticket IN {_GIVEN} ORDER BY slug"
    found: dict[str, list[str]] = {}
    for ticket, slug in db.execute(sql, (json.dumps(tickets),)):
        found.setdefault(str(ticket), []).append(str(slug))
    return found


def votes(db: sqlite3.Connection, wanted: Sequence[str] | None = None) -> dict[str, Votes]:
    """What tickets say of articles (of all: None), by slug; without a vote they are left out."""
    among = "" if wanted is None else f"WHERE slug IN {_GIVEN}"
    sql = f"""
        SELECT slug, total(good), total(NOT good), total(reopened != ''),
        max(CASE good WHEN 1 THEN at ELSE '' END) FROM helped {among} GROUP BY slug
    """
    values = () if wanted is None else (json.dumps(wanted),)
    return {
        str(slug): Votes(int(good), int(bad), int(again), str(last))
        for slug, good, bad, again, last in db.execute(sql, values)
    }


def tried(db: sqlite3.Connection, slug: str) -> list[Tried]:
    """The tickets that an article was tried on, the latest first."""
    sql = """
        SELECT slug, ticket, good, at, reopened FROM helped WHERE slug = ?
        ORDER BY at DESC, ticket
    """
    found = db.execute(sql, (slug,))
    return [Tried(slug, ticket, bool(good), at, again) for _, ticket, good, at, again in found]


def sourced(db: sqlite3.Connection, ticket: str) -> list[Glimpse]:
    """The articles that came from a ticket."""
    sql = f"""
        SELECT {_GLIMPSE} FROM articles JOIN article_sources USING (slug)
        WHERE ticket = ? ORDER BY slug
    """
    return [Glimpse(*row) for row in db.execute(sql, (ticket,))]
