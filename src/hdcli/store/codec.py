"""Tickets, articles and settings: bytes to model and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from hdcli.errors import BadData, Refused
from hdcli.model.record import Record
from hdcli.model.schema import document as document_of
from hdcli.model.schema import ticket_from
from hdcli.model.settings import Settings
from hdcli.model.settings_file import settings_from
from hdcli.model.ticket import Ticket
from hdcli.store import yamlpatch, yamlread, yamlwrite

if TYPE_CHECKING:
    from hdcli.model.article import Article

R = TypeVar("R", bound=Record)
# Bytes, and values too.
_SPARE = 10_000


def read(kind: type[R], data: bytes, where: str) -> R:
    """The record of some kind in a file. Raises BadData with file and line."""
    found = yamlread.check(data, where, _reader(kind))
    assert isinstance(found, kind)
    return found


def _reader(kind: type[Record]) -> Callable[[Any], Record]:
    if kind is Ticket:
        return ticket_from
    from hdcli.model.article import article_from

    return article_from


def read_article(data: bytes, where: str) -> Article:
    """The article in a file. Raises BadData with file and line."""
    from hdcli.model.article import Article

    return read(Article, data, where)


def read_ticket(data: bytes, where: str) -> Ticket:
    """The ticket in a file. Raises BadData with file and line."""
    return yamlread.check(data, where, ticket_from)


def read_settings(data: bytes, where: str = "desk.yaml") -> Settings:
    """The settings in a ``desk.yaml``. Raises BadData with file and line."""
    return yamlread.check(data, where, _settings_from)


def settings_at_work(data: bytes, where: str = "desk.yaml") -> Settings:
    """The same where some rules may be wrong: what they are is asked where they are applied, and
    nothing else waits until they are mended. Raises BadData with file and line."""
    return yamlread.check(data, where, settings_from)


def _settings_from(data: object) -> Settings:
    settings = settings_from(data)
    if settings.rules:
        from hdcli.model.settings_rules import rules_from

        rules_from(settings)
    return settings


def write(record: R, old: bytes | None = None, before: R | None = None) -> bytes:
    """The file of a record.

    A file that hd wrote is written anew; one that somebody formatted by hand (``old``) is patched,
    so that comments and order stay. ``before`` is the record in ``old``, where it is known.
    Raises BadData for an ``old`` that is none, Refused for what would be too much to be read again.
    """
    data = _written(record, old, before)
    _require_room(record, len(data))
    return data


def _written(record: R, old: bytes | None, before: R | None) -> bytes:
    fresh = yamlwrite.record_bytes(record)
    if old is None:
        return fresh
    if before is None:
        before = read(type(record), old, record.path)
    if yamlwrite.record_bytes(before) == old:
        return fresh
    try:
        patched = yamlpatch.patch(old, before, record)
        if read(type(record), patched, record.path) == record:
            return patched
    except BadData:
        pass
    # Better the truth without a comment than a comment beside something else.
    return fresh


def _require_room(record: Record, size: int) -> None:
    """What is full can still be moved, closed or archived: words alone find no room in the end."""
    spare = _SPARE if record.log and record.log[-1].body else 0
    full = size > yamlread.MAX_BYTES - spare
    if not full and size > yamlread.MAX_EVENTS - spare:  # fewer bytes can't be too many values
        full = yamlread.events_of(document_of(record)) + 4 > yamlread.MAX_EVENTS - spare
    if full:
        remedy = "go on in a new one, and link the two"
        raise Refused(f"{record.id} is full: no file is so large that hd can't read it", remedy)


def line_of(data: bytes, where: str, path: tuple[str | int, ...]) -> int:
    """The line of a value in a file that can be read. Raises BadData."""
    return yamlread.line_of(yamlread.compose(data, where), path)


def document(data: bytes, where: str) -> dict[str, Any]:
    """A file's plain values, not checked; empty where they are no mapping. Raises BadData."""
    found = yamlread.load(data, where)
    return found if isinstance(found, dict) else {}


def place_of_entry(data: bytes, where: str, entry_id: str) -> int:
    """Which item of a ticket file's log has this id, as the file orders them. Raises BadData."""
    log = document(data, where).get("log")
    items = log if isinstance(log, list) else []
    return next((n for n, each in enumerate(items) if each.get("id") == entry_id), 0)
