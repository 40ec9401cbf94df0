"""Ids of tickets with their titles, and the tags that go on and off them."""

from __future__ import annotations

from hdcli.completion.candidate import Candidate
from hdcli.completion.line import Line
from hdcli.errors import BadUsage
from hdcli.model import fields, ids
from hdcli.model.workflow import ACTIONS
from hdcli.store.peek import Glimpse, Peek


def tickets(desk: Peek, line: Line) -> list[Candidate]:
    """Ids of tickets that the command can take, written the way the word begins."""
    rule = ACTIONS.get(line.path)
    return tickets_in(desk, line, rule.allowed if rule else fields.STATUSES)


def tickets_in(desk: Peek, line: Line, statuses: tuple[str, ...]) -> list[Candidate]:
    """Those in some statuses alone."""
    head, comma, word = line.word.rpartition(",")
    named = {key(each) for each in [*line.arguments, *head.split(",")]}
    found = _matching(desk, word, statuses)
    return [
        Candidate(f"{head}{comma}{_as_typed(each.id, word)}", _described(each))
        for each in found
        if key(each.id) not in named
    ]


def _matching(desk: Peek, word: str, statuses: tuple[str, ...]) -> list[Glimpse]:
    if word and not word.endswith("-") and not _begins_prefix(desk, word):
        wanted = key(word)
        return desk.tickets_from(wanted, statuses) if wanted else []
    if "new" in statuses:
        return desk.open_tickets() or desk.tickets_in(statuses)
    return desk.tickets_in(statuses)


def _begins_prefix(desk: Peek, word: str) -> bool:
    prefix = desk.any_id().partition("-")[0]
    return prefix.startswith(word.upper())


def key(reference: str) -> str:
    """What counts of an id, or of its beginning; empty when it can't be one."""
    try:
        return ids.key(reference, "")
    except BadUsage:
        return ""


def _as_typed(ticket_id: str, word: str) -> str:
    if not word:
        return ticket_id
    whole = ticket_id if ticket_id.startswith(word.upper()) else key(ticket_id)
    return whole if any(each.isupper() for each in word) else whole.lower()


def _described(ticket: Glimpse) -> str:
    ended = "" if ticket.status in fields.OPEN_STATUSES else f" ({ticket.status})"
    return ticket.title + ended


def ids_and_tags(desk: Peek, line: Line) -> list[Candidate]:
    """``hd tag``: ids, then ``+TAG`` for any tag and ``-TAG`` for those the tickets have."""
    if not line.arguments or line.word[:1] not in ("", "+", "-"):
        return tickets(desk, line)
    named = (key(part) for each in line.arguments for part in each.split(","))
    present = desk.tags_of([each for each in named if each])
    more = [(tag, count) for tag, count in desk.tags(line.word[1:]) if tag not in present]
    return [Candidate(f"-{tag}", "take it off") for tag in present] + [
        Candidate(f"+{tag}", f"on {count:,}") for tag, count in more
    ]
