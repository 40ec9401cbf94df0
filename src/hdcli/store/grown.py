"""A file that is an earlier one with a longer log: what is there already is not read again.

A ticket of a thousand entries is a thousand versions of one file, each an entry longer. hd writes a
log at the end of its file, entry by entry, so in its own form the new version is values on top, the
old log byte by byte, and new entries. Whatever looks otherwise is read as a whole.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from hdcli.errors import BadData
from hdcli.model.record import Record
from hdcli.store import codec, yamlwrite

R = TypeVar("R", bound=Record)
_LOG = b"log:\n"
_MANY = 16


def log_text(record: Record, data: bytes) -> bytes:
    """The text of a long log in hd's own form, at the end of its file; empty for any other."""
    if len(record.log) < _MANY:
        return b""
    text = _LOG + b"".join(map(yamlwrite.entry_bytes, record.log))
    return text if data.endswith(b"\n" + text) else b""


def read(old: R, log: bytes, data: bytes) -> tuple[R, bytes] | None:
    """The record in a file whose log begins as that of ``old``, whose text is ``log``; and its own.

    None where that is not evident, or can't be read.
    """
    start = data.find(b"\n" + _LOG) + 1
    if not (log and start and data.startswith(log, start)):
        return None
    more = data[start + len(log) :]
    rest = data[:start] + (_LOG + more if more else b"log: []\n")
    try:
        found = codec.read(type(old), rest, old.path)
    except BadData:
        return None  # read as a whole it tells the line
    # In hd's own form the parts are what the whole says: what is written reads back the same.
    if yamlwrite.record_bytes(found) != rest or found.path != old.path:
        return None
    if found.log and found.log[0].order <= old.log[-1].order:
        return None
    known = {entry.id for entry in old.log}
    if any(entry.id in known for entry in found.log):
        return None
    return replace(found, log=(*old.log, *found.log)), data[start:]
