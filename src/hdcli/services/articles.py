"""Articles of the knowledge base: written, published, reviewed, linked, archived."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hdcli.errors import BadUsage, Conflict, Refused
from hdcli.model import slug
from hdcli.model.article import ARTICLE, LANGUAGE, Article, body_from
from hdcli.model.message import one_line, paragraphs
from hdcli.model.procedure import Step
from hdcli.model.schema import MAX_BODY, MAX_TITLE
from hdcli.model.settings import Settings
from hdcli.services import values
from hdcli.services.actions import Draft
from hdcli.services.session import Session
from hdcli.store.desk import Desk
from hdcli.store.transaction import Transaction

OPEN_POINT = "<!-- hd:"
"""Begins what a draft leaves to its author; nothing is published with it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A new article as somebody asks for it. What is empty takes its default."""

    title: str
    slug: str = ""
    body: str = ""
    language: str = ""
    category: str = ""
    audience: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """An article after an action; ``changed`` is false where all was so already."""

    article: Article
    changed: bool


def find(desk: Desk, reference: str) -> Article:
    """The article that is meant, by its slug or the beginning of it. Raises NotFound, BadData."""
    return desk.article(desk.slug(reference))


def create(session: Session, wanted: Wanted, translates: str = "", action: str = "new") -> Article:
    """A new draft, in one commit; ``translates`` is the slug of what it is a translation of.

    A slug made of the title gets a number where it is taken. Raises NotOnDesk, BadUsage, and
    Conflict for a slug that was asked for and is taken.
    """
    given = values_of(session.settings, wanted, session.who.handle)

    def plan(transaction: Transaction) -> Article:
        name = _free_slug(transaction.has, wanted)
        article = Article(name, {}, (), body_of(wanted.body), wanted.steps)
        others = group(session, transaction, translates) if translates else []
        for each in others:
            _require_other_language(given["language"], each)
        lists = {
            "translations": [each.slug for each in others],
            "tags": values.tags(wanted.tags),
            "sources": list(wanted.sources),
        }
        add = {key: items for key, items in lists.items() if items}
        draft = Draft(action, given, add, text=article.digest if article.texts else "")
        told = Draft("link", add={"translations": [name]})
        more = [grown(session, each, told) for each in others]
        return session.record(transaction, article, draft, others=more)

    return session.write(plan)


def translating(desk: Desk, wanted: Wanted, other: str) -> Wanted:
    """A new article that is a translation of ``other``: about the same, where it says nothing."""
    return replace(wanted, category=wanted.category or desk.article(other).text("category"))


def values_of(settings: Settings, wanted: Wanted, me: str) -> dict[str, Any]:
    """The first values of a new article, checked against the desk. Raises NotOnDesk, BadUsage."""
    title = one_line(wanted.title)
    if not title:
        raise BadUsage("a title is missing", 'hd kb new "How to ..."')
    if len(title) > MAX_TITLE:
        raise BadUsage(f"the title is longer than {MAX_TITLE} characters")
    language = wanted.language or settings.language
    if not LANGUAGE.fullmatch(language):
        raise BadUsage(f"'{language}' is no language", "write it as en, fr or pt-BR")
    audience = wanted.audience or "agents"
    if audience not in ARTICLE.choices["audience"]:
        raise BadUsage(f"'{audience}' is no audience", "it is public or agents")
    found = {
        "title": title,
        "state": "draft",
        "language": language,
        "category": settings.category(wanted.category) if wanted.category else None,
        "audience": audience,
        "owner": settings.agent(wanted.owner).handle if wanted.owner else me,
    }
    return {name: value for name, value in found.items() if value}


def body_of(text: str) -> str:
    """A body as it is stored. Raises BadUsage when it is too long."""
    if len(text) > MAX_BODY:
        raise BadUsage(f"the text is longer than {MAX_BODY:,} characters")
    return body_from(text)


def slug_for(desk: Desk, wanted: Wanted) -> str:
    """The slug that a new article would get as things stand. Raises BadUsage, Conflict."""
    return _free_slug(lambda path: desk.file(path) is not None, wanted)


def _free_slug(has: Callable[[str], bool], wanted: Wanted) -> str:
    def taken(name: str) -> bool:
        return has(slug.article_path(name))

    if not wanted.slug:
        return slug.unused(slug.slug_of(wanted.title), taken)
    if not slug.PATTERN.fullmatch(wanted.slug):
        raise BadUsage(f"'{wanted.slug}' is no slug", f"write it as {slug.slug_of(wanted.slug)}")
    if taken(wanted.slug):
        raise Conflict(f"there is an article {wanted.slug} already", f"hd kb edit {wanted.slug}")
    return wanted.slug


def group(session: Session, transaction: Transaction, name: str) -> list[Article]:
    """An article and its translations, as far as they are there. Raises NotFound, BadData."""
    first = session.article(transaction, name)
    others = (each for each in first.items("translations") if slug.PATTERN.fullmatch(each))
    there = (each for each in others if transaction.has(slug.article_path(each)))
    return [first, *(session.article(transaction, each) for each in there)]


def _require_other_language(language: str, other: Article) -> None:
    if language == other.language:
        remedy = "a translation is in another language: --language"
        raise Refused(f"{other.slug} is in {language} already", remedy)


def publish(
    session: Session, slugs: Sequence[str], review: str, *, asked: bool = False
) -> list[Done]:
    """Articles that those they are for may rely on from now on.

    ``review`` is when they are to be reviewed (UTC): where no time to come is set, or where
    somebody ``asked`` for it. Raises Refused for one with nothing to read, or with open points.
    """

    def draft_for(article: Article) -> Draft:
        require_complete(article)
        if article.state == "published":
            return Draft("publish")
        unset = article.text("review") <= session.at
        due = {"review": review} if asked or unset else {}
        return Draft("publish", {"state": "published", **due})

    return act(session, slugs, draft_for)


def require_complete(article: Article) -> None:
    """Raises Refused for an article that its author has not finished."""
    edit = f"hd kb edit {article.slug}"
    if not article.texts:
        raise Refused(f"{article.slug} has nothing to read yet", edit)
    for line in article.body.split("\n"):
        if OPEN_POINT in line:
            point = line.partition(OPEN_POINT)[2].partition("-->")[0].strip()
            raise Refused(f"{article.slug} is not finished: {one_line(point)}", edit)


def rewrite(session: Session, name: str, text: str, note: str = "") -> Done:
    """Another body for an article, whatever it was."""
    body = body_of(text)

    def plan(transaction: Transaction) -> Done:
        article = session.article(transaction, name)
        if article.body == body:
            return Done(article, changed=False)
        after = replace(article, body=body)
        draft = Draft("edit", text=after.digest, body=paragraphs(note))
        return Done(session.record(transaction, after, draft), changed=True)

    return session.write(plan)


def archive(session: Session, slugs: Sequence[str], body: str = "") -> list[Done]:
    """Articles that are not to be used any more, and stay for the record."""
    draft = Draft("archive", {"state": "archived"}, body=paragraphs(body))
    return act(session, slugs, lambda each: draft if each.state != "archived" else Draft("archive"))


def review(session: Session, slugs: Sequence[str], until: str, body: str = "") -> list[Done]:
    """Articles that somebody looked through and found right; ``until`` is the next time (UTC)."""

    looked = {"until": until[:10]}  # who looks twice within a minute has looked twice

    def draft_for(article: Article) -> Draft:
        if article.state == "archived":
            raise Refused(f"{article.slug} is archived", f"hd kb publish {article.slug}")
        return Draft("review", {"review": until}, body=paragraphs(body), extra=looked)

    return act(session, slugs, draft_for)


def link(session: Session, name: str, tickets: Sequence[str], *, remove: bool = False) -> Done:
    """The tickets that an article came from."""
    items = {"sources": list(tickets)}
    draft = Draft("link", remove=items) if remove else Draft("link", add=items)
    return act(session, [name], lambda _: draft)[0]


def grown(session: Session, article: Article, draft: Draft) -> Article:
    """The article after an action, not committed yet."""
    return article.with_entry(session.entry(article, draft))


def settled(article: Article, draft: Draft) -> Draft:
    """The draft without what would not change anything; empty when all is so already."""
    has = {name: article.items(name) for name in ARTICLE.sets}
    add = {name: [i for i in items if i not in has[name]] for name, items in draft.add.items()}
    out = {name: [i for i in items if i in has[name]] for name, items in draft.remove.items()}
    return replace(
        draft,
        set={name: new for name, new in draft.set.items() if new != article.values.get(name)},
        add={name: items for name, items in add.items() if items},
        remove={name: items for name, items in out.items() if items},
    )


def act(
    session: Session, slugs: Sequence[str], draft_for: Callable[[Article], Draft]
) -> list[Done]:
    """The same action on each article: a commit each, all of them or none.

    Raises the first refusal; then nothing was done.
    """

    def plan(transaction: Transaction) -> list[Done]:
        done = []
        for each in dict.fromkeys(slugs):
            article = session.article(transaction, each)
            draft = settled(article, draft_for(article))
            after = session.record(transaction, article, draft) if draft else article
            done.append(Done(after, bool(draft)))
        return done

    return session.write(plan)
