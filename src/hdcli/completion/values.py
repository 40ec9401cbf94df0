"""What may stand where: ids with titles, agents, teams and the other names of this desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from hdcli.completion.line import Line
from hdcli.errors import BadUsage
from hdcli.model import fields, ids
from hdcli.model.workflow import ACTIONS
from hdcli.store.peek import Glimpse, Peek


class Candidate(NamedTuple):
    """A word that fits, and what it is. One that ends in ``:`` or ``=`` goes on."""

    value: str
    help: str = ""


Source = Callable[[Peek, Line], Iterable[Candidate]]


def tickets(desk: Peek, line: Line) -> list[Candidate]:
    """Ids of tickets that the command can take, written the way the word begins."""
    head, comma, word = line.word.rpartition(",")
    named = {_key(each) for each in [*line.arguments, *head.split(",")]}
    rule = ACTIONS.get(line.path)
    found = _matching(desk, word, rule.allowed if rule else fields.STATUSES)
    return [
        Candidate(f"{head}{comma}{_as_typed(each.id, word)}", _described(each))
        for each in found
        if _key(each.id) not in named
    ]


def _matching(desk: Peek, word: str, statuses: tuple[str, ...]) -> list[Glimpse]:
    if not word.endswith("-"):
        first = desk.open_tickets()[:1] if "-" not in word else []
        if not any(each.id.startswith(word.upper()) for each in first):
            key = _key(word)
            return desk.tickets_from(key, statuses) if key else []
    if "new" in statuses:
        return desk.open_tickets() or desk.tickets_in(statuses)
    return desk.tickets_in(statuses)


def _key(reference: str) -> str:
    try:
        return ids.key(reference, "")
    except BadUsage:
        return ""


def _as_typed(ticket_id: str, word: str) -> str:
    whole = ticket_id if not word or ticket_id.startswith(word.upper()) else _key(ticket_id)
    return whole if not word or any(each.isupper() for each in word) else whole.lower()


def _described(ticket: Glimpse) -> str:
    ended = "" if ticket.status in fields.OPEN_STATUSES else f" ({ticket.status})"
    return ticket.title + ended
