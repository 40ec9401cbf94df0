"""A small index to search in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from hdcli.model.plain import plain
from hdcli.model.query import QueryContext
from hdcli.model.query_parser import parse
from hdcli.search.answering import Texts
from hdcli.search.document import Document
from hdcli.search.index import Index, rebuild
from hdcli.search.question import Question, Synonyms

CONTEXT = QueryContext(datetime(2026, 11, 24, tzinfo=UTC), UTC)


def ticket(key: str, title: str, text: str = "", **more: tuple[str, ...]) -> Document:
    """A ticket to index."""
    return Document("ticket", key, title, text, **more)


def article(key: str, title: str, text: str = "") -> Document:
    """An article to index."""
    return Document("article", key, title, text)


def built(folder: Path, documents: Iterable[Document]) -> Index:
    """An index of some documents."""
    return rebuild(folder / "index", documents, "first")


def texts_of(documents: Iterable[Document]) -> Texts:
    """What gives their texts."""
    known = {each.key: plain(f"{each.title}\n{each.text}") for each in documents}
    return lambda _, keys: {key: known[key] for key in keys}


def question(index: Index, text: str, synonyms: Synonyms = ()) -> Question:
    """A query's words as a question to an index."""
    return index.question(parse(text, CONTEXT).words, synonyms)


def keys(index: Index, text: str, *, every: bool = True, texts: Texts | None = None) -> list[str]:
    """The keys that a query finds, the best first."""
    found = index.answer(question(index, text), every=every, texts=texts)
    assert found.total == len(found.hits)
    return [each.key for each in found.hits]
