"""Whom an event is told to, and in which language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hdcli.mail import loops
from hdcli.model import mailed, mention
from hdcli.model.addressbook import AddressBook
from hdcli.model.entry import Entry
from hdcli.model.fields import SPAM
from hdcli.model.language import language_of
from hdcli.model.person import address
from hdcli.model.settings import Agent, Settings
from hdcli.model.ticket import Ticket

# What those in copy hear of; all else is between the requester and the desk.
_IN_COPY = ("reply", "solved", "reopened", "closed")


class Recipient(NamedTuple):
    """Somebody with a mail address: as a ticket names them, or ``Name <mail>`` of an agent;
    ``agent`` is their handle, empty for a requester."""

    person: str
    mail: str
    language: str
    agent: str = ""
    first: bool = False
    """The requester, not somebody in copy."""


def requesters(
    settings: Settings, book: AddressBook, ticket: Ticket, event: str, entry: Entry | None
) -> Iterator[Recipient]:
    """The requester, and for some events those in copy, but who wrote what is told, or did it as an
    agent."""
    writer = address(mailed.sender(entry)) if entry else ""
    agent = settings.agents.get(entry.by) if entry and not writer else None
    own = [each.lower() for each in agent.emails] if agent else []
    copies = ticket.items("cc") if event in _IN_COPY else ()
    met: set[str] = set()
    for at, person in enumerate((ticket.text("requester"), *copies)):
        mail = address(person)
        if not is_address(mail) or mail in met or loops.is_ours(mail, settings.mail.addresses):
            continue
        if mail in own:
            continue
        met.add(mail)
        if at == 0 or mail != writer:
            yield Recipient(person, mail, language(settings, book, ticket, person), first=at == 0)


def language(settings: Settings, book: AddressBook, ticket: Ticket, person: str) -> str:
    """A requester's language: the address book's, else that of what they wrote, else the desk's."""
    known = book.of(person)
    if known and known.language:
        return known.language
    own = address(person)
    for entry in reversed(ticket.log):
        if address(mailed.sender(entry)) == own and (found := language_of(entry.body)):
            return found
    is_theirs = own == address(ticket.text("requester"))
    asked = f"{ticket.title}\n{ticket.description}"
    return (is_theirs and language_of(asked)) or settings.language


def wants_none(ticket: Ticket, mail: str) -> bool:
    """Whether an automatic mail to a requester would be wrong: nobody reads it, it bounced, what
    they sent asked for none, or the ticket is tagged as spam."""
    if loops.is_nobody(mail) or SPAM in ticket.items("tags"):
        return True
    for entry in ticket.log:
        if mail in _bounced(entry):
            return True
        if entry.extra.get(mailed.QUIET) is True and address(mailed.sender(entry)) == mail:
            return True
    return False


def agents(
    settings: Settings, ticket: Ticket, event: str, entry: Entry | None
) -> Iterator[Recipient]:
    """The agents that an event concerns: active ones, without who did it."""
    author = "" if entry is None or mailed.sender(entry) else entry.by
    if event in ("agent-refused", "agent-unreached"):  # of mail that they don't know the end of
        author = ""
    for agent in _concerned(settings, ticket, event, entry):
        if agent.active and agent.handle != author:
            mail = agent.emails[0]
            yield Recipient(agent.identity, mail.lower(), settings.language, agent.handle)


def _concerned(
    settings: Settings, ticket: Ticket, event: str, entry: Entry | None
) -> Iterator[Agent]:
    assignee = settings.agents.get(ticket.text("assignee"))
    if event == "agent-assigned":
        given = entry is None or entry.set.get("assignee", "") == ticket.text("assignee")
        yield from [assignee] if assignee and given else []
    elif event == "agent-refused":
        agent = settings.agents.get(entry.by) if entry else None
        yield from [agent] if agent else []
    elif event == "agent-mentioned":
        names = mention.mentions(entry) if entry else ()
        for name in names:
            yield from [settings.agents[name]] if name in settings.agents else []
            yield from of_team(settings, name)
    elif event == "agent-unhappy":
        leads = [each for each in settings.agents.values() if each.role == "lead" and each.active]
        yield from leads or ([assignee] if assignee else of_team(settings, ticket.text("team")))
    elif event == "agent-followed":
        yield from _watchers(settings, ticket)
    elif event == "agent-unreached" and entry and _is_old(settings, ticket, entry):
        return
    elif event == "agent-escalated" or assignee is None or not assignee.active:
        yield from of_team(settings, ticket.text("team"))
    else:
        yield assignee
    if event == "agent-reply":
        yield from _watchers(settings, ticket)


def _is_old(settings: Settings, ticket: Ticket, report: Entry) -> bool:
    """Whether a report names no address that concerns who has the ticket: those of agents don't, or
    the report of the mail that tells of it would come round; nor, for the same reason, does once
    more one that is none of the ticket's people: some agent's mail goes on to it."""
    agents = {mail.lower() for agent in settings.agents.values() for mail in agent.emails}
    people = {address(each) for each in (ticket.text("requester"), *ticket.items("cc"))}
    earlier = (each for each in ticket.log if each.order < report.order)
    known = {mail for each in earlier for mail in _bounced(each)}
    failed = set(_bounced(report))
    return bool(failed) and not (failed - agents) & people and not failed - agents - known


def _bounced(entry: Entry) -> list[str]:
    found = entry.extra.get(mailed.BOUNCED)
    return [str(each).lower() for each in found] if isinstance(found, list) else []


def _watchers(settings: Settings, ticket: Ticket) -> Iterator[Agent]:
    found = (settings.agents.get(each) for each in ticket.items("watchers"))
    return (each for each in found if each)


def of_team(settings: Settings, team: str) -> list[Agent]:
    """The active agents of a team who work on tickets."""
    found = (each for each in settings.agents.values() if each.active and each.works)
    return [each for each in found if team in each.teams]


def is_address(text: str) -> bool:
    """Whether a text is an address that mail can go to."""
    local, at, domain = text.rpartition("@")
    return bool(local and at and domain) and not set(text) & set(' \t\r\n<>,;"')
