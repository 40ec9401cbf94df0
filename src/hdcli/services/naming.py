"""Which ticket or article is meant by a word that may name either.

The rule, all of it. ``@`` is a ticket, ``kb/`` begins an article, the desk's prefix (``HD-``) a
ticket where there is one. Of all else a whole id or slug comes before the beginning of one. What
could be two is refused: nothing is done to a ticket that somebody took for an article.
"""

from __future__ import annotations

from typing import NamedTuple

from hdcli.errors import Ambiguous, BadUsage, NotFound
from hdcli.model import ids
from hdcli.model.article import Article
from hdcli.model.record import Record
from hdcli.model.slug import beginning, slug_of_path
from hdcli.model.suggest import nearest
from hdcli.model.ticket import Ticket
from hdcli.store import articles, listing
from hdcli.store.desk import Desk

_SHOWN = 5


class Named(NamedTuple):
    """A ticket by its whole id, or an article by its whole slug."""

    kind: type[Record]
    key: str


def named(desk: Desk, reference: str) -> Named:
    """What was meant. Raises NotFound, Ambiguous (with the candidates)."""
    text = reference.strip()
    if text == ids.LAST:
        return Named(Ticket, desk.last())
    found = _tickets(desk, text)
    if not (found and text.upper().startswith(f"{desk.settings.prefix}-")):
        found += _articles(desk, text)
    chosen = [each for each, is_whole in found if is_whole] or [each for each, _ in found]
    if not chosen:
        raise _nothing(desk, reference)
    if len(chosen) > 1:
        raise _several(reference, chosen)
    return chosen[0]


def of_path(path: str) -> Named | None:
    """The ticket or article whose place a path is."""
    if ticket := ids.id_of_path(path):
        return Named(Ticket, ticket)
    slug = slug_of_path(path)
    return Named(Article, slug) if slug else None


def _tickets(desk: Desk, text: str) -> list[tuple[Named, bool]]:
    """The tickets whose id a word begins, each with whether it is the whole id."""
    try:
        key = ids.key(text, desk.settings.prefix)
    except BadUsage:
        return []
    whole = f"{desk.settings.prefix}-{key}"
    found = desk.cache.ask(lambda db: listing.by_prefix(db, key))
    return [(Named(Ticket, each), each == whole) for each, _ in found]


def _articles(desk: Desk, text: str) -> list[tuple[Named, bool]]:
    """The articles in the same way."""
    start = beginning(text)
    found = desk.cache.ask(lambda db: articles.by_prefix(db, start)) if start else []
    return [(Named(Article, each), each == start) for each in found]


def _several(reference: str, found: list[Named]) -> Ambiguous:
    shown = [each.key if each.kind is Ticket else f"kb/{each.key}" for each in found]
    more = ", …" if len(shown) > _SHOWN else ""
    said = f"'{reference}' could be {', '.join(shown[:_SHOWN])}{more}"
    return Ambiguous(said, "type more of it, or one of these")


def _nothing(desk: Desk, reference: str) -> NotFound:
    near = nearest(reference, desk.cache.ask(articles.slugs))
    hint = f"did you mean '{near}'?" if near else "hd list --all and hd kb list show all"
    return NotFound(f"no ticket or article '{reference}' on this desk", hint)
