"""Where mail is taken in: each message becomes exactly one of four things, and does so once.

The order of the steps is what a kill at any point can't break:

1. Messages are read and understood; no lock is held.
2. One transaction: what came before is looked up, tickets are written, a commit for each message.
3. What a person must see is put into quarantine, on the disk.
4. The log of the intake gets a line for each message, on the disk.
5. Only now the door lets go of the messages.

Who is stopped before 5 gives the same messages again. Tickets know the messages that they were made
of, so 2 finds them; 3 and 4 put the same in the same place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from hdcli.errors import BadData, BadUsage, Conflict, HdError, NotFound, Refused
from hdcli.mail import bounces, loops, orders
from hdcli.mail.loops import Machine
from hdcli.model.settings import NotOnDesk
from hdcli.model.ticket import Ticket
from hdcli.services.intake import answering, byagents, keeping, opening
from hdcli.services.intake.identity import drawn_from
from hdcli.services.intake.letters import Letter, Source, letter
from hdcli.services.intake.outcome import KINDS, Kind, Outcome
from hdcli.services.intake.target import Targets
from hdcli.services.rules import Ruling
from hdcli.services.session import Session
from hdcli.services.tickets import free_id
from hdcli.store import arrived, listing
from hdcli.store.arrived import Known
from hdcli.store.deskkey import desk_name
from hdcli.store.intakelog import IntakeLog, Line
from hdcli.store.quarantine import Quarantine, durable
from hdcli.store.transaction import Transaction

_HOUR = 3600
# What a message may bring about that another try would not mend.
_ITS_OWN = (BadData, BadUsage, Conflict, NotFound, NotOnDesk, Refused)


def take_in(session: Session, data: bytes, source: Source) -> Outcome:
    """Takes in one message; safe when it returns. Raises Busy and whatever keeps a desk from being
    written: then nothing was done, and the same may be tried again."""
    with closing(MailRoom(session)) as room:
        (found,) = room.take([room.read(data, source)])
    return found


class MailRoom:
    """Takes in messages as the acting agent. ``dry`` writes nothing; ``accepted`` says that a
    person has seen them and wants them as tickets."""

    def __init__(self, session: Session, *, dry: bool = False, accepted: bool = False) -> None:
        self._session = session
        self._dry = dry
        self._accepted = accepted
        place = session.desk.place
        local = place.repository.local
        self._local = local
        self._log = IntakeLog(local)
        self._quarantine = Quarantine(local)
        self._name = desk_name(place.repository, place.head)

    def read(self, data: bytes, source: Source) -> Letter:
        """A message as this desk understands it."""
        return letter(data, source, self._session.settings.mail.addresses)

    def take(self, letters: Sequence[Letter]) -> list[Outcome]:
        """Takes in some messages; an outcome each, in their order. Raises as ``take_in`` does."""
        if not letters:
            return []
        lines = self._log.of([each.key for each in letters])
        early = [self._early(each, lines[each.key]) for each in letters]
        rest = [each for each, known in zip(letters, early, strict=True) if known is None]
        late = iter(self._written(rest, lines))
        found = [known if known is not None else next(late) for known in early]
        if not self._dry:
            self._settle(found)
        return found

    def close(self) -> None:
        """Ends the connection to the log."""
        self._log.close()

    def _early(self, each: Letter, lines: Sequence[Line]) -> Outcome | None:
        """What can be said without the desk: this copy was here, nobody can read it, no person
        wrote it."""
        for line in lines:
            if line.source == each.source.name and not self._accepted:
                kind = _kind(line.outcome)
                return Outcome(each, kind, line.ticket, line.reason, again=True)
        if each.mail is None:
            if each.trouble.endswith("empty"):
                return Outcome(each, "ignored", reason=each.trouble)
            return Outcome(each, "quarantined", reason=each.trouble)
        return None

    def _written(self, letters: Sequence[Letter], lines: dict[str, list[Line]]) -> list[Outcome]:
        """The transaction. A message that breaks hd itself must not stop the others."""
        if not letters:
            return []
        session = self._session

        def plan(transaction: Transaction) -> list[Outcome]:
            return _Sorting(session, transaction, letters, lines, self).outcomes()

        try:
            if self._dry:
                return session.desk.rehearse(plan, session.who.committing(session.now))
            for each in letters:
                self._keep_large(each)
            return session.write(plan)
        except (HdError, OSError):
            raise
        except Exception as error:
            if len(letters) == 1:
                said = f"a defect of hd: {type(error).__name__}: {str(error)[:200]}"
                return [Outcome(letters[0], "quarantined", reason=said)]
            return [found for each in letters for found in self._written([each], lines)]

    def _keep_large(self, each: Letter) -> None:
        """A message of which the desk can't take all is kept whole in this clone."""
        if keeping.leaves_out(each, self._session.settings):
            place = self._local / keeping.LARGE / f"{each.key}.eml"
            if not place.exists():
                durable(place, each.data)

    def _settle(self, found: Sequence[Outcome]) -> None:
        now = self._session.now
        fresh = [each for each in found if not each.again]
        for each in fresh:
            if each.kind == "quarantined":
                facts = {**each.document(), "at": now, "arrived": each.letter.source.arrived}
                self._quarantine.put(each.letter.key, each.letter.data, facts)
        self._log.write(each.line(now) for each in fresh)

    def is_many(self, each: Letter, here: int) -> bool:
        """Whether a sender has sent too much in an hour; ``here`` are those of this batch."""
        arrived_at = each.source.arrived
        before = self._log.since(each.sender, arrived_at - _HOUR, arrived_at)
        return not self._accepted and before + here >= self._session.settings.mail.rate

    def machine(self, each: Letter) -> Machine | None:
        """What a machine's mail is; None for a person's."""
        assert each.mail is not None
        return loops.machine(each.mail, self._name, self._session.settings.mail.addresses)

    @property
    def accepted(self) -> bool:
        """Whether a person wants these messages as tickets."""
        return self._accepted


