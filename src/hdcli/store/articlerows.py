"""An article as rows of the cache: what listing, search and completion need."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hdcli.errors import BadData
from hdcli.model.article import Article, joined
from hdcli.model.plain import plain
from hdcli.model.record import hand_edit
from hdcli.model.schema import document
from hdcli.model.slug import slug_of_path
from hdcli.store import codec
from hdcli.store.tables import Problem
from hdcli.store.texts import text_of, written_of

TABLES = ("articles", "article_tags", "article_texts", "article_sources", "translations")
# Actions after which somebody has looked at the whole of an article.
_LOOKS = ("new", "publish", "review")


@dataclass(frozen=True, slots=True)
class ArticleRows:
    """All rows of one file below ``kb/``: an article's, or the problem that it is."""

    path: str
    article: tuple[object, ...] | None = None
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    translations: tuple[str, ...] = ()
    text: str = ""
    written: str = ""
    problem: Problem | None = None

    @property
    def slug(self) -> str:
        """The article whose place the file is in; empty when it is in no article's place."""
        return slug_of_path(self.path) or ""


def of_article(article: Article) -> ArticleRows:
    """The rows of an article."""
    data = document(article)
    del data["log"]
    looks = [e.at for e in article.log if e.text or e.action in _LOOKS]
    row = (
        article.slug,
        article.title,
        article.state,
        article.language,
        article.text("category"),
        article.audience,
        article.text("owner"),
        article.text("review"),
        article.text("created"),
        article.text("updated"),
        article.text("published"),
        looks[-1] if looks else "",
        len(article.steps),
        len(article.log),
        int(bool(hand_edit(article))),
        json.dumps(data, ensure_ascii=False, separators=(",", ":")),
    )
    said = joined(article)
    return ArticleRows(
        article.path,
        row,
        article.items("tags"),
        article.items("sources"),
        article.items("translations"),
        text_of(article.title, [said], article.items("tags"), [article.slug]),
        written_of([said]),
    )


def of_file(path: str, mode: str, data: bytes | None) -> ArticleRows:
    """The rows of a file below ``kb/``; none of one that does not claim to be an article."""
    if not path.endswith(".yaml"):
        return ArticleRows(path)
    slug = slug_of_path(path)
    if slug is None:
        return _problem(path, "not an article's place (kb/reset-password.yaml)")
    if mode not in ("100644", "100755"):
        return _problem(path, "not a plain file, and no article")
    if data is None:
        return _problem(path, "its object is missing from the repository")
    try:
        article = codec.read_article(data, path)
    except BadData as error:
        return ArticleRows(path, problem=Problem(path, error.line, error.reason))
    if article.slug != slug:
        return _problem(path, f"the slug in it is {article.slug}")
    return of_article(article)


def _problem(path: str, message: str) -> ArticleRows:
    return ArticleRows(path, problem=Problem(path, 0, message))


def forget(db: sqlite3.Connection, found: Iterable[ArticleRows]) -> None:
    """Removes what the cache has of these articles."""
    known = [(each.slug,) for each in found]
    for table in TABLES:
        db.executemany(f"DELETE FROM {table} WHERE slug = ?", known)
    db.executemany("DELETE FROM written WHERE key = ?", known)


def insert(db: sqlite3.Connection, found: Sequence[ArticleRows]) -> None:
    """Puts the rows of articles into the cache, without their problems."""
    good = [each for each in found if each.article is not None]
    rows = [each.article for each in good if each.article is not None]
    if not rows:
        return
    db.executemany(f"INSERT INTO articles VALUES ({','.join('?' * len(rows[0]))})", rows)
    db.executemany(
        "INSERT INTO article_texts VALUES (?, ?)", ((each.slug, each.text) for each in good)
    )
    written = ((each.slug, each.written) for each in good)
    db.executemany("INSERT INTO written VALUES (?, ?)", written)
    tags = ((plain(tag), each.slug, tag) for each in good for tag in each.tags)
    db.executemany("INSERT INTO article_tags VALUES (?, ?, ?)", tags)
    sources = ((each.slug, ticket) for each in good for ticket in each.sources)
    db.executemany("INSERT INTO article_sources VALUES (?, ?)", sources)
    others = ((each.slug, other) for each in good for other in each.translations)
    db.executemany("INSERT INTO translations VALUES (?, ?)", others)
