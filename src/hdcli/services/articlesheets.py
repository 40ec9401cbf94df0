"""What is asked of an article's file that somebody edited, and how two edits become one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hdcli.errors import Conflict
from hdcli.model import ids, slug
from hdcli.model.article import Article
from hdcli.model.deskcheck import Flaw
from hdcli.model.fold import Change
from hdcli.services.session import Session
from hdcli.store.mergetext import merged
from hdcli.store.transaction import Transaction


def strangers(transaction: Transaction, article: Article, change: Change) -> Iterator[Flaw]:
    """The tickets and translations that a change names and that are not on this desk.

    A file that waits to be committed in the same go counts.
    """
    for name, place in (("sources", ids.ticket_path), ("translations", slug.article_path)):
        for item in change.add.get(name, ()):
            path = place(item)
            if not transaction.has(path) and not transaction.awaits(path):
                where = (name, article.items(name).index(item))
                yield Flaw(where, f"there is no {item} on this desk", "take it out")


def with_texts(session: Session, now: Article, was: Article, wanted: Article) -> Article:
    """The article as it is now, with what ``wanted`` changed in the texts of ``was``.

    Raises Conflict where somebody changed the same lines, or the steps too.
    """
    who = now.log[-1].by if len(now.log) > len(was.log) else "somebody"
    steps = now.steps
    if wanted.steps != was.steps:
        if now.steps not in (was.steps, wanted.steps):
            raise Conflict(f"{was.slug}: {who} changed the steps while you edited them")
        steps = wanted.steps
    body: str | None = now.body
    if wanted.body != was.body:
        if now.body in (was.body, wanted.body):
            body = wanted.body
        else:
            body = merged(session.desk.place.repository, was.body, wanted.body, now.body)
        if body is None:
            raise Conflict(f"{was.slug}: {who} changed the same lines while you edited it")
    return replace(now, steps=steps, body=body or "")
