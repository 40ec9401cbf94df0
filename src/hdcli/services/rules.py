"""The desk's rules at work on a new ticket: what they say is done, each entry naming its rule.

A rule can't keep a request out: what it asks for and the desk does not have is left undone, and
said. Its deeds are entries of their own, a commit each, by whoever took the request in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hdcli.errors import HdError
from hdcli.model import asking, fields
from hdcli.model.rules import SINGLE, STRATEGIES, Facts, Rule, Verdict, judged, together
from hdcli.model.settings_rules import sound_rules
from hdcli.model.ticket import Ticket
from hdcli.services import actions, placing, values
from hdcli.services.actions import Draft, settled
from hdcli.services.assigning import Shares
from hdcli.services.session import Session
from hdcli.store import addressbook
from hdcli.store.transaction import Transaction

if TYPE_CHECKING:
    from hdcli.model.addressbook import AddressBook


@dataclass(frozen=True, slots=True)
class Applied:
    """A ticket after the rules: what each said, and what could not be done, in words."""

    ticket: Ticket
    verdicts: Sequence[Verdict] = ()
    troubles: list[str] = field(default_factory=list)

    @property
    def rules(self) -> list[str]:
        """The names of the rules that did something."""
        return list(together(self.verdicts))


class Ruling:
    """The desk's rules, for the tickets that are opened in one transaction by a session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._settings = session.settings
        self._shares = Shares(session)

    @cached_property
    def _rules(self) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
        return sound_rules(self._settings)

    @cached_property
    def _book(self) -> AddressBook:
        return addressbook.of_desk(self._session.desk)

    def _judged(
        self, ticket: Ticket, given: Collection[str], recipients: Sequence[str]
    ) -> list[Verdict]:
        """What each rule says of a ticket as it came in, now; ``given`` are the fields that the
        request named itself, ``recipients`` the addresses that a mail was for."""
        known = self._book.of(ticket.text("requester")) if ticket.text("requester") else None
        facts = Facts(
            _texts(ticket),
            ticket.description,
            datetime.fromtimestamp(self._session.now, UTC),
            self._settings.hours,
            frozenset(given),
            known.facts() if known else {},
            tuple(recipients),
        )
        return judged(self._rules[0], facts, first=self._settings.rules_apply == "first")

    def apply(
        self,
        session: Session,
        transaction: Transaction,
        ticket: Ticket,
        given: Collection[str] = (),
        recipients: Sequence[str] = (),
    ) -> Applied:
        """Does what the rules say with a ticket that ``session`` just opened in the transaction;
        the ids of its entries are drawn from the same source."""
        if not self._settings.rules:
            return Applied(ticket)
        verdicts = self._judged(ticket, given, recipients)
        applied = Applied(ticket, verdicts, list(self._rules[1]))
        write = _Writer(replace(session, now=self._session.now), transaction)
        applied = self._sorted(write, applied, given)
        return self._answered(write, self._escalated(write, applied))

    def _sorted(self, write: _Writer, applied: Applied, given: Collection[str]) -> Applied:
        """The fields, tags and links that rules decide, in one entry."""
        ticket, troubles = applied.ticket, list(applied.troubles)
        change, tags = self._values(applied.verdicts, troubles)
        if "priority" not in given:
            change = dict(actions.with_priority(self._settings, ticket, change))
        if team := change.get("team"):
            change["level"] = self._settings.teams[team].level
        placed = Ticket(ticket.id, {**ticket.values, **change}, ticket.log)
        if agent := self._assignee(placed, applied.verdicts, troubles):
            change = {**placing.with_agent(self._settings, placed, agent), **change}
        links = list(self._links(ticket, applied.verdicts, troubles))
        add = {name: items for name, items in (("tags", tags), ("links", links)) if items}
        draft = settled(ticket, Draft("triage", change, add))
        if not draft:
            return Applied(ticket, applied.verdicts, troubles)
        done = [*draft.set, *draft.add, *(["outage"] if "links" in draft.add else [])]
        did = _naming(applied.verdicts, done)
        after = write(ticket, draft, did)
        if agent:
            self._shares.gave(agent, self._session.at)
        return Applied(after, applied.verdicts, troubles)

    def _values(
        self, verdicts: Iterable[Verdict], troubles: list[str]
    ) -> tuple[dict[str, Any], list[str]]:
        change: dict[str, Any] = {}
        tags: list[str] = []
        for verdict in verdicts:
            for name, value in verdict.did.items():
                if name == "tags":
                    tags += [each for each in value if each not in tags]
                elif name in _FIELDS or name in self._settings.fields:
                    try:
                        change[name] = values.value_for(self._settings, name, str(value))
                    except HdError as error:
                        troubles.append(f"rule '{verdict.rule.name}': {error.message}")
        return change, tags

    def _assignee(self, ticket: Ticket, verdicts: Iterable[Verdict], troubles: list[str]) -> str:
        """The agent whom a rule names, or whose turn it is; the team's rule may be another one."""
        for verdict in verdicts:
            how = verdict.did.get("assignee")
            if how is None:
                continue
            then, said = verdict.rule.then, f"rule '{verdict.rule.name}'"
            if how not in STRATEGIES:
                agent = self._settings.agents.get(how)
                if agent and agent.active:
                    return agent.handle
                troubles.append(f"{said}: no active agent '{how}' on this desk")
                continue
            skill, at_work = str(then.get("skill", "")), bool(then.get("at_work"))
            if found := self._shares.choose(ticket, how, skill, at_work=at_work):
                return found
            troubles.append(f"{said}: nobody there to assign it to")
        return ""

    def _links(
        self, ticket: Ticket, verdicts: Iterable[Verdict], troubles: list[str]
    ) -> Iterable[str]:
        """The newest open ticket that a rule's query for an outage finds."""
        for verdict in verdicts:
            query = verdict.did.get("outage")
            if query is None:
                continue
            try:
                found = self._outage(str(query), ticket.id)
            except HdError as error:
                troubles.append(f"rule '{verdict.rule.name}': {error.message}")
                continue
            if found:
                yield f"caused-by {found}"

    def _outage(self, query: str, own: str) -> str:
        from hdcli.model.dates import format_utc
        from hdcli.model.query_parser import parse
        from hdcli.services.reading import find, wanted

        session = self._session
        moment = datetime.fromtimestamp(session.now, UTC)
        asked = parse(query, asking.context(self._settings, moment))
        where = wanted(asked, format_utc(moment), "", every=False)
        found = find(session.desk, where, "-created", 2).ids
        return next((each for each in found if each != own), "")

    def _escalated(self, write: _Writer, applied: Applied) -> Applied:
        for verdict in applied.verdicts:
            to = verdict.did.get("escalate")
            if to is None:
                continue
            name, ticket = verdict.rule.name, applied.ticket
            reason = str(verdict.rule.then.get("reason", f"rule: {name}"))
            where: dict[str, Any] = {}
            if to is not True:
                where = {"to" if isinstance(to, int) else "team": to}
            try:
                draft = actions.escalate(self._settings, ticket, reason, **where)
                after = write(ticket, settled(ticket, draft), {name: ["escalate"]})
            except HdError as error:
                applied.troubles.append(f"rule '{name}': {error.message}")
                continue
            return Applied(after, applied.verdicts, applied.troubles)
        return applied

    def _answered(self, write: _Writer, applied: Applied) -> Applied:
        """With the canned reply that a rule names; one is enough. The ticket stays new: nobody has
        looked at it."""
        from hdcli.services import canned
        from hdcli.services.canning import text_for

        session = self._session
        for verdict in applied.verdicts:
            reply = verdict.did.get("canned")
            if reply is None:
                continue
            name, ticket = verdict.rule.name, applied.ticket
            try:
                prepared = canned.prepared(session.desk, str(reply))
                text = text_for(session.desk, ticket, prepared, session.who.handle)
                draft = settled(ticket, Draft("reply", body=actions.body_of(text)))
                after = write(ticket, draft, {name: ["canned"]})
            except HdError as error:
                applied.troubles.append(f"rule '{name}': {error.message}")
                continue
            return Applied(after, applied.verdicts, applied.troubles)
        return applied


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes entries that name their rules."""

    session: Session
    transaction: Transaction

    def __call__(self, ticket: Ticket, draft: Draft, did: Mapping[str, list[str]]) -> Ticket:
        draft = replace(draft, extra={**draft.extra, "rules": dict(did)})
        return self.session.record(self.transaction, ticket, draft)


_FIELDS = tuple(name for name in SINGLE if name != "assignee")


def _naming(verdicts: Iterable[Verdict], names: Collection[str]) -> dict[str, list[str]]:
    """Which rule did which of some deeds."""
    found = {
        rule: [each for each in did if each in names] for rule, did in together(verdicts).items()
    }
    return {rule: did for rule, did in found.items() if did}


def _texts(ticket: Ticket) -> dict[str, tuple[str, ...]]:
    """The values of a ticket as texts, by name."""
    return {
        name: ticket.items(name) if name in fields.SETS else (str(value),)
        for name, value in ticket.values.items()
        if value is not None
    }
