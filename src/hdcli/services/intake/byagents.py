"""What agents do by mail: their answers, and the orders at the top of these.

An order is followed when a trusted server found the sender to be true, and all of them or none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from hdcli.errors import HdError, Refused
from hdcli.mail import authentication, orders
from hdcli.mail.orders import Order
from hdcli.model import mailed
from hdcli.model.fields import WAITS_FOR
from hdcli.model.settings import Agent, Settings
from hdcli.model.ticket import Ticket
from hdcli.services import actions
from hdcli.services.actions import Draft, settled
from hdcli.services.intake.answering import NO_TEXT
from hdcli.services.intake.keeping import kept, whole_text
from hdcli.services.intake.letters import Letter
from hdcli.services.intake.opening import trailers
from hdcli.services.mentioning import mentioning
from hdcli.services.session import Session
from hdcli.services.values import value_for
from hdcli.services.who import Who
from hdcli.store.transaction import Transaction

_ROLES = ("agent", "lead")
_NOTE = Order("note")
NOT_FOLLOWED = "[The orders of this mail were not followed"


def author(settings: Settings, letter: Letter) -> Agent | None:
    """The agent who wrote a letter for certain; None for everybody else, and for a form on a web
    page: nobody vouches for whom it says to answer."""
    assert letter.mail is not None
    agent = settings.agent_by_email(letter.sender)
    if agent is None or not agent.active or agent.role not in _ROLES:
        return None
    if letter.writer != letter.mail.sender:
        return None
    known = authentication.passed(letter.mail, settings.mail.authservers)
    return agent if known else None


def acting(session: Session, agent: Agent) -> Session:
    """The session of an agent who is not at the keyboard."""
    own = (agent.name, agent.emails[0])
    return replace(session, who=Who(agent.handle, own, session.who.committer))


def work(
    session: Session, transaction: Transaction, ticket: Ticket, letter: Letter, usual: str
) -> Ticket:
    """An agent's mail on a ticket: the ``usual`` (a reply to the requester, or a note), or what its
    orders make of it; a note where it forwards another.

    What it quotes is perhaps for agents, and never in a reply. Orders that can't be followed make
    it a note, which says why; nothing is lost.
    """
    assert letter.mail is not None
    text = letter.mail.own
    given, rest = orders.split(text)
    inward = rest.strip() and (letter.mail.forwards or usual == "note")
    if inward and not any(each.word in (*_SAYING, _REPLY) for each in given):
        given = [*given, _NOTE]
    try:
        if unknown := orders.mistaken(rest):
            raise Refused(f"'{unknown}' is none")
        if usual == "note" and _NOTE not in given and _quotes(rest):
            raise Refused("what it quotes is for agents; write above it, and it can go")
        drafts = list(_drafts(session, ticket, given, rest))
    except HdError as error:
        drafts = [_refused(text, error)]
    return _commit(session, transaction, ticket, letter, drafts)


def decided(given: Sequence[Order]) -> frozenset[str]:
    """The fields that orders decide, which no rule does then."""
    return frozenset(name for each in given for name in _DECIDES.get(each.word, ()))


def follow(
    session: Session, transaction: Transaction, ticket: Ticket, given: Sequence[Order]
) -> Ticket:
    """Follows orders upon a ticket that was just opened; a note says why they were not."""
    try:
        drafts = list(_drafts(session, ticket, given, ""))
    except HdError as error:
        drafts = [_refused("", error)]
    for draft in drafts:
        ticket = session.record(transaction, ticket, draft)
    return ticket


def _refused(text: str, error: HdError) -> Draft:
    """The note that a mail becomes; its agent is told, who else would believe that it is done."""
    said = f"{NOT_FOLLOWED}: {error}]"
    return Draft("note", body=f"{text}\n\n{said}".strip(), extra={mailed.REFUSED: True})


def _drafts(session: Session, ticket: Ticket, given: Sequence[Order], text: str) -> Iterator[Draft]:
    """The entries to be made, settled one after the other; that with the text comes last."""
    for each in given:
        if each.word in _PLAIN:
            draft = settled(ticket, _PLAIN[each.word](session, ticket, each.value))
            if draft:
                ticket = ticket.with_entry(session.entry(ticket, draft))
                yield draft
    words = (each.word for each in given)
    said = list(dict.fromkeys(word for word in words if word in (*_SAYING, _REPLY)))
    if len(said) > 1:
        raise Refused(f"#{said[0]} and #{said[1]} can't go together")
    if said and said != [_REPLY]:
        if draft := settled(ticket, _SAYING[said[0]](text)):
            yield draft
    elif said or text.strip():
        yield settled(ticket, actions.reply(ticket, text))


def _quotes(text: str) -> bool:
    return any(line.lstrip().startswith(">") for line in text.split("\n"))


def _change(name: str) -> Callable[[Session, Ticket, str], Draft]:
    def draft(session: Session, ticket: Ticket, value: str) -> Draft:
        settings = session.settings
        return actions.change_fields(settings, ticket, {name: value_for(settings, name, value)})

    return draft


def _tags(session: Session, ticket: Ticket, value: str) -> Draft:
    words = value.replace(",", " ").split()
    minus = [each[1:] for each in words if each.startswith("-")]
    return actions.tag([each.lstrip("+") for each in words if each[0] != "-"], minus)


_REPLY = "reply"
_PLAIN: Mapping[str, Callable[[Session, Ticket, str], Draft]] = {
    "assign": lambda s, ticket, value: actions.assign(s.settings, ticket, value, s.who.handle),
    "take": lambda s, ticket, _: actions.take(s.settings, ticket, s.who.handle),
    "priority": _change("priority"),
    "category": _change("category"),
    "tag": _tags,
}
_DECIDES: Mapping[str, Sequence[str]] = {
    "assign": ("assignee", "team"),
    "take": ("assignee", "team"),
    "priority": ("priority",),
    "category": ("category",),
}
_SAYING: Mapping[str, Callable[[str], Draft]] = {
    "note": actions.note,
    "resolve": actions.resolve,
    "close": actions.close,
    "reopen": actions.reopen,
    "pending": lambda text: actions.pend(WAITS_FOR, None, text),
}


def _commit(
    session: Session,
    transaction: Transaction,
    ticket: Ticket,
    letter: Letter,
    drafts: Sequence[Draft],
) -> Ticket:
    """One commit each; the last has the mail and its files. What hd has to say of the mail is a
    note where the words go to the requester, and so is all of its text where it is not kept."""
    *first, last = drafts or [Draft("note", body=NO_TEXT)]
    found = kept(letter, session.settings, ticket.id, last.body if drafts else "")
    whole, body = whole_text(letter, session.settings), found.text
    aside = [whole] if whole != found.words else []
    if last.action != "note":
        aside, body = [*aside, found.remarks], found.words
    if said := "\n\n".join(filter(None, aside)):
        first.append(actions.note(said))
    last = mentioning(session.settings, last)
    for draft in first:
        ticket = session.record(transaction, ticket, draft)
    last = replace(last, body=body or last.body, extra={**last.extra, **found.extra})
    last = last.with_files(found.files)
    return session.record(transaction, ticket, settled(ticket, last), trailers(letter))
