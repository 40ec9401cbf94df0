"""What becomes of each of some messages, within one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hdcli.errors import BadData, BadUsage, Conflict, NotFound, Refused
from hdcli.mail import bounces, loops, orders
from hdcli.mail.loops import Machine
from hdcli.model import ids
from hdcli.model.person import address
from hdcli.model.settings import Agent, NotOnDesk
from hdcli.model.ticket import Ticket
from hdcli.services.intake import answering, byagents, keeping, opening
from hdcli.services.intake.letters import Letter
from hdcli.services.intake.outcome import Kind, Outcome
from hdcli.services.intake.target import Targets
from hdcli.services.rules import Ruling
from hdcli.services.session import Session
from hdcli.services.tickets import free_id
from hdcli.store import arrived, listing
from hdcli.store.arrived import Known
from hdcli.store.intakelog import IntakeLog, Line
from hdcli.store.transaction import Transaction

_HOUR = 3600
BEFORE = "it came before"
# What a message may bring about that another try would not mend.
_ITS_OWN = (BadData, BadUsage, Conflict, NotFound, NotOnDesk, Refused)


@dataclass
class Sorting:
    """What becomes of letters within one transaction, which may be tried again.

    ``lines`` are those of the log on their contents, ``name`` is what the desk's own mail has in
    ``X-HD-Desk``; ``accepted`` says that a person wants them as tickets.
    """

    session: Session
    transaction: Transaction
    letters: Sequence[Letter]
    lines: dict[str, list[Line]]
    log: IntakeLog
    name: str
    accepted: bool
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
                kind: Kind = "new" if known.action in ("new", "import") else "follow-up"
                return Outcome(each, kind, known.ticket)  # a kill came between
            return Outcome(each, "ignored", known.ticket, f"{BEFORE}: {known.ticket} has it")
        if self.accepted:
            return None
        if self.lines[each.key] or each.key in self.done:
            return Outcome(each, "ignored", reason=BEFORE)
        if each.mail.message_id and (known := self.by_id.get(each.mail.message_id)):
            said = f"its Message-ID came before with other content: {known.ticket} has that"
            return Outcome(each, "quarantined", known.ticket, said)
        return None

    def _machine(self, each: Letter) -> Outcome | None:
        """What no person wrote."""
        assert each.mail is not None
        found = self._made_by_machine(each)
        if found is None or self.accepted:
            return None
        if found.kind == "bounce":
            return self._bounce(each, found)
        if found.kind in ("automatic", "list") and self._is_welcome(each):
            return None
        about = self.targets.of_ids(each.mail.references)
        return Outcome(each, "ignored", about.id if about else "", found.reason)

    def _bounce(self, each: Letter, found: Machine) -> Outcome:
        assert each.mail is not None
        report = bounces.read(each.mail)
        ticket = self.targets.of_ids(report.ids)
        if ticket is None:
            return Outcome(each, "ignored", reason=f"{found.reason} on no mail of this desk")
        if report.arrived:
            return Outcome(each, "ignored", ticket.id, f"{found.reason}: the mail arrived")
        answering.bounce(self.session, self.transaction, ticket, each, report)
        return Outcome(each, "follow-up", ticket.id, found.reason)

    def _made_by_machine(self, each: Letter) -> Machine | None:
        assert each.mail is not None
        return loops.machine(each.mail, self.name, self.session.settings.mail.addresses)

    def _is_many(self, each: Letter) -> bool:
        """Whether a sender has sent too much in an hour, these letters among it."""
        at = each.source.arrived
        known = self.log.since(each.sender, at - _HOUR, at) + self.senders[each.sender]
        return not self.accepted and known >= self.session.settings.mail.rate

    def _is_welcome(self, each: Letter) -> bool:
        """Whether the desk wants what this machine says."""
        wanted = {name.lower() for name in self.session.settings.mail.machines}
        return each.sender in wanted or each.sender.rpartition("@")[2] in wanted

    def _person(self, each: Letter) -> Outcome:
        """What a person wrote; ``agent`` from here on is the agent who did for certain."""
        if not each.requester:
            if self.accepted:
                return self._new(each, None)
            return Outcome(each, "quarantined", reason="nobody's address is in it")
        agent = byagents.author(self.session.settings, each)
        if agent is None and self._is_many(each):
            rate = self.session.settings.mail.rate
            said = f"{each.sender} sent more than {rate} messages in an hour"
            return Outcome(each, "quarantined", reason=said)
        target = self.targets.of(each)
        assert each.mail is not None
        if target is None and not self.accepted and self.targets.is_about_digest(each.mail):
            said = "it answers a digest, which is about no one ticket"
            return Outcome(each, "quarantined", reason=said)
        if target is None:
            return self._new(each, agent)
        if not target.belongs:
            said = f"{each.sender} is none of the people of {target.ticket.id}"
            score = self._strangers_score(each, target.ticket)
            return score or self._new(each, agent, target.ticket, said)
        if agent is None and answering.rated(self.session, self.transaction, target.ticket, each):
            return Outcome(each, "follow-up", target.ticket.id)
        if agent is None and answering.is_thanks(self.session, target.ticket, each):
            self._follow_up(each, agent, target.ticket, opens=False)
            return Outcome(each, "follow-up", target.ticket.id, "thanks, which open nothing")
        if agent is None and answering.is_past(self.session, target.ticket):
            said = f"{target.ticket.id} was solved too long ago"
            return self._new(each, agent, target.ticket, said)
        return self._follow_up(each, agent, target.ticket)

    def _strangers_score(self, each: Letter, ticket: Ticket) -> Outcome | None:
        """Of who has the mail that asks and is none of the ticket's people: a person decides."""
        if not answering.is_score(self.session.settings, each):
            return None
        if not self.accepted:
            said = f"a score for {ticket.id}, and {each.sender} is none of its people"
            return Outcome(each, "quarantined", ticket.id, said)
        rated = answering.rated(self.session, self.transaction, ticket, each, accepted=True)
        return Outcome(each, "follow-up", ticket.id) if rated else None

    def _follow_up(
        self, each: Letter, agent: Agent | None, ticket: Ticket, *, opens: bool = True
    ) -> Outcome:
        session, settings = self.session, self.session.settings
        text = keeping.text_of(each, settings)
        if agent and (each.sender != _requester(ticket) or orders.split(text)[0]):
            own = byagents.acting(session, agent)
            assert each.mail is not None
            usual = "reply" if self.targets.for_requester(ticket, each.mail) else "note"
            byagents.work(own, self.transaction, ticket, each, usual)
        else:
            forged = settings.agent_by_email(each.sender) and each.sender != _requester(ticket)
            opens = opens and not forged and self._made_by_machine(each) is None
            remark = opening.UNVOUCHED if forged else ""
            if forged and orders.split(text)[0]:
                remark = f"{byagents.NOT_FOLLOWED}: nobody vouches for the sender]"
            answering.answer(
                session, self.transaction, ticket, each, text, remark=remark, opens=opens
            )
        return Outcome(each, "follow-up", ticket.id)

    def _new(
        self, each: Letter, agent: Agent | None, related: Ticket | None = None, why: str = ""
    ) -> Outcome:
        """A new ticket; ``why`` it is one although the letter names ``related``."""
        session = self.session
        text = keeping.text_of(each, session.settings)
        given, rest = orders.split(text) if agent else ([], text)
        link = related.id if related else ""
        own = byagents.acting(session, agent) if agent else session
        own = replace(own, entropy=ids.drawn_from("mail", each.key))
        identifier = free_id(own, self.transaction, self.tickets)
        ticket = opening.open_for(
            own, self.transaction, identifier, each, rest, link, vouched=agent is not None
        )
        assert each.mail is not None
        for_whom = each.mail.delivered_to
        decided = byagents.decided(given)
        applied = self.ruling.apply(own, self.transaction, ticket, decided, for_whom)
        if given:
            byagents.follow(own, self.transaction, applied.ticket, given)
        whom = ticket.text("requester") if _requester(ticket) != each.sender else ""
        said = (f"for {whom}" if whom else "", why, *applied.troubles)
        return Outcome(each, "new", ticket.id, "; ".join(filter(None, said)))


def _requester(ticket: Ticket) -> str:
    return address(ticket.text("requester"))
