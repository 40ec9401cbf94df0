"""Requests from scripts and forms: each becomes a ticket, once, whoever tries again and how often.

What names a request is its ``external_id``. The tickets are the only memory: a ticket that has the
name is the answer, whichever clone it came from; who was killed before the commit did nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from functools import partial
from typing import Any

from hdcli.errors import BadData, HdError
from hdcli.model import ids
from hdcli.model.message import one_line
from hdcli.services.bulk.incoming import Incoming, Reader
from hdcli.services.bulk.naming import Naming
from hdcli.services.bulk.records import Item, Refusal
from hdcli.services.opening import opened_in
from hdcli.services.rules import Applied, Ruling
from hdcli.services.session import Session
from hdcli.services.tickets import untold, values_of
from hdcli.store import listing
from hdcli.store.tables import Problem
from hdcli.store.transaction import Transaction

# What a ticket has and a request has not: hd import takes in such a story.
_NO_REQUEST = (
    *("id", "log", "status", "level", "pending", "pending_until", "procedure", "checklist"),
    *("articles", "unhelpful", "links", "attachments", "merged_into", "csat", "alerts", "aliases"),
    *("updated", "resolved", "solution"),
)
# So many new tickets are worth some housekeeping.
_MANY = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a record: a new ticket, one that was known, or an error and its exit code; for
    alerts also counted, reopened, cleared, or ignored for a ``reason``.

    ``line`` is that of the record; ``id`` is empty for what was refused, or only tried; ``rules``
    are the names of the desk's rules that did something, ``troubles`` what rules or mail can't do.
    """

    line: int
    external_id: str = ""
    id: str = ""
    outcome: str = "refused"
    error: str = ""
    code: int = 0
    rules: tuple[str, ...] = ()
    reason: str = ""
    troubles: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """As JSON has it; see docs/json.md."""
        found: dict[str, Any] = {"line": self.line, "outcome": self.outcome}
        if self.external_id:
            found["external_id"] = self.external_id
        if self.error:
            return {**found, "error": self.error, "code": self.code}
        found["id"] = self.id or None
        if self.reason:
            found["reason"] = self.reason
        listed = (("rules", self.rules), ("troubles", self.troubles))
        return {**found, **{name: list(texts) for name, texts in listed if texts}}

    def opened(self, applied: Applied) -> Answer:
        """The same for a new ticket, after the rules."""
        rules, troubles = tuple(applied.rules), tuple(applied.troubles)
        return replace(self, id=applied.ticket.id, outcome="new", rules=rules, troubles=troubles)


