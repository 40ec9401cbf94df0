"""Procedures: which there are, and putting them on tickets and taking them off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hdcli.errors import Refused
from hdcli.model import fields, procedure
from hdcli.model.ticket import Ticket
from hdcli.services import actions
from hdcli.services.actions import Draft
from hdcli.services.following import Following, following
from hdcli.services.naming import named
from hdcli.services.session import Done, Session
from hdcli.store import procedures as store
from hdcli.store.procedures import Listed

if TYPE_CHECKING:
    from hdcli.model.article import Article
    from hdcli.store.desk import Desk


def published(desk: Desk, category: str = "", language: str = "") -> list[Listed]:
    """The procedures that can be followed, by category; of one category or language if named."""
    if category:
        category = desk.settings.category(category)
    return desk.cache.ask(lambda db: store.published(db, category, language))


def meant(desk: Desk, reference: str) -> Article | str:
    """The procedure of a slug, or the id of a ticket, as ``naming.named`` tells them apart.

    Raises NotFound, Ambiguous; Refused for an article without steps.
    """
    found = named(desk, reference)
    if found.kind is Ticket:
        return found.key
    article = desk.article(found.key)
    _require_steps(article)
    return article


def article_document(article: Article) -> dict[str, object]:
    """A procedure as JSON has it, each step with its number."""
    steps = [
        {"number": number, **procedure.step_document(each)}
        for number, each in enumerate(article.steps, 1)
    ]
    return {"procedure": article.slug, "title": article.title, "steps": steps}


def on_ticket(desk: Desk, ticket_id: str) -> tuple[Ticket, Following]:
    """A ticket and the procedure that it follows. Raises NotFound, Refused."""
    ticket = desk.ticket(ticket_id)
    now = following(desk, ticket)
    if now is None:
        raise follows_none(ticket)
    return ticket, now


def follows_none(ticket: Ticket) -> Refused:
    """What is said of a ticket without a procedure."""
    return Refused(f"{ticket.id} follows no procedure", f"hd procedure start {ticket.id} PROCEDURE")


def _require_steps(article: Article) -> None:
    if not article.steps:
        remedy = f"hd kb show {article.slug} shows what it says"
        raise Refused(f"{article.slug} has no steps to follow", remedy)


def start(
    session: Session,
    ticket_ids: Sequence[str],
    slug: str,
    *,
    replacing: bool = False,
    force: bool = False,
) -> list[Done]:
    """Puts a procedure's checklist on each ticket, all or none.

    ``replacing`` ends another that it follows, ``force`` takes articles that are not published.
    Raises NotFound, Refused.
    """

    def draft_for(ticket: Ticket) -> Draft:
        require_open(ticket)
        blob = _startable(session.desk, slug, force=force)
        current = ticket.text("procedure")
        if current == slug and not replacing:
            return Draft("procedure")
        if current and not replacing:
            raise Refused(
                f"{ticket.id} follows {current} already",
                f"--replace leaves it for {slug}, hd procedure stop {ticket.id} ends it",
            )
        change = {"procedure": slug, **opened(ticket)}
        gone = {"checklist": ticket.items("checklist")}
        extra = {"blob": blob, **({"procedure": slug} if current == slug else {})}
        return Draft("procedure", change, remove=gone, extra=extra)

    return session.act(ticket_ids, draft_for)


def _startable(desk: Desk, slug: str, *, force: bool) -> str:
    """The blob of an article that can be followed. Raises NotFound, Refused, BadData."""
    article = desk.article(slug)
    _require_steps(article)
    if article.state != "published" and not force:
        raise Refused(
            f"{slug} is {article.state}, not published", "--force follows it all the same"
        )
    found = desk.objects.read(f"{desk.place.head}:{article.path}", limit=0)
    return found[0] if found else ""


def stop(session: Session, ticket_ids: Sequence[str], body: str = "") -> list[Done]:
    """Takes the checklist off each ticket; its story stays in the log."""

    def draft_for(ticket: Ticket) -> Draft:
        if not ticket.text("procedure") and not ticket.items("checklist"):
            return Draft("procedure")
        change, gone = {"procedure": None}, {"checklist": ticket.items("checklist")}
        extra = {"procedure": ticket.text("procedure")}
        return Draft("procedure", change, remove=gone, body=actions.body_of(body), extra=extra)

    return session.act(ticket_ids, draft_for)


def opened(ticket: Ticket) -> dict[str, str]:
    """Somebody is at work on it: no longer new."""
    return {"status": "open"} if ticket.status == "new" else {}


def require_open(ticket: Ticket) -> None:
    """Raises Refused when a ticket is solved or closed."""
    if ticket.status not in fields.OPEN_STATUSES:
        raise Refused(
            f"{ticket.id} is {ticket.status}: procedures are followed on open tickets",
            f"hd reopen {ticket.id}",
        )
