"""What ``hd fsck`` says of articles, tickets and each other: names that lead nowhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from hdcli.model import ids
from hdcli.model.finding import Finding
from hdcli.model.slug import article_path, slug_of_path
from hdcli.store import codec
from hdcli.store.audit import Checked
from hdcli.store.desk import Desk


def astray(
    desk: Desk, checked: Iterable[Checked], tickets: Collection[str], articles: Collection[str]
) -> Iterator[Finding]:
    """References that lead to nothing, or are not returned. ``tickets`` has old ids too."""
    files = list(checked)
    named = {slug: set(each.translations) for each in files if (slug := slug_of_path(each.path))}
    for each in files:
        yield from _of_ticket(desk, each, articles)
        yield from _of_article(desk, each, tickets, articles)
    for slug, others in sorted(named.items()):
        for other in sorted(others & named.keys()):
            if slug not in named[other]:
                path = article_path(slug)
                line = _line(desk, path, "translations", other)
                message = f"{other} does not name it as its translation"
                remedy = f"hd kb link {slug} --translation {other}"
                yield Finding("warning", path, line, message, remedy, article=slug)


def _of_ticket(desk: Desk, each: Checked, articles: Collection[str]) -> Iterator[Finding]:
    ticket = ids.id_of_path(each.path)
    for name, slug in each.articles if ticket else ():
        if slug not in articles:
            line = _line(desk, each.path, name, slug)
            message = f"'{name}' names {slug}, which is no article of this desk"
            remedy = f"hd edit {ticket}"
            yield Finding("warning", each.path, line, message, remedy, "", ticket or "")


def _of_article(
    desk: Desk, each: Checked, tickets: Collection[str], articles: Collection[str]
) -> Iterator[Finding]:
    slug = slug_of_path(each.path)
    if slug is None:
        return
    for name, items, known, what in (
        ("sources", each.sources, tickets, "ticket"),
        ("translations", each.translations, articles, "article"),
    ):
        for item in items:
            if item not in known:
                line = _line(desk, each.path, name, item)
                message = f"'{name}' names {item}, which is no {what} of this desk"
                edit = f"hd kb edit {slug}"
                yield Finding("warning", each.path, line, message, edit, article=slug)


def _line(desk: Desk, path: str, name: str, item: str) -> int:
    data = desk.file(path) or b""
    values = codec.document(data, path)
    items = values.get(name)
    place = (name, items.index(item)) if isinstance(items, list) and item in items else (name,)
    return codec.line_of(data, path, place)
