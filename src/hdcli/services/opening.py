"""A request comes in: its ticket is opened, and the desk's rules are applied to it."""

from __future__ import annotations

from collections.abc import Sequence

from hdcli.services import tickets
from hdcli.services.attachments import File
from hdcli.services.rules import Applied, Ruling
from hdcli.services.session import Session
from hdcli.services.tickets import Request
from hdcli.store.transaction import Transaction

# What a request may say of itself, which no rule then decides.
_SAYS = ("category", "priority", "impact", "urgency", "team", "assignee")


def opened(session: Session, request: Request, attach: Sequence[File] = ()) -> Applied:
    """A new ticket and what the rules did with it. ``attach`` are files by their own names.

    Raises what ``tickets.create`` does.
    """
    return session.write(
        lambda transaction: opened_in(session, transaction, request, Ruling(session), attach)
    )


def opened_in(
    session: Session,
    transaction: Transaction,
    request: Request,
    ruling: Ruling,
    attach: Sequence[File] = (),
    recipients: Sequence[str] = (),
) -> Applied:
    """The same within a transaction, whose ``ruling`` all its tickets share.

    ``recipients`` are the addresses that a mail was for.
    """
    ticket = tickets.open_in(session, transaction, request, attach)
    return ruling.apply(session, transaction, ticket, said(request), recipients)


def said(request: Request) -> frozenset[str]:
    """The fields that a request has said itself; whom it names decides the team, too."""
    given = {name for name in _SAYS if getattr(request, name)} | set(request.custom)
    return frozenset(given | ({"team"} if "assignee" in given else set()))
