"""Taking a person out of the desk as it is now, for good: what ``hd anonymise`` does.

A ticket that is anonymised loses all that could be about its requester, and its files. Elsewhere
the person's addresses are barred, and names where that was asked for. Each changed ticket or
article gets an entry ``anonymise``, which names the entries that lost something, and a commit.
Where nothing is left to lose nothing is done: it can be run again when a merge brought more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from hdcli.errors import BadUsage, Refused
from hdcli.model import ids
from hdcli.model.barring import Person, barred, names
from hdcli.model.entry import Entry
from hdcli.model.fields import OPEN_STATUSES
from hdcli.model.person import address, name
from hdcli.model.procedure import step_document, steps_from
from hdcli.model.record import Record
from hdcli.model.redaction import ACTION, late, masked, pseudonym_of, redacted, without
from hdcli.model.rights import ASK_A_LEAD, Rights
from hdcli.model.ticket import Ticket
from hdcli.services import bookkeeping, indexing, people
from hdcli.services.actions import Draft, body_of
from hdcli.services.attachments import folder_of
from hdcli.services.people import Mention, Requester
from hdcli.services.session import Session
from hdcli.store import addressbook, audit, codec, listing, mirror
from hdcli.store.intakelog import IntakeLog
from hdcli.store.mentions import drafted_from
from hdcli.store.transaction import Transaction

R = TypeVar("R", bound=Record)
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be anonymised: a requester, or whole tickets by their ids, whosever they are.

    ``names``: bar the requester's names everywhere too; ``also``: more words to bar everywhere.
    """

    who: str = ""
    tickets: tuple[str, ...] = ()
    names: bool = False
    also: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """What a ticket or article lost: ``whole`` says whether all that is personal, or some words."""

    key: str
    entries: int
    files: int = 0
    whole: bool = False
    open: bool = False


@dataclass(slots=True)
class Outcome:
    """What was done, or would be. ``people`` are pseudonyms, each with whom it stands for."""

    people: dict[str, str] = field(default_factory=dict)
    tickets: list[Lost] = field(default_factory=list)
    articles: list[Lost] = field(default_factory=list)
    book: bool = False
    """Whether the address book had an entry of theirs, which goes."""
    look_at: list[Mention] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.tickets or self.articles or self.book)


