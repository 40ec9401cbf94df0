"""The starter set: procedures for classic level-1 work that come with hd, in English and French."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

from hdcli.errors import NotFound
from hdcli.model.article import Article
from hdcli.model.procedure import Step
from hdcli.model.settings import Settings
from hdcli.model.suggest import nearest
from hdcli.services.actions import Draft
from hdcli.services.articles import grown
from hdcli.services.session import Session
from hdcli.store import codec
from hdcli.store.transaction import Transaction

LANGUAGES = ("en", "fr")
# The level to ask where the desk has neither of the teams that a step names in two languages.
_NEXT = 2


@dataclass(frozen=True, slots=True)
class Installed:
    """A procedure of the set, as the desk has it; ``new`` is false where it was there before."""

    article: Article
    new: bool


def every() -> dict[str, Article]:
    """All articles of the set by slug, those in English first."""
    folder = files("hdcli") / "data" / "kb"
    found: dict[str, Article] = {}
    for language in LANGUAGES:
        places = sorted((folder / language).iterdir(), key=lambda each: each.name)
        for each in places:
            article = codec.read_article(each.read_bytes(), each.name)
            found[article.slug] = article
    return found


def chosen(
    known: Mapping[str, Article], languages: Sequence[str], slugs: Sequence[str]
) -> list[str]:
    """The slugs that are meant: those named, each in the languages named (of no language: as they
    are), or all of these languages. Raises NotFound."""
    if not slugs:
        return [slug for slug, article in known.items() if article.language in languages]
    wanted: dict[str, None] = {}
    for slug in slugs:
        if slug not in known:
            near = nearest(slug, known)
            hint = f"did you mean '{near}'?" if near else f"it has {', '.join(known)}"
            raise NotFound(f"no '{slug}' in the starter set", hint)
        for each in (slug, *known[slug].items("translations")):
            if known[each].language in languages or (each == slug and not languages):
                wanted[each] = None
    return list(wanted)


def install(
    session: Session, languages: Sequence[str], slugs: Sequence[str], review: str
) -> list[Installed]:
    """Puts procedures on the desk, published and owned by who asks, a commit each; what is there
    already stays as it is.

    ``languages`` empty means those of the slugs, or the desk's. ``review`` is when they are to be
    looked at again (UTC). Raises NotFound.
    """
    known = every()
    usual = session.settings.language
    if not languages and not slugs:
        languages = [usual if usual in LANGUAGES else LANGUAGES[0]]
    wanted = chosen(known, languages, slugs)

    def plan(transaction: Transaction) -> list[Installed]:
        return [_install(session, transaction, known, slug, review) for slug in wanted]

    return session.write(plan)


def _install(
    session: Session,
    transaction: Transaction,
    known: Mapping[str, Article],
    slug: str,
    review: str,
) -> Installed:
    ready = known[slug]
    if transaction.has(ready.path):
        return Installed(session.article(transaction, slug), new=False)
    twins = [known[each] for each in ready.items("translations")]
    there = list(_there(session, transaction, twins))
    article = Article(slug, {}, (), ready.body, _fitting_steps(session.settings, ready, twins))
    change = {
        **{name: ready.text(name) for name in ("title", "state", "language", "audience")},
        "category": _category(session.settings, ready, twins),
        "owner": session.who.handle,
        "review": review,
    }
    lists = {"tags": ready.items("tags"), "translations": [each.slug for each in there]}
    draft = Draft(
        "starter",
        {name: value for name, value in change.items() if value},
        {name: list(items) for name, items in lists.items() if items},
        text=article.digest,
    )
    told = Draft("link", add={"translations": [slug]})
    others = [
        grown(session, each, told) for each in there if slug not in each.items("translations")
    ]
    return Installed(session.record(transaction, article, draft, others=others), new=True)


def _there(
    session: Session, transaction: Transaction, twins: Sequence[Article]
) -> Iterator[Article]:
    """The translations that the desk has, in their language."""
    for each in twins:
        if transaction.has(each.path):
            found = session.article(transaction, each.slug)
            if found.language == each.language:
                yield found


def _category(settings: Settings, ready: Article, twins: Sequence[Article]) -> str:
    """The article's category as this desk calls it; empty where it has no such."""
    names = [each.text("category") for each in (ready, *twins)]
    if not settings.categories:
        return names[0]
    return next((name for name in names if name in settings.categories), "")


def _fitting_steps(
    settings: Settings, ready: Article, twins: Sequence[Article]
) -> tuple[Step, ...]:
    """The steps with the teams of this desk: by the name in either language, else by level."""
    found = []
    for number, step in enumerate(ready.steps):
        names = [each.steps[number].escalate for each in (ready, *twins)]
        team = next((name for name in names if name in settings.teams), _NEXT)
        found.append(replace(step, escalate=team) if step.escalate else step)
    return tuple(found)
