"""Taking in a file of records: in batches, each one transaction with a commit a ticket.

A kill leaves whole batches behind; the keys in their commits tell a second run what is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from hdcli.errors import HdError, Refused
from hdcli.model import ids
from hdcli.model.entry import Entry
from hdcli.model.message import ticket_message
from hdcli.model.ticket import Ticket
from hdcli.services.bulk.batches import Batch, Batches, Ready
from hdcli.services.bulk.incoming import Incoming, Reader, ticket_of
from hdcli.services.bulk.naming import Naming
from hdcli.services.bulk.records import Item, Refusal
from hdcli.services.session import Session, utc
from hdcli.store import listing
from hdcli.store.importkeys import TRAILER, ImportKeys
from hdcli.store.transaction import Transaction

_DRAWN = 64
# So many new tickets are worth some housekeeping.
_MANY = 1000
_MOST_REASONS = 200
_MOST_LINES = 1000


@dataclass
class Summary:
    """What became of the records; of very many refusals only the first reasons are kept."""

    imported: int = 0
    there: int = 0
    refused: int = 0
    late: int = 0
    reasons: dict[str, list[int]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def __bool__(self) -> bool:
        return bool(self.imported or self.there or self.refused)

    def refuse(self, line: int, reason: str) -> None:
        """One more that was refused."""
        self.refused += 1
        if reason not in self.reasons and len(self.reasons) >= _MOST_REASONS:
            reason = "other reasons"
        self.counts[reason] += 1
        kept = self.reasons.setdefault(reason, [])
        if len(kept) < _MOST_LINES:
            kept.append(line)


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told while an import runs: of ids that are safe, of refusals, of how far it is."""

    taken_in: Callable[[Sequence[str]], object]
    refused: Callable[[Refusal], object]
    read: Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Manner:
    """Whether to write nothing, to stop at the first refusal, to pass over what was there."""

    dry: bool = False
    stop: bool = False
    resume: bool = False


class Stopped(HdError):
    """``--on-error stop``: a record was refused; what came before it is taken in."""

    exit_code = 4


