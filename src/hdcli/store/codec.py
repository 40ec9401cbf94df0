"""Ticket and settings files: bytes to model and back."""

from __future__ import annotations

from hdcli.errors import BadData
from hdcli.model.schema import ticket_from
from hdcli.model.settings import Settings
from hdcli.model.settings_file import settings_from
from hdcli.model.ticket import Ticket
from hdcli.store import yamlpatch, yamlread, yamlwrite


def read_ticket(data: bytes, where: str) -> Ticket:
    """The ticket in a file. Raises BadData with file and line."""
    return yamlread.check(data, where, ticket_from)


def read_settings(data: bytes, where: str = "desk.yaml") -> Settings:
    """The settings in a ``desk.yaml``. Raises BadData with file and line."""
    return yamlread.check(data, where, settings_from)


def write_ticket(ticket: Ticket, old: bytes | None = None, before: Ticket | None = None) -> bytes:
    """The file of a ticket.

    A file that hd wrote is written anew; one that somebody formatted by hand (``old``) is patched,
    so that comments and order stay. ``before`` is the ticket in ``old``, where it is known.
    Raises BadData for an ``old`` that is none.
    """
    fresh = yamlwrite.ticket_bytes(ticket)
    if old is None:
        return fresh
    if before is None:
        before = read_ticket(old, ticket.path)
    if yamlwrite.ticket_bytes(before) == old:
        return fresh
    try:
        patched = yamlpatch.ticket_patch(old, before, ticket)
        if read_ticket(patched, ticket.path) == ticket:
            return patched
    except BadData:
        pass
    # Better the truth without a comment than a comment beside something else.
    return fresh


def line_of(data: bytes, where: str, path: tuple[str | int, ...]) -> int:
    """The line of a value in a file that can be read. Raises BadData."""
    return yamlread.line_of(yamlread.compose(data, where), path)


def place_of_entry(data: bytes, where: str, entry_id: str) -> int:
    """Which item of a ticket file's log has this id, as the file orders them. Raises BadData."""
    document = yamlread.load(data, where)
    log = document.get("log") if isinstance(document, dict) else None
    items = log if isinstance(log, list) else []
    return next((n for n, each in enumerate(items) if each.get("id") == entry_id), 0)
