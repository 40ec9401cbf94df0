"""What desk.yaml must know of an article's values, and their form beyond what the schema asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from hdcli.model import fields, ids, slug
from hdcli.model.article import ARTICLE, LANGUAGE, Article
from hdcli.model.deskcheck import Flaw
from hdcli.model.settings import NotOnDesk, Settings

MERGE_MARK = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: |$)", re.MULTILINE)


def flaws(settings: Settings, article: Article, names: Iterable[str]) -> list[Flaw]:
    """What is wrong with the values of the fields named, and with the text."""
    found = list(marks(article))
    for name in names:
        if name in _CHECKS and article.values.get(name) is not None:
            found += _CHECKS[name](settings, article)
    return found


def marks(article: Article) -> Iterator[Flaw]:
    """What git left in a text that it could not merge."""
    if MERGE_MARK.search(article.body):
        yield Flaw(("body",), "git's conflict markers are in the text", "settle the conflict")


def unknown(names: Iterable[str]) -> list[Flaw]:
    """The fields that no article has."""
    found = []
    for name in names:
        if name not in ARTICLE.known:
            guess = NotOnDesk("field", name, ARTICLE.order)
            found.append(Flaw((name,), f"an article has no '{name}'", guess.remedy))
    return found


def _language(settings: Settings, article: Article) -> Iterator[Flaw]:
    if not LANGUAGE.fullmatch(article.language):
        yield Flaw(("language",), f"{article.language!r} is no language", "write en, fr, pt-BR")


def _category(settings: Settings, article: Article) -> Iterator[Flaw]:
    name = article.text("category")
    if settings.categories and name not in settings.categories:
        wrong = NotOnDesk("category", name, settings.categories)
        yield Flaw(("category",), wrong.message, wrong.remedy)


def _owner(settings: Settings, article: Article) -> Iterator[Flaw]:
    if article.text("owner") not in settings.agents:
        wrong = NotOnDesk("agent", article.text("owner"), tuple(settings.agents))
        yield Flaw(("owner",), wrong.message, wrong.remedy)


def _tags(settings: Settings, article: Article) -> Iterator[Flaw]:
    for index, tag in enumerate(article.items("tags")):
        if not fields.TAG.fullmatch(tag) or not tag.isprintable():
            yield Flaw(("tags", index), f"{tag!r} is no tag", "a tag is one word")


def _translations(settings: Settings, article: Article) -> Iterator[Flaw]:
    for index, other in enumerate(article.items("translations")):
        if other == article.slug or not slug.PATTERN.fullmatch(other):
            message = f"{other!r} is not the slug of another article"
            yield Flaw(("translations", index), message, "take it out")


def _sources(settings: Settings, article: Article) -> Iterator[Flaw]:
    for index, ticket in enumerate(article.items("sources")):
        if not ids.ID_PATTERN.fullmatch(ticket):
            yield Flaw(("sources", index), f"{ticket!r} is not a ticket's id", "take it out")


_CHECKS: Mapping[str, Callable[[Settings, Article], Iterator[Flaw]]] = {
    "language": _language,
    "translations": _translations,
    "category": _category,
    "tags": _tags,
    "owner": _owner,
    "sources": _sources,
}
