"""Articles that say the same in different languages: each names all the others."""

from __future__ import annotations

from collections.abc import Sequence

from hdcli.errors import Refused
from hdcli.model.article import Article
from hdcli.services.actions import Draft
from hdcli.services.articles import Done, group, grown, settled
from hdcli.services.session import Session
from hdcli.store.transaction import Transaction


def translate(session: Session, name: str, other: str, *, remove: bool = False) -> Done:
    """Makes two articles, and the translations that each has, translations of each other.

    ``remove`` parts the two instead: all else stays as it is. One commit changes all of them.
    Raises Refused where two would be in one language.
    """

    def plan(transaction: Transaction) -> Done:
        ours = group(session, transaction, name)
        if remove:
            second = session.article(transaction, other)
            pairs = [(ours[0], [second.slug]), (second, [ours[0].slug])]
            drafts = [(each, Draft("link", remove={"translations": out})) for each, out in pairs]
        else:
            known = {each.slug for each in ours}
            theirs = [e for e in group(session, transaction, other) if e.slug not in known]
            _require_apart(ours, theirs)
            every = [*ours, *theirs]
            drafts = [(each, _translations(each, every)) for each in every]
        settled_drafts = [(each, settled(each, draft)) for each, draft in drafts]
        changing = [(each, draft) for each, draft in settled_drafts if draft]
        if not changing:
            return Done(ours[0], changed=False)
        (first, draft), *rest = changing
        more = [grown(session, each, theirs) for each, theirs in rest]
        session.record(transaction, first, draft, others=more)
        return Done(session.article(transaction, name), changed=True)

    return session.write(plan)


def _translations(article: Article, every: Sequence[Article]) -> Draft:
    return Draft("link", add={"translations": [e.slug for e in every if e.slug != article.slug]})


def _require_apart(ours: Sequence[Article], theirs: Sequence[Article]) -> None:
    known = {each.language: each.slug for each in ours}
    for each in theirs:
        if each.language in known:
            where = f"in {each.language}" if each.language else "without a language"
            said = f"{known[each.language]} and {each.slug} are both {where}"
            raise Refused(said, f"hd kb edit {each.slug}")
