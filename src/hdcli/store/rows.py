"""A ticket as rows of the cache: what listing, filtering, sorting and completing need."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from hdcli.errors import BadData
from hdcli.model import fields, ids
from hdcli.model.deed import Deed, deeds
from hdcli.model.heard import heard
from hdcli.model.mailed import Arrived, messages
from hdcli.model.record import hand_edit
from hdcli.model.schema import document
from hdcli.model.ticket import Ticket
from hdcli.model.verdict import Verdict, verdicts
from hdcli.store import codec
from hdcli.store.tables import NEVER, Problem, file_name
from hdcli.store.texts import text_of, written_of

_COLUMNS = ("category", "team", "assignee", "requester", "channel")


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of one ticket file: a ticket's, or the problem that it is."""

    path: str
    ticket: tuple[object, ...] | None = None
    tags: tuple[str, ...] = ()
    watchers: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    deeds: tuple[Deed, ...] = ()
    messages: tuple[Arrived, ...] = ()
    text: str = ""
    written: str = ""
    problem: Problem | None = None

    @property
    def id(self) -> str:
        """The ticket whose place the file is in; empty when it is in no ticket's place."""
        return ids.id_of_path(self.path) or ""


def of_ticket(ticket: Ticket, priorities: Sequence[str]) -> Rows:
    """The rows of a ticket. ``priorities`` are the desk's, the lowest first."""
    names = [ticket.id, *ticket.items("aliases"), ticket.text("requester"), *ticket.items("cc")]
    names += [file_name(path) for path in ticket.items("attachments")]
    bodies = [entry.body for entry in ticket.log if entry.body]
    return Rows(
        ticket.path,
        _row(ticket, priorities),
        ticket.items("tags"),
        ticket.items("watchers"),
        tuple((link.partition(" ")[0], link.partition(" ")[2]) for link in ticket.items("links")),
        ticket.items("attachments"),
        ticket.items("aliases"),
        tuple(verdicts(ticket)),
        tuple(deeds(ticket)),
        tuple(messages(ticket)),
        text_of(ticket.title, bodies, ticket.items("tags"), names),
        written_of(bodies),
    )


def _row(ticket: Ticket, priorities: Sequence[str]) -> tuple[object, ...]:
    """The columns of the table of tickets, in its order."""
    data = document(ticket)
    del data["log"]
    priority = ticket.text("priority")
    return (
        ticket.id,
        ticket.id.rpartition("-")[2],
        ticket.title,
        ticket.status,
        int(ticket.status in fields.OPEN_STATUSES),
        ticket.level,
        priority,
        priorities.index(priority) if priority in priorities else -1,
        ticket.text("impact"),
        ticket.text("urgency"),
        *(ticket.text(name) for name in _COLUMNS),
        ticket.text("due") or NEVER,
        ticket.text("pending"),
        ticket.text("pending_until"),
        ticket.text("created"),
        ticket.text("updated"),
        ticket.text("resolved"),
        ticket.text("merged_into"),
        ticket.text("external_id"),
        ticket.text("procedure"),
        ticket.values.get("csat") or 0,
        heard(ticket),
        len(ticket.log),
        int(bool(hand_edit(ticket))),
        json.dumps(data, ensure_ascii=False, separators=(",", ":")),
    )


def of_file(path: str, mode: str, data: bytes | None, priorities: Sequence[str]) -> Rows:
    """The rows of a file below ``tickets/``; what can't be a ticket is a problem, never silent."""
    identifier = ids.id_of_path(path)
    if identifier is None:
        return _problem(path, "not a ticket's place (tickets/7k/HD-7K3QF.yaml)")
    if mode != "100644" and mode != "100755":
        kind = {"120000": "a symbolic link", "160000": "a submodule"}.get(mode, "not a plain file")
        return _problem(path, f"{kind}, not a ticket")
    if data is None:
        return _problem(path, "its object is missing from the repository")
    try:
        ticket = codec.read_ticket(data, path)
    except BadData as error:
        return Rows(path, problem=Problem(path, error.line, error.reason))
    if ticket.id != identifier:
        return _problem(path, f"the id in it is {ticket.id}")
    return of_ticket(ticket, priorities)


def _problem(path: str, message: str) -> Rows:
    return Rows(path, problem=Problem(path, 0, message))
