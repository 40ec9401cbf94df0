"""Which ticket a letter belongs to: by the ids it answers, else its address, else its subject.

A Message-ID of ours carries a keyed hash, so whoever has it had our mail. For all else the sender
must be one of the ticket's people: whoever knows an id can't write on a ticket.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from hdcli.errors import BadData, NotFound
from hdcli.mail import addressing
from hdcli.mail.message import Mail
from hdcli.model import mailed
from hdcli.model.person import address
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.services.intake.letters import Letter
from hdcli.services.notify.events import Events
from hdcli.services.session import Session
from hdcli.store import arrived, stream
from hdcli.store.deskkey import desk_key
from hdcli.store.transaction import Transaction


class Target(NamedTuple):
    """A ticket that a letter names. ``belongs`` is false where the sender is none of its people."""

    ticket: Ticket
    belongs: bool


class Targets:
    """Finds tickets for some letters within a transaction."""

    def __init__(
        self, session: Session, transaction: Transaction, letters: Sequence[Letter]
    ) -> None:
        self._session = session
        self._transaction = transaction
        place = session.desk.place
        self._key = desk_key(place.repository, place.head)
        mails = [each.mail for each in letters if each.mail]
        wanted = {found for mail in mails for found in (mail.message_id, *mail.references)}
        ask = session.desk.cache.ask
        known = ask(lambda db: arrived.by_ids(db, wanted)) if wanted else []
        self._known = {each.message_id: each.ticket for each in reversed(known)}

    def add(self, message_id: str, ticket: str) -> None:
        """This message went to a ticket just now."""
        if message_id:
            self._known[message_id] = ticket

    def of(self, letter: Letter) -> Target | None:
        """The ticket that a letter names; None where it names none that is there."""
        assert letter.mail is not None
        first: Target | None = None
        for name, sure in self._names(letter.mail):
            ticket = self.ticket(name)
            if ticket is None:
                continue
            if sure or letter.sender in people(self._session.settings, ticket):
                return Target(ticket, belongs=True)
            first = first or Target(ticket, belongs=False)
        return first

    def of_ids(self, message_ids: Iterable[str]) -> Ticket | None:
        """The ticket that one of these messages was about, or went to."""
        for message_id in message_ids:
            told = addressing.told_by(self._key, message_id)
            name = told.ticket if told else self._known.get(message_id) or self._find(message_id)
            if name and (ticket := self.ticket(name)):
                return ticket
        return None

    def is_about_digest(self, mail: Mail) -> bool:
        """Whether a mail answers a digest of ours."""
        return any(addressing.is_digest(self._key, each) for each in mail.references)

    def for_requester(self, ticket: Ticket, mail: Mail) -> bool:
        """Whether an agent's mail on a ticket speaks to its requester: the nearest known mail that
        it answers is theirs, is a reply to them, or told that they wrote; so does one that answers
        none."""
        logged = {entry.extra.get(mailed.MESSAGE_ID): entry.action for entry in ticket.log}
        for each in mail.references:
            if told := addressing.told_by(self._key, each):
                return self._told_of_words(told)
            if each in logged:
                return logged[each] != "note"
        return True

    def _told_of_words(self, told: addressing.Told) -> bool:
        """Whether a mail of ours told agents that the requester wrote."""
        desk = self._session.desk
        commit = stream.one(desk.place.repository, told.commit)
        events = Events(desk).of([commit]) if commit else ()
        return any(event.name == "agent-reply" for event in events)

    def _find(self, message_id: str) -> str:
        found = self._session.desk.cache.ask(lambda db: arrived.by_ids(db, [message_id]))
        return found[0].ticket if found else ""

    def _names(self, mail: Mail) -> Iterator[tuple[str, bool]]:
        """The ids of tickets that a mail names, and whether that alone will do."""
        for each in mail.references:
            if told := addressing.told_by(self._key, each):
                yield told.ticket, True
        for each in mail.references:
            if each in self._known:
                yield self._known[each], False
        for each in mail.delivered_to:
            if found := addressing.ticket_of_address(self._key, each):
                yield found, False
        prefix = self._session.settings.prefix
        for found in addressing.tickets_in_subject(mail.subject, prefix):
            yield found, False

    def ticket(self, name: str) -> Ticket | None:
        """The ticket of an id, or of one that it had, or that it was merged into. Raises BadData
        for one that can't be read."""
        try:
            return self._session.current(self._transaction, name)
        except NotFound:
            pass
        try:
            return self._session.current(self._transaction, self._session.desk.resolve(name))
        except (NotFound, BadData):
            return None


def people(settings: Settings, ticket: Ticket) -> frozenset[str]:
    """The addresses of all who may write on a ticket: its people, who wrote before, the agents."""
    known = [ticket.text("requester"), *ticket.items("cc")]
    known += [mailed.sender(entry) for entry in ticket.log]
    agents = (mail for agent in settings.agents.values() if agent.active for mail in agent.emails)
    return frozenset((*(address(each) for each in known if each), *(m.lower() for m in agents)))