class Importer:
    """Takes in records as the acting agent; ``zone`` is that of times without an offset."""

    def __init__(
        self, session: Session, naming: Naming, zone: tzinfo, watch: Watch, manner: Manner
    ) -> None:
        self.summary = Summary()
        self._session = session
        self._naming = naming
        self._reader = Reader(session.settings, session.now, zone)
        self._watch = watch
        self._manner = manner
        self._keys = ImportKeys(session.desk.place.repository)

    def run(self, items: Iterable[Item]) -> None:
        """Takes in all of them. Raises Stopped, and whatever keeps a desk from being written."""
        stop = self._manner.stop
        batches = Batches(items, self._naming, self._reader, self._keys, stop=stop)
        try:
            while (batch := batches.next()) is not None:
                self._take_in(batch, batches.read_ahead)
        finally:
            self._keys.close()
        if self.summary.imported >= _MANY and not self._manner.dry:
            self._session.desk.settle()

    def _take_in(self, batch: Batch, meanwhile: Callable[[], object]) -> None:
        outcome = _Outcome(batch.refused)
        if batch.ready:
            outcome = self._write(lambda transaction: self._plan(transaction, batch), meanwhile)
        self._keys.add(outcome.keys)
        if outcome.ids and not self._manner.dry:
            self._keys.passed(self._session.desk.place.head)
        self.summary.imported += len(outcome.ids)
        self.summary.there += outcome.there
        self.summary.late += outcome.late
        self._watch.taken_in(outcome.ids)
        for refusal in sorted(outcome.refused, key=lambda each: each.line):
            self.summary.refuse(refusal.line, refusal.reason)
            self._watch.refused(refusal)
        self._watch.read(batch.end, self.summary.imported)
        if self._manner.stop and outcome.refused:
            first = min(outcome.refused, key=lambda each: each.line)
            raise Stopped(f"stopped at line {first.line}: {first.reason}")

    def _write(
        self, plan: Callable[[Transaction], _Outcome], meanwhile: Callable[[], object]
    ) -> _Outcome:
        session = self._session
        if self._manner.dry:
            return session.desk.rehearse(plan, session.who.committing(session.now))
        return session.write(plan, meanwhile)

    def _plan(self, transaction: Transaction, batch: Batch) -> _Outcome:
        """Writes a batch into a transaction; may run again upon another state of the desk."""
        self._keys.catch_up(transaction.base)
        outcome = _Outcome(list(batch.refused))
        count = self._session.desk.cache.ask(listing.tickets_in_all)
        fresh = _fresh_ids(self._session, transaction, count)
        for each in batch.ready:
            try:
                identifier = self._one(transaction, each, outcome, fresh)
            except HdError as error:
                record = each.record
                outcome.refused.append(Refusal(record.line, record.raw, str(error), record.end))
                if self._manner.stop:
                    break
                continue
            if identifier:
                outcome.ids.append(identifier)
                outcome.keys.add(each.key)
        return outcome

    def _one(
        self, transaction: Transaction, each: Ready, outcome: _Outcome, fresh: Iterator[str]
    ) -> str | None:
        if isinstance(each.what, Ticket):
            return self._whole(transaction, each, each.what, outcome)
        if self._is_known(each, outcome):
            if not self._manner.resume:
                raise Refused("imported before", "--resume passes over what is there")
            outcome.there += 1
            return None
        identifier = each.what.id or next(fresh)
        if each.what.id and transaction.taken(identifier):
            raise Refused(f"{identifier} is on this desk already")
        ticket = ticket_of(self._session, each.what, identifier)
        self._commit(transaction, ticket, each.key, ticket.log[0], each.what.at)
        outcome.late += each.what.late
        return identifier

    def _is_known(self, each: Ready, outcome: _Outcome) -> bool:
        assert isinstance(each.what, Incoming)
        if self._keys.has(each.key) or each.key in outcome.keys:
            return True
        external = each.what.request.external_id
        if not external:
            return False
        ask = self._session.desk.cache.ask
        return bool(ask(lambda db: listing.by_external(db, external)))

    def _whole(
        self, transaction: Transaction, each: Ready, ticket: Ticket, outcome: _Outcome
    ) -> str | None:
        present = transaction.ticket(ticket.id)
        if present == ticket:
            outcome.there += 1
            return None
        if present is not None or transaction.taken(ticket.id):
            raise Refused(f"{ticket.id} is on this desk already, and not the same")
        settings = self._session.settings
        if settings.has_roles:
            from hdcli.services.roles import require_lead

            require_lead(settings, self._session.who.handle, "take in whole tickets")
        story = Entry("", "", "", "import", add={"tags": ticket.items("tags")})
        at = ticket.text("updated") or utc(self._session.now)
        self._commit(transaction, ticket, each.key, story, _seconds(at))
        return ticket.id

    def _commit(
        self, transaction: Transaction, ticket: Ticket, key: str, entry: Entry, at: int
    ) -> None:
        message = ticket_message(None, ticket, entry, [(TRAILER, key)])
        transaction.commit(message, self._session.who.signed(max(0, at)), [ticket])


@dataclass
class _Outcome:
    """What a batch came to."""

    refused: list[Refusal]
    ids: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    there: int = 0
    late: int = 0


def _fresh_ids(session: Session, transaction: Transaction, count: int) -> Iterator[str]:
    """Ids that no ticket has, drawn by the dozen; ``count`` tickets are there."""
    prefix, draw = session.settings.prefix, session.entropy
    while True:
        drawn = {ids.draw_ticket_id(prefix, count, draw): None for _ in range(_DRAWN)}
        for each in transaction.free(list(drawn)):
            if each not in transaction.tickets:
                yield each


def _seconds(at: str) -> int:
    from hdcli.model.dates import parse_utc

    return int(parse_utc(at).timestamp())
