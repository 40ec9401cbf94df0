"""An agent at work on a desk at a moment: turns drafts into entries, entries into commits."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from hdcli.errors import NotFound
from hdcli.model.dates import format_utc
from hdcli.model.entry import Entry
from hdcli.model.ids import Entropy
from hdcli.model.message import ticket_message
from hdcli.model.settings import Settings
from hdcli.model.ticket import Change, Ticket, hand_edit, stamp
from hdcli.services.actions import Draft, settled
from hdcli.services.who import Who
from hdcli.store.desk import Desk
from hdcli.store.fastimport import Signature
from hdcli.store.transaction import Transaction

T = TypeVar("T")
DraftFor = Callable[[Ticket], Draft]


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

    def write(self, plan: Callable[[Transaction], T]) -> T:
        """Runs a plan under the desk's lock; see ``Desk.write``."""
        return self.desk.write(plan, self.who.committing(self.now))

    def ticket(self, transaction: Transaction, ticket_id: str) -> Ticket:
        """A ticket as the transaction has it, hand edits that git knows taken into its log.

        Raises NotFound, BadData.
        """
        ticket = transaction.ticket(ticket_id)
        if ticket is None:
            raise NotFound(f"no ticket {ticket_id} on this desk")
        edit = hand_edit(ticket)
        return self.absorb(transaction, ticket, edit) if edit else ticket

    def absorb(self, transaction: Transaction, ticket: Ticket, edit: Change) -> Ticket:
        """A hand edit that was committed with git alone becomes an entry by whoever made it."""
        name, email, at = self._last_author(transaction.base, ticket.path)
        agent = self.settings.agent_by_email(email)
        by = agent.handle if agent else f"{name} <{email}>"
        number, when = stamp(ticket.log, utc(at), self.entropy)
        entry = Entry(number, when, by, "edit", edit.set, edit.add, edit.remove)
        after = ticket.with_entry(entry)
        message = ticket_message(ticket_before(ticket), after, entry)
        transaction.commit(message, Signature(name, email, at), [after])
        return after

    def _last_author(self, base: str, path: str) -> tuple[str, str, int]:
        text = self.desk.place.repository.text(
            "log", "-1", "--format=%an%x00%ae%x00%at", base, "--", path
        )
        name, _, rest = text.partition("\0")
        email, _, at = rest.partition("\0")
        return name, email, int(at) if at.isdecimal() else self.now

    def record(
        self,
        transaction: Transaction,
        ticket: Ticket,
        draft: Draft,
        more: Sequence[tuple[str, str]] = (),
        others: Sequence[Ticket] = (),
        base: Mapping[str, bytes] | None = None,
    ) -> Ticket:
        """One action on a ticket: one entry, one commit. Gives the ticket after it.

        ``others`` are further tickets that the same commit changes, ``base`` the texts of hand
        edits that it takes up, ``more`` trailers.
        """
        entry = self.entry(ticket, draft)
        after = ticket.with_entry(entry)
        message = ticket_message(ticket, after, entry, more)
        author = self.who.signed(self.now)
        transaction.commit(message, author, [after, *others], draft.files, base)
        return after

    def entry(self, ticket: Ticket, draft: Draft) -> Entry:
        """The draft as the next entry of a ticket's log."""
        number, at = stamp(ticket.log, self.at, self.entropy)
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
            extra=draft.extra,
        )

    def act(self, ticket_ids: Sequence[str], draft_for: DraftFor) -> list[Ticket]:
        """The same action on each ticket: a commit each, all of them or none.

        Raises the first refusal; then nothing was done.
        """

        def plan(transaction: Transaction) -> list[Ticket]:
            done = []
            for ticket_id in dict.fromkeys(ticket_ids):
                ticket = self.ticket(transaction, ticket_id)
                draft = settled(ticket, draft_for(ticket))
                if _does_something(draft):
                    ticket = self.record(transaction, ticket, draft)
                done.append(ticket)
            return done

        return self.write(plan)


def _does_something(draft: Draft) -> bool:
    return bool(draft.set or draft.add or draft.remove or draft.body or draft.undoes)


def ticket_before(ticket: Ticket) -> Ticket:
    """The ticket as its log alone has it, without what was edited on top."""
    from hdcli.model.schema import refolded

    return refolded(ticket)


def utc(seconds: int) -> str:
    """Seconds since 1970 as the stored form of a time."""
    return format_utc(datetime.fromtimestamp(seconds, UTC))