@dataclass
class _Sorting:
    """What becomes of letters within one transaction, which may be tried again."""

    session: Session
    transaction: Transaction
    letters: Sequence[Letter]
    lines: dict[str, list[Line]]
    room: MailRoom
    done: dict[str, Outcome] = field(default_factory=dict)
    senders: Counter[str] = field(default_factory=Counter)

    def outcomes(self) -> list[Outcome]:
        """An outcome each."""
        ask = self.session.desk.cache.ask
        digests = [each.key for each in self.letters]
        ids = [each.mail.message_id for each in self.letters if each.mail]
        known = ask(lambda db: arrived.by_digests(db, digests) + arrived.by_ids(db, ids))
        self.by_digest = {each.digest: each for each in reversed(known)}
        self.by_id = {each.message_id: each for each in reversed(known) if each.message_id}
        self.targets = Targets(self.session, self.transaction, self.letters)
        self.ruling = Ruling(self.session)
        self.tickets = ask(listing.tickets_in_all)
        return [self._one(each) for each in self.letters]

    def _one(self, each: Letter) -> Outcome:
        try:
            found = self._before(each) or self._machine(each) or self._person(each)
        except _ITS_OWN as error:
            found = Outcome(each, "quarantined", reason=str(error))
        assert each.mail is not None
        self.done.setdefault(each.key, found)
        if found.kind in ("new", "follow-up"):
            self.senders[each.sender] += 1
            known = Known(each.mail.message_id, each.key, found.ticket, "new")
            self.by_digest[each.key] = known
            if each.mail.message_id:
                self.by_id[each.mail.message_id] = known
            self.targets.add(each.mail.message_id, found.ticket)
        return found

    def _before(self, each: Letter) -> Outcome | None:
        """A message that a ticket has already, or that came already and became none."""
        assert each.mail is not None
        if known := self.by_digest.get(each.key):
            if not self.lines[each.key] and each.key not in self.done:
                kind = "new" if known.action in ("new", "import") else "follow-up"
                return Outcome(each, _kind(kind), known.ticket)  # a kill came between
            return Outcome(each, "ignored", known.ticket, f"it came before: {known.ticket} has it")
        if self.room.accepted:
            return None
        if self.lines[each.key] or each.key in self.done:
            return Outcome(each, "ignored", reason="it came before")
        if each.mail.message_id and (known := self.by_id.get(each.mail.message_id)):
            said = f"its Message-ID came before with other content: {known.ticket} has that"
            return Outcome(each, "quarantined", known.ticket, said)
        return None

    def _machine(self, each: Letter) -> Outcome | None:
        """What no person wrote."""
        assert each.mail is not None
        found = self.room.machine(each)
        if found is None or self.room.accepted:
            return None
        if found.kind == "bounce":
            return self._bounce(each, found)
        if found.kind in ("automatic", "list") and self._is_welcome(each):
            return None
        about = self.targets.of_ids(each.mail.references)
        return Outcome(each, "ignored", about.id if about else "", found.reason)

    def _bounce(self, each: Letter, found: Machine) -> Outcome:
        assert each.mail is not None
        ticket = self.targets.of_ids(bounces.read(each.mail).ids)
        if ticket is None:
            return Outcome(each, "ignored", reason=f"{found.reason} on no mail of this desk")
        answering.bounce(self.session, self.transaction, ticket, each)
        return Outcome(each, "follow-up", ticket.id, found.reason)

    def _is_welcome(self, each: Letter) -> bool:
        """Whether the desk wants what this machine says."""
        wanted = {name.lower() for name in self.session.settings.mail.machines}
        return each.sender in wanted or each.sender.rpartition("@")[2] in wanted

    def _person(self, each: Letter) -> Outcome:
        if not each.requester:
            return Outcome(each, "quarantined", reason="nobody's address is in it")
        if self.room.is_many(each, self.senders[each.sender]):
            rate = self.session.settings.mail.rate
            said = f"{each.sender} sent more than {rate} messages in an hour"
            return Outcome(each, "quarantined", reason=said)
        target = self.targets.of(each)
        if target is None or not target.belongs:
            return self._new(each, target.ticket if target else None)
        agent = byagents.author(self.session.settings, each)
        if agent is None and answering.rated(self.session, self.transaction, target.ticket, each):
            return Outcome(each, "follow-up", target.ticket.id)
        if agent is None and answering.is_past(self.session, target.ticket):
            return self._new(each, target.ticket)
        return self._follow_up(each, target.ticket)

    def _follow_up(self, each: Letter, ticket: Ticket) -> Outcome:
        session, settings = self.session, self.session.settings
        text = keeping.text_of(each, settings)
        agent = byagents.author(settings, each)
        if agent and each.sender != _requester(ticket):
            own = byagents.acting(session, agent)
            byagents.work(own, self.transaction, ticket, each, text)
        else:
            forged = settings.agent_by_email(each.sender) and each.sender != _requester(ticket)
            opens = not forged and self.room.machine(each) is None
            if forged and orders.split(text)[0]:
                text = f"{text}\n\n{byagents.NOT_FOLLOWED}: nobody vouches for the sender]"
            answering.answer(session, self.transaction, ticket, each, text, opens=opens)
        return Outcome(each, "follow-up", ticket.id)

    def _new(self, each: Letter, related: Ticket | None) -> Outcome:
        session, settings = self.session, self.session.settings
        text = keeping.text_of(each, settings)
        agent = byagents.author(settings, each)
        given, rest = orders.split(text) if agent else ([], text)
        link = related.id if related else ""
        own = byagents.acting(session, agent) if agent else session
        own = replace(own, entropy=drawn_from("mail", each.key))
        identifier = free_id(own, self.transaction, self.tickets)
        ticket = opening.open_for(own, self.transaction, identifier, each, rest, link)
        assert each.mail is not None
        for_whom = each.mail.delivered_to
        ticket = self.ruling.apply(own, self.transaction, ticket, (), for_whom).ticket
        if given:
            byagents.follow(own, self.transaction, ticket, given)
        return Outcome(each, "new", ticket.id)


def _requester(ticket: Ticket) -> str:
    from hdcli.model.person import address

    return address(ticket.text("requester"))


def _kind(text: str) -> Kind:
    for each in KINDS:
        if each == text:
            return each
    return "ignored"
