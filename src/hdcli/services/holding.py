"""All that a desk holds on a requester, to be given to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hdcli.errors import BadData, NotFound
from hdcli.model import ids
from hdcli.model.article import Article
from hdcli.model.barring import Person
from hdcli.model.entry import Entry
from hdcli.model.redaction import masked
from hdcli.model.schema import document, entry_document
from hdcli.model.ticket import Ticket
from hdcli.services import people
from hdcli.services.attachments import folder_of
from hdcli.services.people import Mention, Requester
from hdcli.store import audit
from hdcli.store.desk import Desk
from hdcli.store.mentions import drafted_from


@dataclass(frozen=True, slots=True)
class Holding:
    """What is held on ``who`` at ``at`` (UTC): their tickets, their files by path, the articles
    drafted from their tickets, entries of others' tickets that name them.

    ``look_at`` is what a person has to read: files that have the name, which others may have too.
    """

    who: Requester
    at: str
    tickets: tuple[Ticket, ...]
    files: tuple[str, ...]
    articles: tuple[Article, ...]
    elsewhere: tuple[tuple[str, Entry], ...]
    look_at: tuple[Mention, ...]

    def document(self) -> dict[str, Any]:
        """The same as a plain mapping, without the files' contents; see docs/json.md."""
        return {
            "format": 1,
            "requester": str(self.who),
            "at": self.at,
            "tickets": [document(each) for each in self.tickets],
            "files": list(self.files),
            "articles": [document(each) for each in self.articles],
            "elsewhere": [
                {"ticket": ticket, "entry": entry_document(entry)}
                for ticket, entry in self.elsewhere
            ],
        }


def held(desk: Desk, text: str, at: str) -> Holding:
    """What the desk holds on a requester: ``Name <mail>``, ``mail``, or a name that one has.

    Raises NotFound where that is nothing, Ambiguous, BadUsage, BadData.
    """
    who = people.requester(desk, text)
    tickets = tuple(desk.ticket(each) for each in who.tickets)
    listed = (audit.listing(desk.place, folder_of(each)) for each in who.tickets)
    slugs = desk.cache.ask(lambda db: drafted_from(db, who.tickets))
    elsewhere = tuple(_elsewhere(desk, who))
    found = people.mentions(desk, who, (), desk.file)
    known = {each.path for each in tickets} | {ids.ticket_path(ticket) for ticket, _ in elsewhere}
    look_at = tuple(each for each in found if each.path not in known)
    if not (tickets or elsewhere or look_at):
        raise NotFound(f"this desk holds nothing on {who}")
    return Holding(
        who,
        at,
        tickets,
        tuple(path for each in listed for path, _, _ in each),
        tuple(desk.article(each) for each in slugs),
        elsewhere,
        look_at,
    )


def contents(desk: Desk, holding: Holding) -> Iterator[tuple[str, bytes]]:
    """The files of a holding, each with what it holds, one after the other. Raises BadData."""
    for path in holding.files:
        data = desk.file(path)
        if data is None:
            raise BadData("it is missing from the repository", path, remedy="git fsck")
        yield path, data


def _elsewhere(desk: Desk, who: Requester) -> Iterator[tuple[str, Entry]]:
    """Entries of others' tickets that name a requester by address, or tell of their tickets."""
    words = (who.key,) if "@" in who.key else ()
    person = Person("anonymous-000000", frozenset([who.key]), words)
    for path in people.candidates(desk, [who.key, *who.tickets]):
        ticket_id = ids.id_of_path(path)
        if ticket_id is None or ticket_id in who.tickets:
            continue
        for entry in desk.ticket(ticket_id).log:
            if entry.of in who.tickets or masked(entry, person) != entry:
                yield ticket_id, entry