class Requests:
    """Takes in records as an agent at work; ``zone`` is that of times without an offset.

    ``maps`` are columns and their fields, as ``--map`` has them; ``channel`` is that of records
    which name none. ``dry`` writes nothing.
    """

    def __init__(
        self,
        session: Session,
        maps: Sequence[str],
        zone: tzinfo,
        channel: str,
        *,
        dry: bool = False,
    ) -> None:
        """Raises BadUsage, NotOnDesk for ``maps``."""
        self._session = session
        self._maps = maps
        self._naming = Naming(session.settings, maps)
        self._zone = zone
        self._channel = channel
        self._dry = dry
        self._new = 0

    def take_in(self, items: Sequence[Item], now: int) -> list[Answer]:
        """Takes in some records in one transaction, ``now``, upon the desk as it is by now; an
        answer each, in their order.

        When it returns the tickets are safe. Raises what keeps a desk from being written (Busy,
        Conflict); then nothing was done, and the same may be tried again.
        """
        self._session = replace(self._session, now=now)
        self._session.desk.renew()
        self._naming = Naming(self._session.settings, self._maps)
        reader = Reader(self._session.settings, now, self._zone)
        known = [self._understood(item, reader) for item in items]
        if not any(isinstance(each, _Known) for each in known):
            return [each for each in known if isinstance(each, Answer)]

        def plan(transaction: Transaction) -> list[Answer]:
            here = _Here(transaction, Ruling(self._session), self._session.desk.cache.problems())
            return [each if isinstance(each, Answer) else self._one(here, each) for each in known]

        session = self._session
        if self._dry or self._are_there(known):  # who tries again for ever keeps nobody waiting
            found = session.desk.rehearse(plan, session.who.committing(session.now))
            return [replace(a, id="") if a.outcome == "new" else a for a in found]
        answers = session.write(plan)
        self._new += sum(each.outcome == "new" for each in answers)
        return answers

    def settle(self) -> None:
        """After the last of very many: makes the repository quick to read. Raises Busy."""
        if self._new >= _MANY:
            self._session.desk.settle()

    def _are_there(self, known: Sequence[_Known | Answer]) -> bool:
        """Whether every request has a ticket already, as far as this clone knows."""
        found = (e.incoming.request.external_id for e in known if isinstance(e, _Known))
        names = [one_line(each) for each in found]
        ask = self._session.desk.cache.ask
        return all(name and ask(partial(listing.by_external, external=name)) for name in names)

    def _understood(self, item: Item, reader: Reader) -> _Known | Answer:
        if isinstance(item, Refusal):
            return Answer(item.line, error=item.reason, code=BadData.exit_code)
        named = _external(item.data)
        try:
            data = self._naming.apply(item.data)
            named = _external(data)
            if story := next((name for name in _NO_REQUEST if name in data), ""):
                raise BadData(f"a request has no '{story}'", remedy="hd import takes in a story")
            if self._channel:
                data = {"channel": self._channel, **data}
            incoming = reader.read(data, "")
            values = values_of(self._session.settings, incoming.request)
            if named and not values.get("external_id"):
                raise BadData(f"'{named}' can't be an external_id")
        except HdError as error:
            return Answer(item.line, named, error=str(error), code=error.exit_code)
        return _Known(item.line, incoming)

    def _one(self, here: _Here, known: _Known) -> Answer:
        request = known.incoming.request
        name = one_line(request.external_id)
        answer = Answer(known.line, request.external_id)
        try:
            there = here.opened.get(name) or _with_external(self._session, here.transaction, name)
            if there:
                return replace(answer, id=there, outcome="known")
            then = replace(self._session, now=max(0, known.incoming.at))
            if name:
                here.require_readable(name)
                then = replace(then, entropy=ids.drawn_from("external", name))
            applied = opened_in(then, here.transaction, request, here.ruling)
        except HdError as error:
            return replace(answer, error=str(error), code=error.exit_code)
        if name:
            here.opened[name] = applied.ticket.id
        found = answer.opened(applied)
        said = untold(self._session.settings, applied.ticket)
        return replace(found, troubles=(*found.troubles, said)) if said else found


@dataclass(frozen=True, slots=True)
class _Here:
    """A transaction, the files that can't be read, and the tickets that it opened, by the names of
    their requests."""

    transaction: Transaction
    ruling: Ruling
    problems: Sequence[Problem]
    opened: dict[str, str] = field(default_factory=dict)

    def require_readable(self, name: str) -> None:
        """Raises BadData where a ticket that has this name is perhaps one that can't be read."""
        for each in self.problems:
            lines = map(bytes.strip, (self.transaction.read(each.path) or b"").splitlines())
            if any(line.startswith(b"external_id:") and name.encode() in line for line in lines):
                raise BadData(f"its ticket can't be read: {each}", remedy="hd fsck")


@dataclass(frozen=True, slots=True)
class _Known:
    line: int
    incoming: Incoming


def _external(data: Mapping[str, Any]) -> str:
    value = data.get("external_id", "")
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _with_external(session: Session, transaction: Transaction, name: str) -> str:
    """The id of the ticket that has this reference in another system, or of the one that such a
    one was merged into; empty where there is none, or no name."""
    found = session.desk.cache.ask(lambda db: listing.by_external(db, name)) if name else []
    return session.current(transaction, found[0]).id if found else ""
