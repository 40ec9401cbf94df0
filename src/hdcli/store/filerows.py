"""The files that the cache knows, as its rows: tickets and articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from hdcli.store import rows
from hdcli.store.contents import contents
from hdcli.store.git import Repository
from hdcli.store.rows import Rows
from hdcli.store.yamlread import MAX_BYTES

if TYPE_CHECKING:
    from hdcli.model.article import Article
    from hdcli.model.ticket import Ticket
    from hdcli.store.articlerows import ArticleRows

    AnyRows = Rows | ArticleRows

Listed = tuple[str, str, str]
"""A file of a commit: its path, mode and blob."""


def gone(path: str) -> AnyRows:
    """What is left of a file that there is no more."""
    if not path.startswith("kb/"):
        return Rows(path)
    from hdcli.store.articlerows import ArticleRows

    return ArticleRows(path)


def of_file(path: str, mode: str, data: bytes | None, priorities: Sequence[str]) -> AnyRows:
    """The rows of a file below ``tickets/`` or ``kb/``."""
    if not path.startswith("kb/"):
        return rows.of_file(path, mode, data, priorities)
    from hdcli.store import articlerows

    return articlerows.of_file(path, mode, data)


def of_records(
    tickets: Iterable[Ticket], articles: Iterable[Article], priorities: Sequence[str]
) -> Iterator[AnyRows]:
    """The rows of tickets and articles that are known already."""
    for ticket in tickets:
        yield rows.of_ticket(ticket, priorities)
    for article in articles:
        from hdcli.store.articlerows import of_article

        yield of_article(article)


def of_blobs(
    repository: Repository, listed: Iterable[Listed], priorities: Sequence[str]
) -> Iterator[AnyRows]:
    """The rows of files given as (path, mode, blob)."""
    files = list(listed)
    readable = (blob if mode.startswith("100") else "" for _, mode, blob in files)
    texts = contents(repository, list(readable), MAX_BYTES)
    for (path, mode, _), data in zip(files, texts, strict=True):
        yield of_file(path, mode, data, priorities)
