"""An agent at work on a desk at a moment: turns drafts into entries, entries into commits."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from hdcli.errors import BadData, NotFound
from hdcli.model.dates import format_utc
from hdcli.model.entry import Entry
from hdcli.model.fold import stamp
from hdcli.model.ids import ID_PATTERN, Entropy
from hdcli.model.message import message_of
from hdcli.model.record import Record, hand_edit
from hdcli.model.settings import Settings
from hdcli.model.ticket import Ticket
from hdcli.services.actions import Draft, settled
from hdcli.services.who import Who
from hdcli.store.desk import Desk
from hdcli.store.fastimport import Signature
from hdcli.store.transaction import Transaction

if TYPE_CHECKING:
    from hdcli.model.article import Article
    from hdcli.services.whose import Step

T = TypeVar("T")
R = TypeVar("R", bound=Record)
DraftFor = Callable[[Ticket], Draft]


@dataclass(frozen=True, slots=True)
class Done:
    """A ticket after an action; ``changed`` is false where all was so already.

    ``asked`` is the id it was named by: another one when that was merged into it.
    """

    ticket: Ticket
    asked: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Session:
    """``now`` is in seconds since 1970, UTC: the time of every entry and commit made here.

    ``entropy`` is what ids are drawn from.
    """

    desk: Desk
    who: Who
    now: int
    entropy: Entropy = os.urandom

    @property
    def settings(self) -> Settings:
        return self.desk.settings

    @property
    def at(self) -> str:
        """Now, as an entry has it."""
        return utc(self.now)

    def write(
        self, plan: Callable[[Transaction], T], meanwhile: Callable[[], object] = lambda: None
    ) -> T:
        """Runs a plan under the desk's lock; see ``Desk.write``.

        Raises Refused where it does what the agent's role does not allow.
        """

        def permitted(transaction: Transaction) -> T:
            result = plan(transaction)
            if self.settings.has_roles:
                from hdcli.services.roles import require_role

                require_role(self.settings, self.who.handle, transaction)
            return result

        return self.desk.write(permitted, self.who.committing(self.now), meanwhile)

    def ticket(self, transaction: Transaction, ticket_id: str) -> Ticket:
        """A ticket as the transaction has it, hand edits that git knows taken into its log.

        Raises NotFound, BadData.
        """
        ticket = transaction.ticket(ticket_id)
        if ticket is None:
            raise NotFound(f"no ticket {ticket_id} on this desk")
        return self.absorb(transaction, ticket) if hand_edit(ticket) else ticket

    def article(self, transaction: Transaction, slug: str) -> Article:
        """An article in the same way. Raises NotFound, BadData."""
        article = transaction.article(slug)
        if article is None:
            raise NotFound(f"no article '{slug}' on this desk", "hd kb list shows them")
        return self.absorb(transaction, article) if hand_edit(article) else article

    def absorb(self, transaction: Transaction, record: R) -> R:
        """Hand edits that were committed with git alone become entries by whoever made them."""
        from hdcli.services.whose import steps

        found = steps(self.desk, transaction.base, record, self.now)
        return self.absorbed(transaction, record, found)

    def absorbed(self, transaction: Transaction, record: R, found: Iterable[Step]) -> R:
        """The same of the hand edits ``found``, a commit each."""
        after = record.with_log(record.log)
        for step in found:
            before, edit = after, step.change
            agent = self.settings.agent_by_email(step.email)
            by = agent.handle if agent else f"{step.name} <{step.email}>"
            action = "edit" if before.log else "new"
            number, at = stamp(before.log, utc(step.at), self.entropy)
            entry = Entry(number, at, by, action, edit.set, edit.add, edit.remove, text=edit.text)
            after = before.with_entry(entry)
            message = message_of(before if before.log else None, after, entry)
            transaction.commit(message, Signature(step.name, step.email, step.at), [after])
        return after

    def record(
        self,
        transaction: Transaction,
        record: R,
        draft: Draft,
        more: Sequence[tuple[str, str]] = (),
        others: Sequence[Record] = (),
        base: Mapping[str, bytes] | None = None,
    ) -> R:
        """One action on a record: one entry, one commit. Gives the record after it.

        ``others`` are further records that the same commit changes, ``base`` the texts of hand
        edits that it takes up, ``more`` trailers.
        """
        entry = self.entry(record, draft)
        after = record.with_entry(entry)
        message = message_of(record if record.log else None, after, entry, more)
        author = self.who.signed(self.now)
        transaction.commit(message, author, [after, *others], draft.files, base)
        return after

    def entry(self, record: Record, draft: Draft) -> Entry:
        """The draft as the next entry of a record's log."""
        number, at = stamp(record.log, self.at, self.entropy)
        return Entry(
            number,
            at,
            self.who.handle,
            draft.action,
            draft.set,
            draft.add,
            draft.remove,
            draft.body,
            undoes=draft.undoes,
            merged=draft.merged,
            text=draft.text,
            extra=draft.extra,
        )

    def act(self, ticket_ids: Sequence[str], draft_for: DraftFor) -> list[Done]:
        """The same action on each ticket: a commit each, all of them or none.

        Raises the first refusal; then nothing was done.
        """
        return self.write(lambda transaction: self.act_in(transaction, ticket_ids, draft_for))

    def act_in(
        self, transaction: Transaction, ticket_ids: Sequence[str], draft_for: DraftFor
    ) -> list[Done]:
        """The same within a transaction. A ticket named twice, or by an old id too, counts once."""
        done: dict[str, Done] = {}
        for asked in ticket_ids:
            ticket = self.current(transaction, asked)
            if ticket.id in done:
                continue
            draft = settled(ticket, self._calling(draft_for(ticket)))
            after = self.record(transaction, ticket, draft) if draft else ticket
            done[ticket.id] = Done(after, asked, bool(draft))
        return list(done.values())

    def _calling(self, draft: Draft) -> Draft:
        """The draft with those whom its text calls; words of a score call nobody."""
        if "@" not in draft.body or draft.action == "rate":
            return draft
        from hdcli.services.mentioning import mentioning

        return mentioning(self.settings, draft)

    def current(self, transaction: Transaction, ticket_id: str) -> Ticket:
        """The ticket that an id stands for now: the one it was merged into, if it was.

        Raises NotFound, BadData.
        """
        return _current(lambda each: self.ticket(transaction, each), ticket_id)

    def rehearse(self, ticket_ids: Sequence[str], draft_for: DraftFor) -> None:
        """Raises what ``act`` would refuse as things stand; writes nothing and takes no lock."""
        for each in ticket_ids:
            ticket = _current(self.desk.ticket, each)
            settled(ticket, draft_for(ticket))


def _current(read: Callable[[str], Ticket], ticket_id: str) -> Ticket:
    ticket, seen = read(ticket_id), {ticket_id}
    while into := ticket.text("merged_into"):
        if into in seen or not ID_PATTERN.fullmatch(into):
            raise BadData(f"merged into {into}, which leads nowhere", ticket.path)
        seen.add(into)
        ticket = read(into)
    return ticket


def utc(seconds: int) -> str:
    """Seconds since 1970 as the stored form of a time."""
    return format_utc(datetime.fromtimestamp(seconds, UTC))
