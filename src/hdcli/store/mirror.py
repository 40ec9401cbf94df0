"""The cache compared with the commits: does it show each ticket as its file has it?"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from hdcli.store.cache import NAME
from hdcli.store.rows import Rows

if TYPE_CHECKING:
    from hdcli.store.articlerows import ArticleRows
    from hdcli.store.filerows import AnyRows

_DEEDS = "SELECT what || ' ' || agent || ' ' || at FROM deeds WHERE ticket = ?"


def differing(cache: Path, fresh: Sequence[AnyRows]) -> list[str]:
    """The paths of the files that the cache shows otherwise, or not at all."""
    try:
        with closing(sqlite3.connect(f"{cache.as_uri()}?mode=ro", uri=True)) as db:
            return [each.path for each in fresh if not _is_same(db, each)]
    except sqlite3.DatabaseError:
        return [fresh[0].path] if fresh else []


def strangers(cache: Path, known: int) -> bool:
    """Whether the cache has other than so many tickets, or counts them wrongly."""
    try:
        with closing(sqlite3.connect(f"{cache.as_uri()}?mode=ro", uri=True)) as db:
            tickets = db.execute("SELECT count(*) FROM tickets").fetchone()[0]
            tally = db.execute("SELECT total(n) FROM tally WHERE n > 0").fetchone()[0]
            damage = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError:
        return True
    return bool(tickets != known or tally != known or damage != "ok")


def _is_same(db: sqlite3.Connection, each: AnyRows) -> bool:
    path = each.path.encode("utf-8", "replace").decode()
    known = db.execute("SELECT count(*) FROM problems WHERE path = ?", (path,)).fetchone()[0]
    if bool(known) != (each.problem is not None):
        return False
    if not isinstance(each, Rows):
        return _is_same_article(db, each)
    if each.ticket is None:
        return True
    ticket = db.execute("SELECT * FROM tickets WHERE id = ?", (each.id,)).fetchone()
    return (
        ticket == each.ticket
        and _column(db, "SELECT tag FROM tags WHERE id = ?", each) == sorted(each.tags)
        and _column(db, "SELECT path FROM files WHERE id = ?", each) == sorted(each.files)
        and _column(db, "SELECT text FROM texts WHERE id = ?", each) == [each.text]
        and _column(db, "SELECT relation || ' ' || target FROM links WHERE source = ?", each)
        == sorted(" ".join(link) for link in each.links)
        and _column(db, "SELECT slug FROM helped WHERE ticket = ?", each)
        == sorted(verdict.slug for verdict in each.verdicts)
        and _column(db, _DEEDS, each) == sorted(" ".join(deed) for deed in each.deeds)
    )


def _is_same_article(db: sqlite3.Connection, each: ArticleRows) -> bool:
    def column(sql: str) -> list[str]:
        return sorted(row[0] for row in db.execute(sql, (each.slug,)))

    article = db.execute("SELECT * FROM articles WHERE slug = ?", (each.slug,)).fetchone()
    return (
        article == each.article
        and column("SELECT tag FROM article_tags WHERE slug = ?") == sorted(each.tags)
        and column("SELECT ticket FROM article_sources WHERE slug = ?") == sorted(each.sources)
        and column("SELECT other FROM translations WHERE slug = ?") == sorted(each.translations)
    )


def _column(db: sqlite3.Connection, sql: str, each: Rows) -> list[str]:
    return sorted(row[0] for row in db.execute(sql, (each.id,)))


def drop(folder: Path) -> None:
    """Removes the cache in hd's own folder; the next reader builds it anew."""
    for name in (NAME, f"{NAME}-journal"):
        (folder / name).unlink(missing_ok=True)
