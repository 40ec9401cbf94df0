"""``hd kb edit`` and ``hd kb new``: an article in an editor, as a page of values and Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hdcli.errors import BadData, Conflict, NotFound
from hdcli.model.article import ARTICLE, Article
from hdcli.model.deskcheck import Flaw
from hdcli.model.slug import article_path
from hdcli.services import articles, takeup
from hdcli.services.articles import Wanted
from hdcli.services.editedtext import Sheet, require_fitting
from hdcli.services.session import Session
from hdcli.store import codec, worktree
from hdcli.store.desk import Desk
from hdcli.store.page import file_of, page_of
from hdcli.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Opened:
    """An article's file as somebody begins to edit it, and the page that they get."""

    slug: str
    file: bytes
    page: bytes


def opened(desk: Desk, slug: str) -> Opened:
    """An article, to be edited. Raises NotFound, BadData; Conflict where hand edits wait."""
    path = article_path(slug)
    data = desk.file(path)
    if data is None:
        raise NotFound(f"no article '{slug}' on this desk", "hd kb list shows them")
    root = desk.place.repository.work_tree
    if root is not None:
        worktree.require_unedited(root, path, data)
    return Opened(slug, data, page_of(data, codec.read_article(data, path)))


def save(session: Session, opened: Opened, typed: bytes, note: str = "") -> str | None:
    """Commits what was changed on the page; gives the commit's subject, None without a change.

    Raises BadData with the line in ``typed``, Conflict where somebody changed the same meanwhile.
    """
    whole = file_of(typed, opened.slug, opened.file)
    sheet = Sheet(Article, opened.slug, whole, opened.slug, note)

    def plan(transaction: Transaction) -> str | None:
        done = takeup.edited(session, transaction, session.settings, opened.file, sheet)
        return done[1] if done else None

    try:
        return session.write(plan)
    except BadData as error:
        raise _on_page(error) from None


def _on_page(error: BadData) -> BadData:
    """The same, its line that of the page, which has one more on top."""
    line = error.line + 1 if error.line else 0
    return BadData(error.reason, error.where, line, error.remedy)


def blank(session: Session, wanted: Wanted) -> bytes:
    """The page of an article that is to be. Raises NotOnDesk, BadUsage."""
    values = articles.values_of(session.settings, wanted, session.who.handle)
    lists = {"tags": list(wanted.tags), "sources": list(wanted.sources)}
    values.update((name, items) for name, items in lists.items() if items)
    name = articles.slug_for(session.desk, wanted)
    article = Article(name, values, (), wanted.body, wanted.steps)
    return page_of(codec.write(article), article)


def create(session: Session, typed: bytes, translates: str = "") -> Article:
    """The article that a page describes, as a draft. Raises BadData with the line."""
    where = "the page"
    data = file_of(typed, where)
    try:
        article = codec.read_article(data, where)
        sheet = Sheet(Article, article.slug, data, where)
        wanted = _wanted(article)
        for flaw in _flaws(session, article, wanted):
            raise sheet.bad(flaw)
        require_fitting(session.settings, sheet, article, article.values)
    except BadData as error:
        raise _on_page(error) from None
    return articles.create(session, wanted, translates)


def _wanted(article: Article) -> Wanted:
    return Wanted(
        article.title,
        article.slug,
        article.body,
        **{n: article.text(n) for n in ("language", "category", "audience", "owner")},
        tags=article.items("tags"),
        sources=article.items("sources"),
        steps=article.steps,
    )


def _flaws(session: Session, article: Article, wanted: Wanted) -> Iterator[Flaw]:
    """What a new article can't have: values that are set later, another's slug, unknown sources."""
    for name in article.values:
        if name in (*ARTICLE.derived, "review", "translations"):
            yield Flaw((name,), f"'{name}' is not set here", "take it out")
    try:
        articles.slug_for(session.desk, wanted)
    except Conflict as error:
        yield Flaw(("slug",), error.message, "give it another")
    for index, ticket in enumerate(article.items("sources")):
        try:
            session.desk.resolve(ticket)
        except NotFound as error:
            yield Flaw(("sources", index), error.message, error.remedy)
