"""Rows put into the cache: all of a new one, or a ticket's instead of those it had."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from hdcli.model.plain import plain
from hdcli.store import tables
from hdcli.store.rows import Rows
from hdcli.store.tables import file_name

if TYPE_CHECKING:
    from hdcli.store.articlerows import ArticleRows
    from hdcli.store.filerows import AnyRows

_GROUP = 200


def fill(db: sqlite3.Connection, found: Iterable[AnyRows]) -> None:
    """Makes the tables, fills them, and then makes what finds and counts in them."""
    for kind, name in db.execute("SELECT type, name FROM sqlite_master").fetchall():
        if kind == "table" and not name.startswith("sqlite_"):
            db.execute(f'DROP TABLE "{name}"')
    _run(db, tables.TABLES.split(";"))
    for group in _groups(found):
        _insert(db, group)
    _run(db, tables.INDEXES.split(";"))
    _run(db, tables.TALLY)
    db.execute(f"PRAGMA user_version={tables.VERSION}")


def _run(db: sqlite3.Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        if statement.strip():
            db.execute(statement)


def _groups(found: Iterable[AnyRows]) -> Iterator[list[AnyRows]]:
    rest = iter(found)
    while group := list(islice(rest, _GROUP)):
        yield group


def replace(db: sqlite3.Connection, found: Iterable[AnyRows]) -> None:
    """Each file's rows, instead of those it had."""
    for group in _groups(found):
        known = [(each.id,) for each in group if isinstance(each, Rows)]
        for table in ("tickets", "tags", "watchers", "texts", "files", "aliases"):
            db.executemany(f"DELETE FROM {table} WHERE id = ?", known)
        db.executemany("DELETE FROM written WHERE key = ?", known)
        db.executemany("DELETE FROM links WHERE source = ?", known)
        db.executemany("DELETE FROM helped WHERE ticket = ?", known)
        db.executemany("DELETE FROM deeds WHERE ticket = ?", known)
        db.executemany("DELETE FROM messages WHERE ticket = ?", known)
        if articles := _articles(group):
            from hdcli.store import articlerows

            articlerows.forget(db, articles)
        paths = [(_as_text(each.path),) for each in group]
        db.executemany("DELETE FROM problems WHERE path = ?", paths)
        _insert(db, group)


def _articles(group: Sequence[AnyRows]) -> list[ArticleRows]:
    return [each for each in group if not isinstance(each, Rows)]


def _insert(db: sqlite3.Connection, group: Sequence[AnyRows]) -> None:
    problems = [
        (_as_text(each.path), each.problem.line, _as_text(each.problem.message))
        for each in group
        if each.problem
    ]
    db.executemany("INSERT OR REPLACE INTO problems VALUES (?, ?, ?)", problems)
    if articles := _articles(group):
        from hdcli.store import articlerows

        articlerows.insert(db, articles)
    good = [each for each in group if isinstance(each, Rows) and each.ticket is not None]
    tickets = [each.ticket for each in good if each.ticket is not None]
    if not tickets:
        return
    marks = ",".join("?" * len(tickets[0]))
    db.executemany(f"INSERT INTO tickets VALUES ({marks})", tickets)
    db.executemany("INSERT INTO texts VALUES (?, ?)", ((each.id, each.text) for each in good))
    written = ((each.id, each.written) for each in good)
    db.executemany("INSERT INTO written VALUES (?, ?)", written)
    tags = ((plain(tag), each.id, tag) for each in good for tag in each.tags)
    db.executemany("INSERT INTO tags VALUES (?, ?, ?)", tags)
    watchers = ((agent, each.id) for each in good for agent in each.watchers)
    db.executemany("INSERT INTO watchers VALUES (?, ?)", watchers)
    links = ((each.id, *link) for each in good for link in each.links)
    db.executemany("INSERT INTO links VALUES (?, ?, ?)", links)
    files = ((each.id, path, plain(file_name(path))) for each in good for path in each.files)
    db.executemany("INSERT INTO files VALUES (?, ?, ?)", files)
    votes = ((v.slug, each.id, *v[1:]) for each in good for v in each.verdicts)
    db.executemany("INSERT INTO helped VALUES (?, ?, ?, ?, ?)", votes)
    deeds = ((each.id, *deed) for each in good for deed in each.deeds)
    db.executemany("INSERT INTO deeds VALUES (?, ?, ?, ?)", deeds)
    messages = ((*m[:2], each.id, *m[2:]) for each in good for m in each.messages)
    db.executemany("INSERT INTO messages VALUES (?, ?, ?, ?, ?)", messages)
    aliases = ((alias, each.id) for each in good for alias in each.aliases)
    db.executemany("INSERT OR REPLACE INTO aliases VALUES (?, ?)", aliases)


def _as_text(name: str) -> str:
    """A name of a file as SQLite can keep it: bytes that are no UTF-8 become question marks."""
    return name.encode("utf-8", "replace").decode()
