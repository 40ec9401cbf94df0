"""A new ticket from a letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hdcli.mail import addressing, forwarded, loops
from hdcli.mail.forwarded import Original
from hdcli.mail.message import Mail
from hdcli.model import mailed
from hdcli.model.fold import fold
from hdcli.model.message import one_line, ticket_message
from hdcli.model.person import address
from hdcli.model.schema import MAX_TITLE
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.services.actions import Draft
from hdcli.services.intake.keeping import Kept, kept
from hdcli.services.intake.letters import Letter, named
from hdcli.services.mentioning import mentioning
from hdcli.services.session import Session
from hdcli.services.tickets import Request, first_entry, values_of
from hdcli.store.transaction import Transaction

_MOST_IN_COPY = 20
_FROM_TEXT = 80
NO_SUBJECT = "(no subject)"
UNVOUCHED = "[Nobody vouches for the sender, who calls themselves an agent: it may be anybody.]"


def open_for(
    session: Session,
    transaction: Transaction,
    identifier: str,
    letter: Letter,
    text: str,
    related: str = "",
    *,
    vouched: bool = False,
) -> Ticket:
    """Opens a ticket of a free id for a letter, in one commit, and one more for what an agent wrote
    above a mail that they forward; ``text`` is what is left of its text, ``related`` the id of a
    ticket that it is to be linked to; ``vouched`` says that the session is its sender's.
    """
    settings = session.settings
    original = _original(settings, letter)
    remark = ""
    if original and original.text:
        assert letter.mail is not None
        remark, text = forwarded.remark(letter.mail, text), original.text
    found = kept(letter, settings, identifier, text)
    request = _request(settings, letter, found, original)
    entry = first_entry(session, request, values_of(settings, request))
    add = dict(entry.add)
    if found.files:
        add["attachments"] = list(found.files)
    if related:
        add["links"] = [f"relates-to {related}"]
    sender = {mailed.FROM: letter.requester} if letter.requester else {}
    entry = replace(entry, add=add, extra={**sender, **found.extra})
    ticket = Ticket(identifier, fold([entry]), (entry,))
    message = ticket_message(None, ticket, entry, trailers(letter))
    transaction.commit(message, session.who.signed(session.now), [ticket], found.files)
    if remark:
        draft = _said(session, letter, remark, vouched=vouched)
        ticket = session.record(transaction, ticket, draft, trailers(letter))
    return ticket


def _said(session: Session, letter: Letter, remark: str, *, vouched: bool) -> Draft:
    """The words of an agent who forwards: their note, if it is certain that they wrote them."""
    if vouched:
        return mentioning(session.settings, Draft("note", body=remark))
    return Draft("reply", body=f"{remark}\n\n{UNVOUCHED}", extra={mailed.FROM: letter.requester})


def trailers(letter: Letter) -> list[tuple[str, str]]:
    """What the commit says of the mail that it comes from."""
    assert letter.mail is not None
    return [("From", letter.requester), ("Message-Id", letter.mail.message_id)]


def _original(settings: Settings, letter: Letter) -> Original | None:
    """The mail that an agent forwards; None where it is none."""
    assert letter.mail is not None
    return forwarded.original(letter.mail) if settings.agent_by_email(letter.sender) else None


def _request(settings: Settings, letter: Letter, found: Kept, original: Original | None) -> Request:
    mail = letter.mail
    assert mail is not None
    requester, subject = letter.requester, mail.subject
    if original:
        requester = named(original.sender) or requester
        subject = original.subject or subject
    return Request(
        title=_title(settings, subject, mail),
        body=found.text,
        requester=requester,
        channel="mail",
        cc=in_copy(settings, mail, requester),
    )


def _title(settings: Settings, subject: str, mail: Mail) -> str:
    title = one_line(addressing.without_tokens(subject, settings.prefix))
    if not title:
        first = next((line for line in mail.typed.split("\n") if line.strip()), "")
        title = one_line(first)[:_FROM_TEXT] or NO_SUBJECT
    return title if len(title) <= MAX_TITLE else f"{title[: MAX_TITLE - 1].rstrip()}…"


def in_copy(settings: Settings, mail: Mail, requester: str) -> tuple[str, ...]:
    """Everybody else whom the mail was written to, but the desk and its agents."""
    found: list[str] = []
    for each in mail.recipients:
        mine = loops.is_ours(each.mail, settings.mail.addresses)
        if mine or settings.agent_by_email(each.mail) or each.mail.lower() == address(requester):
            continue
        if not settings.mail.addresses and _is_told(mail, each.mail):
            continue  # the desk's own, which desk.yaml does not name
        if person := named(each):
            found.append(person)
    return _most(found)


def _is_told(mail: Mail, address: str) -> bool:
    return len(mail.recipients) == 1 or address.lower() in mail.envelope


def _most(people: Sequence[str]) -> tuple[str, ...]:
    return tuple(people) if len(people) <= _MOST_IN_COPY else ()
