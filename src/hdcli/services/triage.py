"""New tickets and where they belong: the queue, what tickets like them suggest, and the deed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hdcli.model import fields
from hdcli.model.ticket import Ticket
from hdcli.search.document import Kind
from hdcli.search.sorting import Guess, Voter, guesses
from hdcli.services import actions, placing
from hdcli.services.actions import Draft
from hdcli.services.session import Done, Session
from hdcli.store import listing, sortedas
from hdcli.store.condition import Where

if TYPE_CHECKING:
    from hdcli.model.settings import Settings
    from hdcli.search.alike import Alike
    from hdcli.search.index import Index
    from hdcli.services.hints import Hints
    from hdcli.services.indexing import Progress
    from hdcli.store.desk import Desk

FIELDS = ("category", "team", "impact", "urgency")
_TICKETS: tuple[Kind, ...] = ("ticket",)
_MOST_LIKE = 10
_LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class Advice:
    """What there is to say of a new ticket: values that tickets like it have, likely duplicates and
    what may help."""

    guesses: tuple[Guess, ...]
    hints: Hints

    @property
    def values(self) -> dict[str, str]:
        """The values suggested, by field."""
        return {each.field: each.value for each in self.guesses}

    def document(self) -> dict[str, Any]:
        """As JSON has it; see docs/json.md."""
        found = [
            {
                "field": each.field,
                "value": each.value,
                "confidence": round(each.confidence, 2),
                "like": list(each.like[:_MOST_LIKE]),
            }
            for each in self.guesses
        ]
        return {"guesses": found, **self.hints.document()}


def queue(desk: Desk, *, every: bool) -> list[str]:
    """The ids of the new tickets that are not sorted yet, the most urgent first; with ``every`` of
    all that are new. Sorted is what has a category, where the desk has categories."""
    unsorted = " AND category = ''" if desk.settings.categories and not every else ""
    asked = Where(f"status = 'new'{unsorted}", {})
    return desk.cache.ask(lambda db: listing.ids_of(db, asked))


def advice(desk: Desk, ticket: Ticket, progress: Progress | None = None) -> Advice:
    """What tickets like it suggest. Raises Busy."""
    from hdcli.search.alike import alike
    from hdcli.services import hints, indexing, suggest

    about = suggest.about_ticket(ticket)

    def asked(index: Index) -> list[Voter]:
        synonyms = desk.settings.synonyms
        like = alike(index, about.title, about.text, synonyms, _TICKETS, [about.ticket])
        return _voters(desk, like)

    voters = indexing.ask(desk, asked, progress)
    known = _known(desk.settings)
    found = (
        each
        for each in guesses(voters, FIELDS)
        if each.value in known[each.field] and each.value != ticket.text(each.field)
    )
    return Advice(tuple(found), hints.hints(desk, ticket, progress))


def _voters(desk: Desk, like: Alike) -> list[Voter]:
    near = like.nearest("ticket", _LOOKED_AT)
    keys = [each.key for each in near]
    values = desk.cache.ask(lambda db: sortedas.values(db, keys, FIELDS))
    return [Voter(e.key, e.closeness, values[e.key]) for e in near if e.key in values]


def _known(settings: Settings) -> Mapping[str, Sequence[str]]:
    """What a field may be on this desk now, whatever it was in the past."""
    return {
        "category": settings.categories,
        "team": tuple(settings.teams),
        "impact": settings.impacts,
        "urgency": settings.urgencies,
    }


def sort(session: Session, ticket_id: str, values: Mapping[str, str]) -> Done:
    """Sorts a ticket: values by field (lists grow), a team with its level. One entry, one commit.

    Raises NotOnDesk, Refused, BadUsage.
    """
    return session.act([ticket_id], lambda ticket: _draft(session.settings, ticket, values))[0]


def spam(session: Session, ticket_id: str) -> Done:
    """Closes what is no request, and tags it so. Raises Refused."""
    return session.act([ticket_id], lambda _: actions.spam())[0]


def _draft(settings: Settings, ticket: Ticket, values: Mapping[str, str]) -> Draft:
    from hdcli.services.values import field_name, value_for

    found = {
        field_name(settings, name): value_for(settings, field_name(settings, name), text)
        for name, text in values.items()
    }
    add = {name: found.pop(name) or [] for name in fields.SETS & found.keys()}
    change = dict(actions.with_priority(settings, ticket, found))
    if team := change.get("team"):
        change["level"] = settings.team(team).level
    if agent := change.get("assignee"):
        change = {**placing.with_agent(settings, ticket, agent), **change}
    return Draft("triage", change, add)
