"""Tickets out: JSON lines with the whole log, YAML documents, or flat rows for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hdcli.model import fields
from hdcli.model.query import Query
from hdcli.model.schema import document
from hdcli.model.ticket import Ticket
from hdcli.store import codec, listing, sweep
from hdcli.store.condition import where
from hdcli.store.desk import Desk


def matching(desk: Desk, query: Query, now: str, me: str) -> Iterator[Ticket]:
    """The tickets that match, the oldest first; ``cache.problems`` has those that can't be read.

    ``now`` is UTC, ``me`` the handle that ``mine`` means, or empty.
    """
    condition = where(query, now, me)
    wanted = desk.cache.ask(lambda db: listing.ids_of(db, condition, "created"))
    return sweep.tickets(desk, wanted)


def documents(tickets: Iterator[Ticket]) -> Iterator[dict[str, Any]]:
    """Each ticket as docs/json.md has it, with its log."""
    return map(document, tickets)


def yaml_documents(tickets: Iterator[Ticket]) -> Iterator[str]:
    """Each ticket as its file, behind a line that parts YAML documents."""
    for ticket in tickets:
        yield "---\n" + codec.write(ticket).decode("utf-8", "replace")


def columns(custom: tuple[str, ...]) -> list[str]:
    """The header of the flat form: the fields, the desk's own, the first words."""
    return ["id", *fields.ORDER, *custom, "body"]


def flat(ticket: Ticket, names: list[str]) -> list[str]:
    """A ticket as cells; lists by spaces, in cc by commas, links by line breaks."""
    return [_cell(ticket, name) for name in names]


def _cell(ticket: Ticket, name: str) -> str:
    if name == "id":
        return ticket.id
    if name == "body":
        return ticket.description
    if name in fields.SETS:
        return {"tags": " ", "cc": ", "}.get(name, "\n").join(ticket.items(name))
    return ticket.text(name)