class Anonymiser:
    """Does what was asked, or says what it would do, with the same pseudonyms both times."""

    def __init__(self, session: Session, asked: Asked) -> None:
        for word in asked.also:
            if len(word.strip()) < _SHORTEST:
                raise BadUsage(f"'{word}' is too short to be barred everywhere")
        self._session = session
        self._asked = replace(asked, reason=body_of(asked.reason))
        self._pseudonyms: dict[str, str] = {}
        self._keys: set[str] = set()

    def rehearse(self) -> Outcome:
        """What it would do as things stand; writes nothing and takes no lock."""
        committer = self._session.who.committing(self._session.now)
        return self._session.desk.rehearse(self._plan, committer)

    def run(self) -> Outcome:
        """Does it, all or nothing. Cache and index are deleted: they keep what was deleted in them.
        The log of this clone's intake forgets who it was.

        Raises Refused, Ambiguous, Conflict.
        """
        outcome = self._session.write(self._plan)
        if outcome:
            desk = self._session.desk
            desk.close()
            mirror.drop(desk.place.repository.local)
            indexing.forget(desk)
            addressbook.forget(desk)
        with closing(IntakeLog(self._session.desk.place.repository.local)) as log:
            for key in self._keys:
                log.forget(key)
        return outcome

    def _plan(self, transaction: Transaction) -> Outcome:
        agent = self._session.settings.agents.get(self._session.who.handle)
        if agent and not Rights(self._session.settings).leads(agent):
            raise Refused("to anonymise takes a lead", ASK_A_LEAD)
        if self._asked.tickets:
            return self._tickets(transaction)
        return self._requester(transaction)

    def _tickets(self, transaction: Transaction) -> Outcome:
        outcome = Outcome()
        whole = {each: self._session.ticket(transaction, each) for each in self._asked.tickets}
        persons = {key: self._person_of(ticket) for key, ticket in whole.items()}
        for key, ticket in whole.items():
            for into in _merged_into(transaction, ticket):
                if into not in whole:
                    self._part(transaction, into, persons[key], whole.keys(), outcome)
        for key in _deepest_last(whole):
            outcome.people[persons[key].pseudonym] = whole[key].text("requester") or "nobody"
            self._whole(transaction, whole[key], persons[key], outcome)
        merged = self._session.desk.cache.ask(lambda db: listing.merged_into(db, list(whole)))
        said = "merged into what is anonymised"
        outcome.look_at += [Mention(ids.ticket_path(k), said) for k in merged if k not in whole]
        return outcome

    def _person_of(self, ticket: Ticket) -> Person:
        """The requester of a ticket that is anonymised alone; one that was is known already."""
        text = ticket.text("requester")
        known = pseudonym_of(ticket.log)
        key = address(text) if text and text != known else ""
        words = [each for each in (key, name(text)) if key and each]
        self._require_no_word(words)
        keys = frozenset([key] if key else ())
        found = known or self._pseudonym(key or ticket.id)
        return Person(found, keys, (*words, *self._asked.also))

    def _requester(self, transaction: Transaction) -> Outcome:
        found = people.requester(self._session.desk, self._asked.who)
        self._require_no_word([found.key, *found.names])
        own = {each: self._session.ticket(transaction, each) for each in found.tickets}
        addresses = [found.key] if "@" in found.key else []
        elsewhere = [*addresses, *self._asked.also]
        elsewhere += found.names if self._asked.names else ()
        files = frozenset(path for each in own for path in self._files(transaction, each))
        pseudonym = self._pseudonym(found.key)
        keys = frozenset([found.key])
        self._keys.add(found.key)
        full = Person(pseudonym, keys, (*addresses, *found.names, *self._asked.also), files)
        outside = replace(full, words=tuple(elsewhere))
        outcome = Outcome({pseudonym: str(found)})
        self._elsewhere(transaction, found, own, outside, outcome)
        for key in _deepest_last(own):
            self._whole(transaction, own[key], full, outcome)
        outcome.book = bookkeeping.leave_out(self._session, transaction, found.key)
        self._look(transaction, found, outcome)
        return outcome

    def _elsewhere(
        self,
        transaction: Transaction,
        found: Requester,
        own: Mapping[str, Ticket],
        who: Person,
        outcome: Outcome,
    ) -> None:
        # Somebody without an address is in copy by name alone.
        words = list(dict.fromkeys([*who.words, found.key]))
        paths = people.candidates(self._session.desk, words)
        tickets = {key: None for path in paths if (key := people.record_of(path)[0])}
        targets = (_merged_into(transaction, ticket) for ticket in own.values())
        tickets.update(dict.fromkeys(key for keys in targets for key in keys))
        for key in tickets:
            if key not in own:
                self._part(transaction, key, who, own.keys(), outcome)
        for path in paths:
            if slug := people.record_of(path)[1]:
                self._article(transaction, slug, who, outcome)

    def _whole(
        self, transaction: Transaction, ticket: Ticket, who: Person, outcome: Outcome
    ) -> None:
        files = self._files(transaction, ticket.id)
        log, lost = _without(ticket.log, lambda entry: redacted(entry, who))
        if not lost and not files and pseudonym_of(ticket.log) == who.pseudonym:
            return
        draft = Draft(
            ACTION,
            {"requester": who.pseudonym},
            body=self._asked.reason,
            extra={"redacts": lost} if lost else {},
            files=dict.fromkeys(files),
        )
        is_open = ticket.status in OPEN_STATUSES
        outcome.tickets.append(Lost(ticket.id, len(lost), len(files), whole=True, open=is_open))
        self._commit(transaction, ticket.with_log(log), draft)

    def _part(
        self,
        transaction: Transaction,
        key: str,
        who: Person,
        own: Iterable[str],
        outcome: Outcome,
    ) -> None:
        """Somebody else's ticket: what was told there of the person's tickets, and words."""
        ticket = self._session.ticket(transaction, key)
        unseen = {entry.id for entry in late(ticket.log)}
        told = frozenset(own)

        def change(entry: Entry) -> Entry:
            whole = entry.of in told or entry.id in unseen
            return redacted(entry, who) if whole else masked(entry, who)

        log, lost = _without(ticket.log, change)
        if lost:
            outcome.tickets.append(Lost(key, len(lost)))
            draft = Draft(ACTION, body=self._asked.reason, extra={"redacts": lost})
            self._commit(transaction, ticket.with_log(log), draft)

    def _article(self, transaction: Transaction, slug: str, who: Person, outcome: Outcome) -> None:
        article = self._session.article(transaction, slug)
        log, lost = _without(article.log, lambda entry: masked(entry, who))
        steps = steps_from(without([step_document(each) for each in article.steps], who))
        after = replace(article, body=barred(article.body, who), steps=steps)
        text = after.digest if after.digest != article.digest else ""
        if lost or text:
            outcome.articles.append(Lost(slug, len(lost)))
            extra: dict[str, Any] = {"redacts": lost} if lost else {}
            draft = Draft(ACTION, body=self._asked.reason, text=text, extra=extra)
            self._commit(transaction, after.with_log(log), draft)

    def _commit(self, transaction: Transaction, record: Record, draft: Draft) -> None:
        """Upon a file written anew, so that no comment of the old one stays."""
        self._session.record(transaction, record, draft, base={record.path: codec.write(record)})

    def _files(self, transaction: Transaction, key: str) -> list[str]:
        return [path for path, _, _ in audit.listing(transaction.place, folder_of(key))]

    def _look(self, transaction: Transaction, found: Requester, outcome: Outcome) -> None:
        """What a person has to look at: what still names them when all is done."""
        desk, also = self._session.desk, self._asked.also
        outcome.look_at += people.mentions(desk, found, also, transaction.read)
        own = list(found.tickets)
        for slug in desk.cache.ask(lambda db: drafted_from(db, own)):
            outcome.look_at.append(Mention(f"kb/{slug}.yaml", "a text drafted from their tickets"))
        outcome.look_at = list(dict.fromkeys(outcome.look_at))

    def _pseudonym(self, key: str) -> str:
        if key not in self._pseudonyms:
            drawn = ids.draw(6, self._session.entropy).lower()
            self._pseudonyms[key] = f"anonymous-{drawn}"
        return self._pseudonyms[key]

    def _require_no_word(self, words: Iterable[str]) -> None:
        if names(self._asked.reason, Person("", frozenset(), tuple(words))):
            raise Refused("the reason names the person, and would stay", "give another one")


def _without(
    log: Iterable[Entry], change: Callable[[Entry], Entry]
) -> tuple[list[Entry], list[str]]:
    """A log with changed entries, and the ids of those that lost something."""
    pairs = [(entry, change(entry)) for entry in log]
    return [after for _, after in pairs], [old.id for old, after in pairs if old != after]


def _merged_into(transaction: Transaction, ticket: Ticket) -> list[str]:
    """The tickets that one was merged into, one after the other."""
    found: list[str] = []
    into = ticket.text("merged_into")
    while ids.ID_PATTERN.fullmatch(into) and into not in (ticket.id, *found):
        target = transaction.ticket(into)
        if target is None:
            break
        found.append(into)
        into = target.text("merged_into")
    return found


def _deepest_last(own: Mapping[str, Ticket]) -> Iterator[str]:
    """Ids in an order in which a ticket comes before those that were merged into it.

    So no commit takes a file away that another ticket still names.
    """

    def depth(key: str) -> int:
        seen: set[str] = set()
        while key in own and key not in seen:
            seen.add(key)
            key = own[key].text("merged_into")
        return len(seen)

    yield from sorted(own, key=depth)
