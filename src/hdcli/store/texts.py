"""The texts of tickets and articles in the cache: free text is looked for in them, and indexed.

A text is plain (no accents, no case): the title as first line, what was written; then, each behind
a form feed, the tags and the names (ids, people, files), a line each. What was written is there
as it was written, too, for whoever is shown a piece of it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from hdcli.model.plain import plain
from hdcli.search.document import Document, Kind

_PART = "\f"
_TABLES: dict[Kind, tuple[str, str]] = {
    "ticket": ("texts", "id"),
    "article": ("article_texts", "slug"),
}


def text_of(title: str, written: Iterable[str], tags: Iterable[str], names: Iterable[str]) -> str:
    """The text of a ticket or an article."""
    parts = ("\n".join([title, *written]), *("\n".join(each) for each in (tags, names)))
    body, tagged, named = parts
    safe = (each.replace(_PART, " ") for each in (tagged, named))
    text = f"\n{_PART}\n".join((body, *safe))
    return plain(text).encode("utf-8", "replace").decode()


def written_of(pieces: Iterable[str]) -> str:
    """What was written in a ticket or an article, piece by piece, as the cache keeps it."""
    return _PART.join(pieces).encode("utf-8", "replace").decode()


def document(kind: Kind, key: str, text: str) -> Document:
    """A text as the index takes it."""
    body, tags, names = text.rsplit(f"\n{_PART}\n", 2)
    title, _, rest = body.partition("\n")
    return Document(kind, key, title, rest, tuple(names.split("\n")), tuple(tags.split("\n")))


def documents(
    db: sqlite3.Connection, kind: Kind, keys: Sequence[str] | None = None
) -> Iterator[Document]:
    """Some tickets or articles by their ids or slugs, or all of them (None), to be indexed.

    An article that is archived is none any more; one that is a draft is.
    """
    table, key = _TABLES[kind]
    conditions = [] if keys is None else [f"{key} IN (SELECT value FROM json_each(?))"]
    values = () if keys is None else (json.dumps(keys),)
    if kind == "article":
        conditions.append("slug IN (SELECT slug FROM articles WHERE state != 'archived')")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    for found, text in db.execute(f"SELECT {key}, text FROM {table}{where}", values):
        yield document(kind, str(found), str(text))


def texts(db: sqlite3.Connection, kind: Kind, keys: Sequence[str]) -> dict[str, str]:
    """The texts of some tickets or articles, by id or slug."""
    table, key = _TABLES[kind]
    sql = f"SELECT {key}, text FROM {table} WHERE {key} IN (SELECT value FROM json_each(?))"
    return dict(db.execute(sql, (json.dumps(keys),)).fetchall())


def written(db: sqlite3.Connection, keys: Sequence[str]) -> dict[str, list[str]]:
    """What was written in some tickets and articles, piece by piece, by id or slug."""
    sql = "SELECT key, text FROM written WHERE key IN (SELECT value FROM json_each(?))"
    found = db.execute(sql, (json.dumps(keys),))
    return {str(key): str(text).split(_PART) for key, text in found}


def keys(db: sqlite3.Connection, kind: Kind) -> list[str]:
    """The ids or slugs of all that have a text."""
    table, key = _TABLES[kind]
    return [str(row[0]) for row in db.execute(f"SELECT {key} FROM {table} ORDER BY {key}")]


def in_all(db: sqlite3.Connection) -> int:
    """How many texts there are."""
    sql = "SELECT (SELECT count(*) FROM texts) + (SELECT count(*) FROM article_texts)"
    return int(db.execute(sql).fetchone()[0])
