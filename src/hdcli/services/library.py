"""Reading the knowledge base: the articles that are asked for, and one with all around it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hdcli.model.article import Article
from hdcli.model.record import hand_edit
from hdcli.model.schema import document
from hdcli.store import articles, listing
from hdcli.store.articles import Glimpse, Tried, Votes
from hdcli.store.desk import Desk

Filter = articles.Filter
_LONG = ("steps", "body", "log")


@dataclass(frozen=True, slots=True)
class Card:
    """An article in a list. ``values`` are those of its file, without its texts and log.

    ``reopened`` are tickets that it had solved and that were opened again since somebody looked at
    it; ``overdue`` says that its review is past.
    """

    values: dict[str, Any]
    votes: Votes
    reopened: tuple[str, ...]
    overdue: bool
    procedure: bool

    @property
    def slug(self) -> str:
        return str(self.values["slug"])

    def document(self) -> dict[str, Any]:
        """As JSON has it; see docs/json.md."""
        return {
            **self.values,
            "procedure": self.procedure,
            "helped": self.votes.helped,
            "unhelpful": self.votes.unhelpful,
            "last_helped": self.votes.last or None,
            "overdue": self.overdue,
            "reopened": list(self.reopened),
        }


def cards(desk: Desk, wanted: Filter, now: str) -> list[Card]:
    """The articles asked for, by category and title. ``now`` is UTC.

    Raises NotOnDesk for a category that neither an article nor the desk has.
    """
    slugs = desk.cache.ask(lambda db: articles.found(db, wanted))
    if wanted.category and not slugs:
        desk.settings.category(wanted.category)
    return cards_of(desk, slugs, now)


def cards_of(desk: Desk, slugs: Sequence[str], now: str) -> list[Card]:
    """Some articles, in their order; what is no article here is left out."""
    texts = desk.cache.ask(lambda db: articles.documents(db, slugs))
    votes = desk.cache.ask(lambda db: articles.votes(db, slugs))
    again = desk.cache.ask(lambda db: articles.reopened_since(db, slugs))
    return [_card(json.loads(text), votes, again, now) for text in texts]


def _card(
    data: dict[str, Any], votes: dict[str, Votes], again: dict[str, list[str]], now: str
) -> Card:
    slug = data["slug"]
    values = {name: value for name, value in data.items() if name not in _LONG}
    live = data.get("state") != "archived"
    return Card(
        values,
        votes.get(slug, Votes()),
        tuple(again.get(slug, ())) if live else (),
        bool(live and data.get("review") and data["review"] < now),
        bool(data.get("steps")),
    )


def articles_in_all(desk: Desk) -> int:
    """How many articles the desk has, whatever their state."""
    return len(desk.cache.ask(articles.slugs))


@dataclass(frozen=True, slots=True)
class Mention:
    """A ticket that an article came from or was tried on; its title is empty where it is gone."""

    id: str
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class Page:
    """An article and what is read with it."""

    article: Article
    card: Card
    translations: tuple[Glimpse, ...]
    missing: tuple[str, ...]
    """Translations that are not on this desk."""
    sources: tuple[Mention, ...]
    tried: tuple[tuple[Tried, Mention], ...]
    unlogged: tuple[str, ...]
    """What was edited by hand, and committed, without an entry."""

    def document(self) -> dict[str, Any]:
        """As JSON has it, with body, steps, log and the tickets that it was tried on."""
        whole = document(self.article)
        log = whole.pop("log")
        keys = ("helped", "unhelpful", "last_helped", "overdue", "reopened")
        known = self.card.document()
        tried = [
            {"ticket": each.ticket, "helped": each.helped, "at": each.at} for each, _ in self.tried
        ]
        return {**whole, **{key: known[key] for key in keys}, "tried": tried, "log": log}


def page(desk: Desk, slug: str, now: str) -> Page:
    """Everything that is read with the article of a whole slug. Raises NotFound, BadData."""
    article = desk.article(slug)
    tried = desk.cache.ask(lambda db: articles.tried(db, slug))
    wanted = [*article.items("sources"), *(each.ticket for each in tried)]
    named = desk.cache.ask(lambda db: listing.titles(db, wanted))
    others = desk.cache.ask(lambda db: articles.glimpses(db, article.items("translations")))

    def mention(ticket: str) -> Mention:
        return Mention(ticket, *named.get(ticket, ("", "")))

    data = document(article)
    votes = desk.cache.ask(lambda db: articles.votes(db, [slug]))
    again = desk.cache.ask(lambda db: articles.reopened_since(db, [slug]))
    return Page(
        article,
        _card(data, votes, again, now),
        tuple(others.values()),
        tuple(each for each in article.items("translations") if each not in others),
        tuple(mention(each) for each in article.items("sources")),
        tuple((each, mention(each.ticket)) for each in tried),
        tuple(hand_edit(article).names),
    )
